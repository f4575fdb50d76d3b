import type { StreamIterator } from "./stream-iterator.ts";

/**
 * An async iterator over values that arrive in batches: only an empty batch costs a real wait. Leaving the loop,
 * an error and the end all close the source, once. Values that came before an error are handed out before it.
 */
export class BatchIterator<T> implements StreamIterator<T> {
  readonly #fill: (batch: T[]) => Promise<boolean>;
  readonly #close: () => void;
  #batch: T[] = [];
  #next = 0;
  #state: "open" | "ending" | "over" = "open";
  #error: { readonly thrown: unknown } | undefined;
  /** Calls of `next` that had to wait and have not settled; the newest of them is `#last`. */
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param fill adds the next values to the batch, possibly none; `false` when these were the last ones.
   * @param close called once when the iteration is over, however it ended.
   */
  constructor(fill: (batch: T[]) => Promise<boolean>, close: () => void) {
    this.#fill = fill;
    this.#close = close;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#waiting === 0 && this.#next < this.#batch.length) {
      // The bound was just checked.
      return Promise.resolve({ done: false, value: this.#batch[this.#next++] as T });
    }
    // A `next` may come before the last one has settled; each gets its own value, in order.
    const turn = this.#waiting === 0 ? this.#advance() : this.#last.then(() => this.#advance());
    this.#waiting++;
    this.#last = turn.then(ignore, ignore);
    return turn;
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#finish();
    return Promise.resolve({ done: true, value: undefined });
  }

  async #advance(): Promise<IteratorResult<T, undefined>> {
    while (this.#next === this.#batch.length && this.#state === "open") await this.#refill();
    this.#waiting--;
    if (this.#next < this.#batch.length) return { done: false, value: this.#batch[this.#next++] as T }; // as above
    const error = this.#error;
    this.#error = undefined;
    this.#finish();
    if (error !== undefined) throw error.thrown;
    return { done: true, value: undefined };
  }

  async #refill(): Promise<void> {
    const batch: T[] = [];
    let ending = true;
    try {
      ending = !(await this.#fill(batch));
    } catch (thrown) {
      this.#error = { thrown };
    }
    if (this.#left) {
      this.#error = undefined;
      return;
    }
    this.#batch = batch;
    this.#next = 0;
    if (ending) this.#state = "ending";
  }

  get #left(): boolean {
    return this.#state === "over";
  }

  #finish(): void {
    this.#batch = [];
    this.#next = 0;
    if (this.#state === "over") return;
    this.#state = "over";
    this.#close();
  }
}

function ignore(): void {
  // Told to whoever called `next`.
}
