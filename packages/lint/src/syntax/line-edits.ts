/** Edits of whole lines: an instruction put above another, below it, or taken out. */
import type { Edit } from "../source/edit.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Instruction } from "./nodes.ts";

/** Puts `text` on a line of its own above an instruction and the comments that stand right above it. */
export function insertAbove(source: SourceFile, instruction: Instruction, text: string): Edit {
  let line = instruction.startLine;
  for (const comment of instruction.comments.toReversed()) {
    if (comment.line !== line - 1) break;
    line = comment.line;
  }
  const start = source.lineStart(line);
  const indent = /^[ \t]*/.exec(source.line(instruction.startLine))?.[0] ?? "";
  return { span: { start, end: start }, newText: `${indent}${text}${lineEnd(source)}` };
}

/** Puts `text` on a line of its own below an instruction. */
export function insertBelow(source: SourceFile, instruction: Instruction, text: string): Edit {
  const start = source.lineStart(instruction.endLine + 1);
  const ended = source.text.slice(0, start).endsWith("\n");
  const newText = ended ? `${text}${lineEnd(source)}` : `${lineEnd(source)}${text}`;
  return { span: { start, end: start }, newText };
}

/** Takes the lines of an instruction out. Comments above it stay: what they say may still hold. */
export function removeLines(source: SourceFile, instruction: Instruction): Edit {
  return { span: source.lineSpan(instruction.startLine, instruction.endLine), newText: "" };
}

function lineEnd(source: SourceFile): string {
  const first = source.text.indexOf("\n");
  return first > 0 && source.text[first - 1] === "\r" ? "\r\n" : "\n";
}
