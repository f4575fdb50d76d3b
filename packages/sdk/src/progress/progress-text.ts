import type { BuildEvent, ProgressEvent, StepEvent } from "./event.ts";
import { LogLines } from "./log-lines.ts";
import { printable } from "../screen-text.ts";

/** Puts a text in a colour, or leaves it as it is. */
export type Paint = (text: string, colour: "bold" | "red" | "yellow" | "green") => string;

const codes = { bold: 1, red: 31, green: 32, yellow: 33 } as const;

export const noColours: Paint = (text) => text;
export const ansiColours: Paint = (text, colour) => `\u001B[${codes[colour]}m${text}\u001B[0m`;

/** Turns events into the lines that stay: all but the progress of single parts. */
export class ProgressText {
  readonly #paint: Paint;
  readonly #logs = new LogLines();

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  lines(event: Exclude<BuildEvent, ProgressEvent>): readonly string[] {
    switch (event.type) {
      case "status":
        return event.message.split("\n").map(printable);
      case "warning":
        return [this.#paint(`warning: ${printable(event.message)}`, "yellow")];
      case "log":
        return this.#logs.push(event).map(logLine);
      case "step":
        return [...this.#logs.end(event.step.id).map(logLine), ...this.#step(event)];
      default:
        return []; // an image's id is said by the builder, too
    }
  }

  /** Lines that were begun and not ended. */
  end(): readonly string[] {
    return this.#logs.end().map(logLine);
  }

  #step({ state, step }: StepEvent): readonly string[] {
    const number = step.number === undefined ? "" : `[${step.number}/${step.total ?? "?"}] `;
    const name = printable(step.name.split("\n", 1)[0] ?? "");
    switch (state) {
      case "started":
        return [this.#paint(`${number}${name}`, "bold")];
      case "cached":
        return [`${number}${this.#paint("cached", "green")}`];
      case "failed":
        return [`${number}${this.#paint("failed", "red")}: ${name}`];
      default:
        return []; // completed: the next step says so
    }
  }
}

function logLine(line: string): string {
  return `  ${printable(line)}`;
}
