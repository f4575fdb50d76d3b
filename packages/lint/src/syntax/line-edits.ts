/** Edits of whole lines: an instruction put above another, below it, or taken out. */
import { insertion, type Edit } from "../source/edit.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import type { Dockerfile, EscapeCharacter, Instruction, InstructionBase } from "./nodes.ts";

/** Puts `text` on a line of its own above an instruction and the comments that stand right above it. */
export function insertAbove(source: SourceFile, instruction: InstructionBase, text: string): Edit {
  const indent = /^[ \t]*/.exec(source.line(instruction.startLine))?.[0] ?? "";
  return insertion(startWithComments(instruction, source), `${indent}${text}${lineEndOf(source)}`);
}

/**
 * Puts `text` on a line of its own below an instruction; undefined where it would become a part of it, since the file ends
 * in a continuation or a heredoc without its end.
 */
export function insertBelow(
  { source, escape }: Dockerfile,
  instruction: Instruction,
  text: string,
): Edit | undefined {
  if (isOpen(source, escape, instruction)) return undefined;
  const start = source.lineStart(instruction.endLine + 1);
  const ended = source.text.slice(0, start).endsWith("\n");
  return insertion(start, ended ? `${text}${lineEndOf(source)}` : `${lineEndOf(source)}${text}`);
}

function isOpen(source: SourceFile, escape: EscapeCharacter, instruction: Instruction): boolean {
  const heredocs = "heredocs" in instruction ? instruction.heredocs : [];
  if (heredocs.length > 0) return heredocs.some(({ terminator }) => terminator === undefined);
  for (let number = instruction.endLine; number >= instruction.startLine; number -= 1) {
    const text = source.line(number).trim();
    if (text !== "" && !text.startsWith("#")) return text.endsWith(escape);
  }
  return false;
}

/** Takes the lines of an instruction out. Comments above it stay: what they say may still hold. */
export function removeLines(source: SourceFile, instruction: Instruction): Edit {
  return { span: source.lineSpan(instruction.startLine, instruction.endLine), newText: "" };
}

/** The whole lines of an instruction, with the comments right above it and the last line's end. */
export function wholeLines(instruction: InstructionBase, source: SourceFile): Span {
  return {
    start: startWithComments(instruction, source),
    end: source.lineSpan(source.lineAt(Math.max(instruction.span.start, instruction.span.end - 1))).end,
  };
}

/**
 * The offset at which an instruction starts together with the comments right above it, which move with it. A blank
 * line parts a comment from what it is about, as far as people are concerned.
 */
function startWithComments(instruction: InstructionBase, source: SourceFile): number {
  let line = instruction.startLine;
  for (const comment of instruction.comments.toReversed()) {
    if (comment.line !== line - 1) break;
    line = comment.line;
  }
  return source.lineStart(line);
}

/** How the lines of a file end: as the first one does. */
export function lineEndOf(source: SourceFile): "\n" | "\r\n" {
  return source.text.slice(0, source.lineStart(2)).endsWith("\r\n") ? "\r\n" : "\n";
}
