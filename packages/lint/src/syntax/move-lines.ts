import { insertion, type Edit } from "../source/edit.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import { lineEndOf, wholeLines } from "./line-edits.ts";
import type { Instruction } from "./nodes.ts";

/** Moves instructions, in the order given and with the comments right above them, below another one. */
export function moveBelow(moved: readonly Instruction[], last: Instruction, source: SourceFile): Edit[] {
  const end = lineEndOf(source);
  const lines = moved.map((one) => wholeLines(one, source));
  const text = lines.map((span) => source.slice(span).replace(/\r?\n$/, "") + end).join("");
  const at = wholeLines(last, source).end;
  const ended = source.text[at - 1] === "\n";
  return [
    ...joined(lines).map((span): Edit => ({ span: withBlankLine(span, source.text), newText: "" })),
    insertion(at, ended ? text : end + text.replace(/\r?\n$/, "")),
  ];
}

/** The lines, with the blank line below if there is one above, too. */
function withBlankLine(span: Span, text: string): Span {
  const above = /(?:^|\n)\r?\n$/.test(text.slice(Math.max(0, span.start - 3), span.start));
  const below = /^\r?\n/.exec(text.slice(span.end, span.end + 2))?.[0];
  return above && below !== undefined ? { start: span.start, end: span.end + below.length } : span;
}

/** Spans that touch as one, so that a blank line above and below the whole of them goes once. */
function joined(spans: readonly Span[]): Span[] {
  const found: Span[] = [];
  for (const span of spans) {
    const last = found.at(-1);
    if (last !== undefined && last.end === span.start)
      found[found.length - 1] = { start: last.start, end: span.end };
    else found.push(span);
  }
  return found;
}
