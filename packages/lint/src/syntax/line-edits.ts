/** Edits of whole lines: an instruction put above another, below it, or taken out. */
import { insertion, type Edit } from "../source/edit.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Dockerfile, EscapeCharacter, Instruction } from "./nodes.ts";

/** Puts `text` on a line of its own above an instruction and the comments that stand right above it. */
export function insertAbove(source: SourceFile, instruction: Instruction, text: string): Edit {
  let line = instruction.startLine;
  for (const comment of instruction.comments.toReversed()) {
    if (comment.line !== line - 1) break;
    line = comment.line;
  }
  const start = source.lineStart(line);
  const indent = /^[ \t]*/.exec(source.line(instruction.startLine))?.[0] ?? "";
  return insertion(start, `${indent}${text}${lineEnd(source)}`);
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
  return insertion(start, ended ? `${text}${lineEnd(source)}` : `${lineEnd(source)}${text}`);
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

function lineEnd(source: SourceFile): string {
  const first = source.text.indexOf("\n");
  return first > 0 && source.text[first - 1] === "\r" ? "\r\n" : "\n";
}
