import { EngineGoneError } from "../../errors.ts";
import type { EventMessage } from "../../generated/models.ts";
import { JsonLines } from "../../streams/json-lines.ts";
import { confirmedSource, lazySource } from "../../streams/lazy-source.ts";
import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { filterOptions, toFilters, type FilterOptions } from "../../values/filters.ts";
import { optionsOf } from "../../values/options.ts";
import { toEngineTime, type Time } from "../../values/time.ts";
import { confirmEnd } from "../confirm-end.ts";
import { ping } from "./ping.ts";

/** Which events, whatever becomes of the engine. */
export interface EventSelection extends CallOptions {
  /** Begins with past events, of which the engine remembers a few hundred. Default: from now on. */
  readonly since?: Time | undefined;
  /** Ends at this time. Default: the stream does not end. */
  readonly until?: Time | undefined;
  /** Only what matches, e.g. `{ type: "container", event: ["start", "die"], label: "a=b" }`. Default: all. */
  readonly filters?: FilterOptions<"SystemEvents"> | undefined;
}

/** Which events are told. */
export interface EventsOptions extends EventSelection {
  /** Ends with an error when the engine does, which is the default. See {@link ReconnectingEventsOptions}. */
  readonly reconnect?: false | undefined;
}

/** Which events are told, across restarts of the engine. */
export interface ReconnectingEventsOptions extends EventSelection {
  /** Resumes where the stream was cut, without doubles, and tells of an `EventGap` first. */
  readonly reconnect: true;
}

/** Takes {@link EventsOptions} and {@link ReconnectingEventsOptions}. */
export const eventsOptions: Check = optionsOf<EventsOptions | ReconnectingEventsOptions>(
  '{ filters: { type: "container" } }',
  { since: "time", until: "time", filters: filterOptions, reconnect: "boolean" },
);

/** The events of an engine; asked for at the first read. */
export function events(caller: Caller, options: EventSelection): JsonLines<EventMessage> {
  const source = lazySource(async (signal) => {
    const { filters } = options;
    const query = {
      since: toEngineTime("since", options.since),
      until: toEngineTime("until", options.until),
      filters: filters && toFilters(filters),
    };
    const { body } = await caller.send("SystemEvents", { query, signal });
    return options.until === undefined
      ? confirmedSource(body, () => Promise.reject(stopped(caller)))
      : confirmEnd(caller, body, () => ping(caller, signal));
  }, options.signal);
  return new JsonLines(source, "SystemEvents");
}

// An engine that is stopped properly ends the answer as if all events had been told.
function stopped(caller: Caller): EngineGoneError {
  return new EngineGoneError(
    `The Docker Engine at ${caller.host} ended the stream of events: it was stopped.`,
    {
      host: caller.host,
      operation: "SystemEvents",
    },
  );
}
