/** Work for the end of a client, as long as somebody holds it. */
export interface LastWork extends Disposable {
  /** Whether the client is being disposed, and it has begun. */
  readonly begun: boolean;
}

/** What a client still does when it is disposed: removes the containers that only calls under way know of. */
export class Disposal {
  readonly #work = new Set<() => Promise<unknown>>();

  /** Does this at the disposal, unless it is let go before. What it throws is dropped. */
  add(work: () => Promise<unknown>): LastWork {
    let begun = false;
    const task = (): Promise<unknown> => {
      begun = true;
      return work();
    };
    this.#work.add(task);
    return {
      get begun() {
        return begun;
      },
      [Symbol.dispose]: () => void this.#work.delete(task),
    };
  }

  /** Begins all of it at once. @returns whether there was any */
  async run(): Promise<boolean> {
    const work = [...this.#work];
    await Promise.allSettled(work.map((task) => task()));
    return work.length > 0;
  }
}
