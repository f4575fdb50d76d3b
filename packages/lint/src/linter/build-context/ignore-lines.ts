/** The lines of an ignore file, with their places. */
import type { Edit } from "../../source/edit.ts";
import type { Span } from "../../source/span.ts";

/** A line that holds a pattern. */
export interface IgnoreLine {
  /** From 1. */
  readonly line: number;
  /** As written, without blanks around it. */
  readonly text: string;
  readonly span: Span;
  /** The whole line with its end. */
  readonly whole: Span;
  /** What stands before the text. */
  readonly indent: string;
}

/** The lines that are neither empty nor comments, by their numbers. */
export function ignoreLines(text: string): ReadonlyMap<number, IgnoreLine> {
  const lines = new Map<number, IgnoreLine>();
  let start = text.startsWith("\ufeff") ? 1 : 0;
  for (let line = 1; start < text.length; line += 1) {
    const end = text.indexOf("\n", start);
    const next = end === -1 ? text.length : end + 1;
    const raw = text.slice(start, end === -1 ? text.length : end);
    const trimmed = raw.trim();
    if (trimmed !== "" && !raw.startsWith("#")) {
      const indent = raw.slice(0, raw.indexOf(trimmed));
      const from = start + indent.length;
      lines.set(line, {
        line,
        text: trimmed,
        span: { start: from, end: from + trimmed.length },
        whole: { start, end: next },
        indent,
      });
    }
    start = next;
  }
  return lines;
}

/** Takes a line out. */
export function removeIgnoreLine({ whole }: IgnoreLine): Edit {
  return { span: whole, newText: "" };
}
