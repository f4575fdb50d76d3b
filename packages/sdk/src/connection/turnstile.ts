/** Begins one thing of many. Whoever begins calls `leave` once the next may come; calling it again does nothing. */
type Begin = (leave: () => void) => void;

/** Lets only so many in at a time, in the order in which they came. */
export class Turnstile {
  #free: number;
  readonly #waiting: Begin[] = [];

  constructor(most: number) {
    this.#free = most;
  }

  enter(begin: Begin): void {
    if (this.#free === 0) {
      this.#waiting.push(begin);
      return;
    }
    this.#free--;
    let inside = true;
    begin(() => {
      if (!inside) return;
      inside = false;
      this.#free++;
      const next = this.#waiting.shift();
      if (next !== undefined) this.enter(next);
    });
  }
}
