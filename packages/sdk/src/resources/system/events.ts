import { EngineGoneError } from "../../errors.ts";
import type { EventMessage } from "../../generated/models.ts";
import { JsonLines } from "../../streams/json-lines.ts";
import { confirmedSource, lazySource } from "../../streams/lazy-source.ts";
import type { Caller } from "../../transport/call.ts";
import { toFilters, type FilterOptions } from "../../values/filters.ts";
import { toEngineTime, type Time } from "../../values/time.ts";
import { confirmEnd } from "../confirm-end.ts";
import { ping } from "./ping.ts";

/** Which events are told. */
export interface EventsOptions {
  /** Begins with past events, of which the engine remembers a few hundred. */
  readonly since?: Time | undefined;
  /** Ends at this time; without it the stream does not end. */
  readonly until?: Time | undefined;
  /** e.g. `{ type: "container", event: ["start", "die"], label: "a=b" }`. */
  readonly filters?: FilterOptions<"SystemEvents"> | undefined;
  /** Aborts the stream; its `reason` is thrown unchanged. */
  readonly signal?: AbortSignal | undefined;
}

/** The events of an engine; asked for at the first read. */
export function events(caller: Caller, options: EventsOptions): JsonLines<EventMessage> {
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
