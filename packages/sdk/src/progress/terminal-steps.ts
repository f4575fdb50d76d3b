import type { Display } from "./display.ts";
import type { BuildEvent, StepEvent } from "./event.ts";
import { LogLines } from "./log-lines.ts";
import { isDone, progressRow } from "./progress-bar.ts";
import { writeAll, type ProgressOutput } from "./progress-output.ts";
import { ProgressText, type Paint } from "./progress-text.ts";
import { fit, printable, widthOf } from "./screen-text.ts";
import { duration, StepList, type ShownStep } from "./step-list.ts";

// Milliseconds between two drawings.
const interval = 100;
const shownLines = 4;
const shownParts = 4;

/** Ended steps stay as lines; below them those that run are drawn over and over, with their time and last output. */
export class TerminalSteps implements Display {
  readonly #output: ProgressOutput;
  readonly #paint: Paint;
  readonly #text: ProgressText;
  readonly #steps = new StepList();
  readonly #logs = new LogLines();
  #drawnRows = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(output: ProgressOutput, paint: Paint) {
    this.#output = output;
    this.#paint = paint;
    this.#text = new ProgressText(paint);
  }

  async show(event: BuildEvent): Promise<void> {
    this.#timer ??= setInterval(() => void this.#draw([]), interval).unref();
    if (!("step" in event) || event.step === undefined) {
      const lines = event.type === "progress" ? [] : this.#text.lines(event);
      if (lines.length > 0) await this.#draw(lines.map((line) => fit(line, this.#columns)));
      return;
    }
    const step = this.#steps.of(event.step);
    if (event.type === "progress") {
      step.parts.set(event.id, event);
    } else if (event.type === "log") {
      step.lines = [...step.lines, ...this.#logs.push(event).map(printable)].slice(-shownLines);
    } else if (event.state === "started") {
      await this.#draw([]);
    } else {
      step.state = event.state;
      step.endedAt = performance.now();
      await this.#draw(this.#ending(step));
    }
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    const left = this.#steps.all.filter(isRunning).map((step) => this.#row(step));
    for (const step of this.#steps.all) step.endedAt ??= performance.now();
    await this.#draw(left);
  }

  /** The lines that stay of a step; of one that failed also what it printed last. */
  #ending(step: ShownStep): readonly string[] {
    const output = step.state === "failed" ? this.#tail(step) : [];
    return [this.#row(step), ...output];
  }

  #row(step: ShownStep): string {
    const time = step.state === "cached" ? "" : duration(step);
    const mark = marks[step.state];
    const text = ` => ${mark === "" ? "" : `${mark} `}${step.label}`;
    const room = this.#columns - time.length - 1;
    const label = fit(text, Math.max(1, room));
    const line = `${label}${" ".repeat(Math.max(1, room - widthOf(label) + 1))}${time}`;
    return this.#colour(fit(line, this.#columns).trimEnd(), step.state);
  }

  #colour(line: string, state: StepEvent["state"]): string {
    if (state === "failed") return this.#paint(line, "red");
    if (state === "cached" || state === "completed") return this.#paint(line, "green");
    return state === "canceled" ? this.#paint(line, "yellow") : line;
  }

  #tail({ lines }: ShownStep): readonly string[] {
    return lines.map((line) => fit(` => => # ${line}`, this.#columns));
  }

  #running(): readonly string[] {
    const height = Math.max(1, (this.#output.rows ?? 24) - 1);
    const rows = this.#steps.all.filter(isRunning).flatMap((step) => {
      const parts = [...step.parts.values()].filter((part) => !isDone(part) && part.state !== "done");
      const bars = parts.slice(0, shownParts).map((part) => ` => => ${progressRow(part, this.#columns - 7)}`);
      return [this.#row(step), ...bars.map((bar) => fit(bar, this.#columns)), ...this.#tail(step)];
    });
    // What has scrolled away cannot be drawn over.
    return rows.length <= height
      ? rows
      : [...rows.slice(0, height - 1), `… and ${rows.length - height + 1} more`];
  }

  async #draw(lines: readonly string[]): Promise<void> {
    const rows = this.#running().map((row) => fit(row, this.#columns));
    if (lines.length + rows.length + this.#drawnRows === 0) return;
    const erase = this.#drawnRows === 0 ? "" : `\u001B[${this.#drawnRows}A\r\u001B[0J`;
    this.#drawnRows = rows.length;
    await writeAll(this.#output, erase + [...lines, ...rows].map((line) => `${line}\n`).join(""));
  }

  /** One less than there are: a full line makes some terminals begin the next. */
  get #columns(): number {
    return Math.max(1, (this.#output.columns ?? 80) - 1);
  }
}

const marks = {
  started: "",
  completed: "",
  cached: "CACHED",
  failed: "ERROR",
  canceled: "CANCELED",
} as const;

function isRunning({ endedAt }: ShownStep): boolean {
  return endedAt === undefined;
}
