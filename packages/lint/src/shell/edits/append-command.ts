import { insertion, type Edit } from "../../source/edit.ts";
import type { SourceFile } from "../../source/source-file.ts";
import type { Dockerfile, Heredoc, RunInstruction } from "../../syntax/nodes.ts";
import { lineEndOf } from "../../syntax/line-edits.ts";
import { joinerAfter } from "../errexit.ts";
import type { Script } from "../nodes.ts";
import { layoutOf, lineBreak } from "./run-layout.ts";

/**
 * The edit that runs one more command at the end of a RUN, in the layout of the RUN; undefined where a person would
 * have to rewrite it: exec form, a comment at its end, a heredoc that is not the script, an end whose failure would be
 * hidden.
 */
export function appendCommand(
  run: RunInstruction,
  script: Script,
  command: string,
  dockerfile: Dockerfile,
): Edit | undefined {
  const { source } = dockerfile;
  if (run.json || script.form === "exec" || script.problems.length > 0) return undefined;
  const [heredoc] = run.heredocs;
  if (heredoc !== undefined) {
    return run.heredocs.length > 1 ? undefined : appendLine(heredoc, script, command, source);
  }
  if (!canBeContinued(run, script, dockerfile)) return undefined;
  const joiner = joinerAtEnd(script, run.span.end, source);
  if (joiner === undefined) return undefined;
  const layout = layoutOf(run, source);
  const between =
    layout === undefined
      ? joiner === ";"
        ? "; "
        : " && "
      : lineBreak(joiner, layout, { source, escape: dockerfile.escape });
  return insertion(run.span.end, between + command);
}

/** What may join one more command to a script that ends at an offset; see {@link joinerAfter}. */
export function joinerAtEnd(script: Script, end: number, source: SourceFile): "&&" | ";" | undefined {
  const last = script.commands.findLast(({ block }) => block.kind === "script");
  const start = last?.span.end ?? script.span.start;
  return joinerAfter(script, last, source.text.slice(start, end));
}

function appendLine(
  { bodySpan, terminator }: Heredoc,
  script: Script,
  command: string,
  source: SourceFile,
): Edit | undefined {
  if (script.span.start < bodySpan.start || terminator === undefined) return undefined;
  const body = source.slice(bodySpan);
  // The shell takes a carriage return for a part of the last word.
  if (body === "" || body.includes("\r")) return undefined;
  const lastLine = source.line(source.lineAt(bodySpan.end - 1));
  if (lastLine.trimEnd().endsWith("\\")) return undefined;
  const last = script.commands.findLast(({ block }) => block.kind === "script");
  const joiner = joinerAtEnd(script, bodySpan.end, source);
  if (joiner === "&&") {
    // On a line of its own, the command would hide that the one before it failed.
    if (last === undefined || last.after === "&" || last.pipeline.commands.at(-1) !== last) return undefined;
    if (source.text.slice(last.span.end, bodySpan.end).trim() !== "") return undefined;
    return insertion(last.span.end, ` && ${command}`);
  }
  if (joiner === undefined) return undefined;
  const line = last === undefined ? "" : source.line(source.lineAt(last.span.start));
  const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
  return insertion(bodySpan.end, `${indent}${command}${lineEndOf(source)}`);
}

/** Whether `&& more` may follow the script: it ends neither in a comment nor in an operator. */
export function canBeContinued(run: RunInstruction, script: Script, { source }: Dockerfile): boolean {
  const last = script.commands.at(-1);
  if (last === undefined || last.after === "&") return false;
  const tail = source.text.slice(last.span.end, run.span.end);
  return !/[#;&]/.test(tail) || /^;?\s*(?:\\\s*)?(?:fi|done|esac|\})$/.test(tail);
}
