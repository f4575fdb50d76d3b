import type { BuildStep, LogEvent, StepEvent } from "../../progress/event.ts";

// UTF-16 units of a step's output that an error carries.
const longestLog = 64 * 1024;

/** The step that a build without BuildKit is at: it runs one after the other, and says so in text. */
export class CurrentStep {
  #step: BuildStep | undefined;
  #isRunning = false;
  #isCached = false;
  #log = "";

  /** Undefined before the first one. The last one stays, though it has ended. */
  get step(): BuildStep | undefined {
    return this.#step;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** The end of what the step has written. */
  get log(): string {
    return this.#log;
  }

  *begin(step: BuildStep): Generator<StepEvent, void, void> {
    this.#step = step;
    this.#isRunning = true;
    this.#isCached = false;
    this.#log = "";
    yield { type: "step", state: "started", step, image: undefined };
  }

  /** Its result is taken from the cache. */
  takeFromCache(): void {
    this.#isCached = true;
  }

  write(stream: LogEvent["stream"], text: string): LogEvent {
    this.#log = (this.#log + text).slice(-longestLog);
    return { type: "log", step: this.#step, stream, text };
  }

  /** Says nothing if it has ended already. */
  *end(
    image?: string,
    state: StepEvent["state"] = this.#isCached ? "cached" : "completed",
  ): Generator<StepEvent, void, void> {
    if (this.#step === undefined || !this.#isRunning) return;
    this.#isRunning = false;
    yield { type: "step", state, step: this.#step, image };
  }
}
