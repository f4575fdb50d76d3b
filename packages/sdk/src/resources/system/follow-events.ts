import { setTimeout as sleep } from "node:timers/promises";
import { ConnectionError } from "../../errors.ts";
import type { EventMessage } from "../../generated/models.ts";
import type { Caller } from "../../transport/call.ts";
import type { Time } from "../../values/time.ts";
import { events, type EventSelection } from "./events.ts";
import { engineSeconds, ping } from "./ping.ts";

/**
 * The engine was away. What follows is everything it remembers since; what happened while nobody recorded it,
 * e.g. before the engine was up again, is lost.
 */
export interface EventGap {
  /** Tells it apart from the engine's own events. */
  readonly Type: "gap";
  /** There is one only. */
  readonly Action: "reconnected";
  /** From when on events are told again: shortly before the last one seen, else the beginning. */
  readonly since: Time | undefined;
}

// An engine takes seconds to come back; asking ten times a second costs it nothing.
const pause = 100;

/**
 * Events across restarts of the engine: resumed shortly before the last one seen, without what is told twice.
 * @throws ConnectionError when the engine cannot be reached at the beginning
 */
export async function* followEvents(
  caller: Caller,
  options: EventSelection,
): AsyncGenerator<EventMessage | EventGap, void, void> {
  const seen = new RecentEvents();
  // What happens before the first event is seen is not lost either.
  const now = await engineSeconds(caller, options.signal);
  let since = options.since;
  for (;;) {
    try {
      for await (const event of events(caller, { ...options, since })) {
        if (seen.add(event)) yield event;
      }
      return;
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
    }
    await engineBack(caller, options.signal);
    since = seen.since ?? options.since ?? now;
    yield { Type: "gap", Action: "reconnected", since };
  }
}

async function engineBack(caller: Caller, signal: AbortSignal | undefined): Promise<void> {
  for (;;) {
    try {
      await ping(caller, signal);
      return;
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      await sleep(pause, undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  }
}

/**
 * Knows the events of the last second. Resuming goes back that far, since the nanoseconds of an event do not fit
 * a number of JavaScript.
 */
class RecentEvents {
  readonly #keys = new Map<string, number>();
  #latest: number | undefined;

  /** Where to resume, in seconds since 1970. */
  get since(): number | undefined {
    return this.#latest === undefined ? undefined : this.#latest - 1;
  }

  /** False when it was added before. */
  add(event: EventMessage): boolean {
    const key = JSON.stringify(event);
    if (this.#keys.has(key)) return false;
    this.#keys.set(key, event.time);
    this.#latest = Math.max(this.#latest ?? 0, event.time);
    for (const [old, time] of this.#keys) {
      if (time >= this.#latest - 1) break;
      this.#keys.delete(old);
    }
    return true;
  }
}
