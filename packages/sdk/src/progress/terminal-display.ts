import type { BuildEvent, ProgressEvent } from "./event.ts";
import { isDone, progressRow } from "./progress-bar.ts";
import { ansiColours, noColours, ProgressText } from "./progress-text.ts";
import { columnsOf, rowsOf, writeAll, type ProgressOutput } from "./progress-output.ts";

// Milliseconds between two drawings of the bars: engines send hundreds of events a second.
const interval = 80;

/** Lines that stay, and below them one row for each part, drawn over and over. */
export class TerminalDisplay {
  readonly #output: ProgressOutput;
  readonly #text: ProgressText;
  readonly #parts = new Map<string, ProgressEvent>();
  #drawnRows = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(output: ProgressOutput, colours: boolean) {
    this.#output = output;
    this.#text = new ProgressText(colours ? ansiColours : noColours);
  }

  async show(event: BuildEvent): Promise<void> {
    if (event.type === "progress") {
      this.#parts.set(event.id, event);
      this.#timer ??= setTimeout(() => void this.#draw([]), interval);
      return;
    }
    // The rows of a step are done with it; they stay above what comes next.
    const rows = event.type === "step" ? this.#settleRows() : [];
    const lines = this.#text.lines(event);
    if (rows.length + lines.length > 0) await this.#draw([...rows, ...lines]);
  }

  async end(): Promise<void> {
    const rows = this.#settleRows();
    await this.#draw([...rows, ...this.#text.end()]);
  }

  #settleRows(): readonly string[] {
    const rows = [...this.#parts.values()].map((part) => progressRow(part, this.#columns));
    this.#parts.clear();
    return rows;
  }

  /** Writes lines that stay where the rows were, and the rows anew. One write, so that nothing flickers. */
  async #draw(lines: readonly string[]): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const rows = this.#rows();
    const erase = this.#drawnRows === 0 ? "" : `\u001B[${this.#drawnRows}A\r\u001B[0J`;
    this.#drawnRows = rows.length;
    await writeAll(this.#output, erase + [...lines, ...rows].map((line) => `${line}\n`).join(""));
  }

  /** As many as fit: what has scrolled away cannot be drawn over. The unfinished ones go first. */
  #rows(): readonly string[] {
    const parts = [...this.#parts.values()];
    const height = rowsOf(this.#output);
    if (parts.length <= height) return parts.map((part) => progressRow(part, this.#columns));
    const shown = parts.filter((part) => !isDone(part)).slice(0, height - 1);
    const others = parts.length - shown.length;
    return [...shown.map((part) => progressRow(part, this.#columns)), `… and ${others} more`];
  }

  get #columns(): number {
    return columnsOf(this.#output);
  }
}
