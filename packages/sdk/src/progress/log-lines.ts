import type { LogEvent } from "./event.ts";

// A program that prints no line ends must not fill the memory.
const longestLine = 16 * 1024;

/** Joins the pieces of a build's output to lines, each stream of each step for itself. */
export class LogLines {
  readonly #rests = new Map<string, string>();

  /** The lines that this piece completes. */
  push({ step, stream, text }: LogEvent): readonly string[] {
    const key = `${stream} ${step?.id ?? ""}`;
    const lines = ((this.#rests.get(key) ?? "") + text).split("\n");
    const rest = lines.pop() ?? "";
    if (rest.length > longestLine) {
      lines.push(rest);
      this.#rests.delete(key);
    } else {
      this.#rests.set(key, rest);
    }
    return lines;
  }

  /** What is left of lines that never ended: of one step, or of all. */
  end(stepId?: string): readonly string[] {
    const lines: string[] = [];
    for (const [key, rest] of this.#rests) {
      if (stepId !== undefined && !key.endsWith(` ${stepId}`)) continue;
      if (rest !== "") lines.push(rest);
      this.#rests.delete(key);
    }
    return lines;
  }
}
