import type { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import type { InstructionBase } from "./nodes.ts";

/**
 * The offset at which an instruction starts together with the comments right above it, which move with it. A blank
 * line parts a comment from what it is about, as far as people are concerned.
 */
export function startWithComments(instruction: InstructionBase, source: SourceFile): number {
  let line = instruction.startLine;
  for (const comment of instruction.comments.toReversed()) {
    if (comment.line !== line - 1) break;
    line = comment.line;
  }
  return source.lineStart(line);
}

/** The whole lines of an instruction, with the comments right above it and the last line's end. */
export function wholeLines(instruction: InstructionBase, source: SourceFile): Span {
  return {
    start: startWithComments(instruction, source),
    end: source.lineSpan(source.lineAt(Math.max(instruction.span.start, instruction.span.end - 1))).end,
  };
}

/** Every fix asks, and to look means to read the whole file. */
const lineEnds = new WeakMap<SourceFile, "\n" | "\r\n">();

/** How lines end around an offset: as the line above it does. */
export function lineEndOf(source: SourceFile): "\n" | "\r\n" {
  let known = lineEnds.get(source);
  if (known === undefined) {
    known = source.text.includes("\r\n") ? "\r\n" : "\n";
    lineEnds.set(source, known);
  }
  return known;
}
