import { EventBatch, type Work } from "./work.ts";

/** The events of some work, one by one. Leaving the loop aborts the work, and its abort ends the loop. */
export class EventIterator<Event, Result> implements AsyncIterator<Event, Result, void> {
  readonly #work: Work<Event, Result>;
  readonly #controller: AbortController;
  readonly #onLeft: (reason: unknown) => void;
  #batch: readonly Event[] = [];
  /** How many of the batch were handed out. */
  #taken = 0;
  /** Calls of `next` that had to wait and have not settled; the newest of them is `#last`. */
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();
  #left = false;

  /**
   * @param controller aborts the work, and is listened to.
   * @param onLeft is told why the work ends before its end, also where it has not begun.
   */
  constructor(work: Work<Event, Result>, controller: AbortController, onLeft: (reason: unknown) => void) {
    this.#work = work;
    this.#controller = controller;
    this.#onLeft = onLeft;
    const onAbort = (): void => {
      // Between two events nobody drives the work, so nobody else would make it clean up.
      if (this.#waiting === 0) void this.#leave();
    };
    controller.signal.addEventListener("abort", onAbort, { once: true });
  }

  next(): Promise<IteratorResult<Event, Result>> {
    if (this.#waiting === 0 && !this.#left && this.#taken < this.#batch.length) {
      return Promise.resolve({ done: false, value: this.#take() });
    }
    // One may be asked for before the last has come; each gets its own, in order.
    const next = this.#waiting++ === 0 ? this.#pull() : this.#last.then(() => this.#pull());
    this.#last = next.catch(() => undefined);
    return next;
  }

  async return(): Promise<IteratorResult<Event, Result>> {
    this.#controller.abort(new DOMException("The operation was left before it ended.", "AbortError"));
    await this.#leave();
    return { done: true, value: undefined as Result }; // the loop that left ignores the value
  }

  async #pull(): Promise<IteratorResult<Event, Result>> {
    try {
      for (;;) {
        if (this.#left) throw this.#controller.signal.reason;
        if (this.#taken < this.#batch.length) return { done: false, value: this.#take() };
        const { done, value } = await this.#work.next();
        if (done === true) return { done, value };
        if (!(value instanceof EventBatch)) return { done: false, value };
        this.#batch = value.events;
        this.#taken = 0;
      }
    } finally {
      this.#waiting--;
    }
  }

  /** The next of the batch, which the caller has seen to have one. */
  #take(): Event {
    return this.#batch[this.#taken++] as Event;
  }

  async #leave(): Promise<void> {
    this.#left = true;
    // A generator that never began has no `finally` to run, so the outcome is settled here as well.
    this.#onLeft(this.#controller.signal.reason);
    // What fails while cleaning up must not be thrown by a `break`; whoever awaits gets the reason.
    await this.#work.return(undefined as Result).catch(() => undefined);
  }
}
