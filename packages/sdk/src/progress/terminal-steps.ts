import type { Display } from "./display.ts";
import type { BuildEvent, StepEvent } from "./event.ts";
import { LogLines } from "./log-lines.ts";
import { columnsOf, rowsOf, writeAll, type ProgressOutput } from "./progress-output.ts";
import { ProgressText, type Paint } from "./progress-text.ts";
import { fit, printable, widthOf } from "../screen-text.ts";
import { duration, partText, StepList, tellPart, type ShownPart, type ShownStep } from "./step-list.ts";

// Milliseconds between two drawings.
const interval = 100;
const logMark = " => => # ";
const shownLines = 4;
/** Of a step that fails. */
const keptLines = 20;
const shownParts = 4;

/** Ended steps stay as lines; below them those that run are drawn over and over, with their time and last output. */
export class TerminalSteps implements Display {
  readonly #output: ProgressOutput;
  readonly #paint: Paint;
  readonly #text: ProgressText;
  readonly #steps = new StepList();
  readonly #logs = new LogLines();
  readonly #since = { startedAt: performance.now() };
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
      if (lines.length > 0) await this.#draw(lines);
      return;
    }
    const step = this.#steps.of(event.step);
    if (event.type === "progress") {
      const wasDone = step.parts.get(event.id)?.endedAt !== undefined;
      const part = tellPart(step, event);
      // BuildKit calls a step complete before the context that it waits for has come.
      if (step.endedAt !== undefined && part.endedAt !== undefined && !wasDone) {
        await this.#draw([this.#partRow(part)]);
      }
    } else if (event.type === "log") {
      this.#keep(step, this.#logs.push(event));
    } else if (event.state === "started") {
      await this.#draw([]);
    } else {
      this.#keep(step, this.#logs.end(event.step.id));
      step.state = event.state;
      step.endedAt = performance.now();
      await this.#draw(this.#ending(step));
    }
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    this.#timer = undefined;
    const left = this.#steps.all.filter(isRunning).map((step) => this.#row(step));
    for (const step of this.#steps.all) {
      step.endedAt ??= performance.now();
      step.parts.clear();
    }
    await this.#draw([...left, this.#heading(" FINISHED")]);
  }

  #keep(step: ShownStep, lines: readonly string[]): void {
    step.lines = [...step.lines, ...lines.map(printable)].slice(-keptLines);
  }

  /** `[+] Building 2.7s (11/12)` */
  #heading(end = ""): string {
    const { all } = this.#steps;
    const ended = all.filter((step) => !isRunning(step)).length;
    const time = duration({ ...this.#since, endedAt: undefined });
    return fit(`[+] Building ${time} (${ended}/${all.length})${end}`, this.#columns);
  }

  /** The lines that stay of a step; of one that failed also what it printed last. */
  #ending(step: ShownStep): readonly string[] {
    // Whole lines: these are what is looked for.
    const output = step.state === "failed" ? step.lines.map((line) => `${logMark}${line}`) : [];
    const done = [...step.parts.values()].filter(({ endedAt }) => endedAt !== undefined);
    return [this.#row(step), ...done.map((part) => this.#partRow(part)), ...output];
  }

  #row(step: ShownStep): string {
    const time = step.state === "cached" ? "" : duration(step);
    const mark = marks[step.state];
    const line = this.#timed(` => ${mark === "" ? "" : `${mark} `}${step.label}`, time);
    return this.#colour(line, step.state);
  }

  #partRow(part: ShownPart): string {
    return this.#timed(` => => ${partText(part)}`, duration(part));
  }

  /** A line with a time at its right end. */
  #timed(text: string, time: string): string {
    const room = this.#columns - time.length - 1;
    const label = fit(text, Math.max(1, room));
    const line = `${label}${" ".repeat(Math.max(1, room - widthOf(label) + 1))}${time}`;
    return fit(line, this.#columns).trimEnd();
  }

  #colour(line: string, state: StepEvent["state"]): string {
    if (state === "failed") return this.#paint(line, "red");
    if (state === "cached" || state === "completed") return this.#paint(line, "green");
    return state === "canceled" ? this.#paint(line, "yellow") : line;
  }

  #tail({ lines }: ShownStep): readonly string[] {
    return lines.slice(-shownLines).map((line) => fit(`${logMark}${line}`, this.#columns));
  }

  #running(): readonly string[] {
    const height = rowsOf(this.#output);
    const steps = this.#steps.all.flatMap((step) => {
      const parts = [...step.parts.values()].filter(({ endedAt }) => endedAt === undefined);
      if (!isRunning(step) && parts.length === 0) return [];
      const bars = parts.slice(0, shownParts).map((part) => this.#partRow(part));
      const others = parts.length - bars.length;
      if (others > 0) bars.push(fit(` => => … and ${others} more`, this.#columns));
      return [this.#row(step), ...bars, ...(isRunning(step) ? this.#tail(step) : [])];
    });
    if (steps.length === 0) return [];
    const rows = [this.#heading(), ...steps];
    // What has scrolled away cannot be drawn over.
    return rows.length <= height
      ? rows
      : [...rows.slice(0, height - 1), fit(`… and ${rows.length - height + 1} more`, this.#columns)];
  }

  async #draw(lines: readonly string[]): Promise<void> {
    const rows = this.#running();
    if (lines.length + rows.length + this.#drawnRows === 0) return;
    const erase = this.#drawnRows === 0 ? "" : `\u001B[${this.#drawnRows}A\r\u001B[0J`;
    this.#drawnRows = rows.length;
    await writeAll(this.#output, erase + [...lines, ...rows].map((line) => `${line}\n`).join(""));
  }

  get #columns(): number {
    return columnsOf(this.#output);
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
