/** How the lines of a RUN are laid out, so that what is added to it looks like what is there. */
import type { SourceFile } from "../../source/source-file.ts";
import type { EscapeCharacter, RunInstruction } from "../../syntax/nodes.ts";
import { lineEndOf } from "../../syntax/line-edits.ts";

/** The layout of a RUN that continues over lines. */
export interface RunLayout {
  /** Whether `&&` stands at the start or at the end of lines. */
  readonly operators: "leading" | "trailing";
  /** The blanks before a command on a line of its own. */
  readonly indent: string;
}

/** The layout of a RUN, or undefined where it has one line only. */
export function layoutOf(run: RunInstruction, source: SourceFile): RunLayout | undefined {
  if (run.heredocs.length > 0) return undefined;
  const last = source.lineAt(Math.max(run.span.start, run.span.end - 1));
  let trailing: string | undefined;
  let leading: string | undefined;
  let plain: string | undefined;
  for (let line = run.startLine; line <= last; line += 1) {
    const text = source.line(line);
    const indent = /^[ \t]*/.exec(text)?.[0] ?? "";
    if (line > run.startLine && text.length > indent.length && text[indent.length] !== "#") {
      plain = indent;
      if (text.startsWith("&&", indent.length)) leading = indent;
    }
    if (line < last && endsWithOperator(text)) trailing = /^[ \t]*/.exec(source.line(line + 1))?.[0] ?? "";
  }
  if (plain === undefined) return undefined;
  if (leading !== undefined || trailing === undefined)
    return { operators: "leading", indent: leading ?? plain };
  return { operators: "trailing", indent: trailing };
}

function endsWithOperator(line: string): boolean {
  const text = line.trimEnd().slice(0, -1).trimEnd();
  return text.endsWith("&&") || text.endsWith(";");
}

/** What stands between two commands on lines of their own; `between` are whole lines to keep there. */
export function lineBreak(
  operator: "&&" | ";",
  layout: RunLayout,
  file: { readonly source: SourceFile; readonly escape: EscapeCharacter },
  between: readonly string[] = [],
): string {
  const end = lineEndOf(file.source);
  const kept = between.map((line) => line + end).join("");
  const { indent } = layout;
  if (operator === ";") return `; ${file.escape}${end}${kept}${indent}`;
  if (layout.operators === "trailing") return ` && ${file.escape}${end}${kept}${indent}`;
  return ` ${file.escape}${end}${kept}${indent}&& `;
}
