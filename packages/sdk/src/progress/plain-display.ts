import type { BuildEvent } from "./event.ts";
import { progressLabel } from "./progress-bar.ts";
import { writeAll, type ProgressOutput } from "./progress-output.ts";
import { noColours, ProgressText } from "./progress-text.ts";

/** Plain lines, for files and pipes: one whenever a part changes its state, none for its percentages. */
export class PlainDisplay {
  readonly #output: ProgressOutput;
  readonly #text = new ProgressText(noColours);
  readonly #states = new Map<string, string>();

  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  async show(event: BuildEvent): Promise<void> {
    if (event.type !== "progress") return await this.#write(this.#text.lines(event));
    if (this.#states.get(event.id) === event.state) return;
    this.#states.set(event.id, event.state);
    await this.#write([progressLabel(event)]);
  }

  async end(): Promise<void> {
    await this.#write(this.#text.end());
  }

  async #write(lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await writeAll(this.#output, lines.map((line) => `${line}\n`).join(""));
  }
}
