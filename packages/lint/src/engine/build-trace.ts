/** Keeps what the events of a build tell: its steps with their times and output. */
import type { BuildEvent, BuildStep } from "./port.ts";

/** One step of a build, as its events told it. */
export interface TracedStep extends BuildStep {
  readonly state: "running" | "completed" | "cached" | "failed" | "canceled";
  /** Milliseconds since the build began. */
  readonly started: number;
  /** Milliseconds since the build began; undefined where it did not end. */
  readonly ended: number | undefined;
  /** What it wrote last, up to 64 KiB. */
  readonly log: string;
  /** The image that it ended in, told by the classic builder. */
  readonly image: string | undefined;
}

/** What a build gave. */
export interface BuildTrace {
  readonly steps: readonly TracedStep[];
  readonly warnings: readonly string[];
  /** Milliseconds. */
  readonly duration: number;
}

/** The most output of a step that is kept, in characters. */
const LONGEST_LOG = 64 * 1024;

type Recorded = { -readonly [Key in keyof TracedStep]: TracedStep[Key] };

/** Takes events as they come; what they do not tell is when, so the times are those of their arrival. */
export class TraceRecorder {
  readonly #begun = performance.now();
  readonly #steps = new Map<string, Recorded>();
  readonly #warnings: string[] = [];

  /** Takes the next event. */
  add(event: BuildEvent): void {
    if (event.type === "warning") this.#warnings.push(event.message);
    if (event.type === "log" && event.step !== undefined) {
      const step = this.#step(event.step);
      step.log = `${step.log}${event.text}`.slice(-LONGEST_LOG);
    }
    if (event.type !== "step") return;
    const step = this.#step(event.step);
    if (event.state === "started") return;
    Object.assign(step, event.step, { state: event.state, ended: this.#now() });
    step.image = event.image ?? step.image;
  }

  /** What there is when the build is over. */
  end(): BuildTrace {
    return { steps: [...this.#steps.values()], warnings: this.#warnings, duration: this.#now() };
  }

  #step(step: BuildStep): Recorded {
    let known = this.#steps.get(step.id);
    if (known === undefined) {
      known = {
        ...step,
        state: "running",
        started: this.#now(),
        ended: undefined,
        log: "",
        image: undefined,
      };
      this.#steps.set(step.id, known);
    }
    return known;
  }

  #now(): number {
    return performance.now() - this.#begun;
  }
}
