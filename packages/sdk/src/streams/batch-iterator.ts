/**
 * An async iterator over values that arrive in batches: only an empty batch costs a real wait. Leaving the loop,
 * an error and the end all close the source, once.
 */
export class BatchIterator<T> implements AsyncIterableIterator<T, undefined, void> {
  readonly #fill: () => Promise<readonly T[] | undefined>;
  readonly #close: () => void;
  #batch: readonly T[] = [];
  #next = 0;
  #done = false;

  /**
   * @param fill the next batch, possibly empty; `undefined` at the end.
   * @param close called once when the iteration is over, however it ended.
   */
  constructor(fill: () => Promise<readonly T[] | undefined>, close: () => void) {
    this.#fill = fill;
    this.#close = close;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#next < this.#batch.length) {
      // The bound was just checked.
      return Promise.resolve({ done: false, value: this.#batch[this.#next++] as T });
    }
    return this.#refill();
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#finish();
    return Promise.resolve({ done: true, value: undefined });
  }

  async #refill(): Promise<IteratorResult<T, undefined>> {
    try {
      while (!this.#done) {
        const batch = await this.#fill();
        if (batch === undefined) break;
        if (batch.length > 0) {
          this.#batch = batch;
          this.#next = 1;
          return { done: false, value: batch[0] as T }; // not empty
        }
      }
    } catch (error) {
      this.#finish();
      throw error;
    }
    this.#finish();
    return { done: true, value: undefined };
  }

  #finish(): void {
    this.#batch = [];
    this.#next = 0;
    if (this.#done) return;
    this.#done = true;
    this.#close();
  }
}
