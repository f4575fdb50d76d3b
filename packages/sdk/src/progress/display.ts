import type { BuildEvent } from "./event.ts";

/** What events are shown on. */
export interface Display {
  show(event: BuildEvent): Promise<void>;
  /** Shows what is left. */
  end(): Promise<void>;
}

/** Goes over to another display with the first step of BuildKit's: those run at a time, and each has parts. */
export class SwitchingDisplay implements Display {
  #display: Display;
  readonly #forSteps: () => Display;
  #switched = false;

  constructor(first: Display, forSteps: () => Display) {
    this.#display = first;
    this.#forSteps = forSteps;
  }

  async show(event: BuildEvent): Promise<void> {
    if (!this.#switched && "step" in event && event.step?.id.startsWith("sha256:") === true) {
      this.#switched = true;
      await this.#display.end();
      this.#display = this.#forSteps();
    }
    await this.#display.show(event);
  }

  end(): Promise<void> {
    return this.#display.end();
  }
}
