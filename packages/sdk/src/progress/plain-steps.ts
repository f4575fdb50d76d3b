import type { Display } from "./display.ts";
import type { BuildEvent } from "./event.ts";
import { LogLines } from "./log-lines.ts";
import { progressLabel } from "./progress-bar.ts";
import { writeAll, type ProgressOutput } from "./progress-output.ts";
import { noColours, ProgressText } from "./progress-text.ts";
import { printable } from "../screen-text.ts";
import { duration, partText, StepList, tellPart } from "./step-list.ts";

/** Numbered lines, as `docker build --progress plain` has them: steps that run at a time are told apart. */
export class PlainSteps implements Display {
  readonly #output: ProgressOutput;
  readonly #steps = new StepList();
  readonly #logs = new LogLines();
  readonly #text = new ProgressText(noColours);

  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  async show(event: BuildEvent): Promise<void> {
    const lines = this.#lines(event);
    if (lines.length > 0) await writeAll(this.#output, lines.map((line) => `${line}\n`).join(""));
  }

  async end(): Promise<void> {
    const lines = this.#logs.end().map((line) => `  ${printable(line)}\n`);
    if (lines.length > 0) await writeAll(this.#output, lines.join(""));
  }

  #lines(event: BuildEvent): readonly string[] {
    if (!("step" in event) || event.step === undefined) {
      return event.type === "progress" ? [progressLabel(event)] : this.#text.lines(event);
    }
    const step = this.#steps.of(event.step);
    const number = `#${step.order}`;
    if (event.type === "log") {
      const time = duration(step).slice(0, -1);
      return this.#logs.push(event).map((line) => `${number} ${time} ${printable(line)}`);
    }
    if (event.type === "progress") {
      // What comes to its end is said once.
      const isKnown = step.parts.get(event.id)?.endedAt !== undefined;
      const part = tellPart(step, event);
      return part.endedAt === undefined || isKnown
        ? []
        : [`${number} ${partText(part)} ${duration(part)} done`];
    }
    if (event.state === "started") return [`${number} ${step.label}`];
    step.endedAt = performance.now();
    const rest = this.#logs.end(event.step.id).map((line) => `${number} ${printable(line)}`);
    return [
      ...rest,
      `${number} ${endings[event.state]} ${event.state === "completed" ? duration(step) : ""}`.trim(),
    ];
  }
}

const endings = { completed: "DONE", cached: "CACHED", failed: "ERROR", canceled: "CANCELED" } as const;
