import { insertion, type Edit } from "../../source/edit.ts";
import type { SourceFile } from "../../source/source-file.ts";
import { lineEndOf } from "../../syntax/line-edits.ts";
import type { Heredoc } from "../../syntax/nodes.ts";

/** Puts a command above the first one of a script in a heredoc, below a `#!` line. */
export function beginHeredoc({ content, bodySpan }: Heredoc, command: string, source: SourceFile): Edit {
  const first = source.lineAt(bodySpan.start);
  const line = content.startsWith("#!") || /^\t*#!/.test(source.line(first)) ? first + 1 : first;
  const indent = /^[ \t]*/.exec(source.line(line))?.[0] ?? "";
  return insertion(source.lineStart(line), `${indent}${command}${lineEndOf(source)}`);
}
