import { insertion, type Edit } from "../source/edit.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import type { Dockerfile, RunInstruction } from "../syntax/nodes.ts";
import { lineEndOf } from "../syntax/line-edits.ts";
import type { Script } from "./nodes.ts";
import { layoutOf, lineBreak } from "./run-layout.ts";
import { setsErrexit } from "./set-options.ts";

/**
 * The edit that runs one more command at the end of a RUN, in the layout of the RUN; undefined where a person would
 * have to rewrite it: exec form, a comment at its end, a heredoc that is not the script.
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
    if (run.heredocs.length > 1 || script.span.start < heredoc.bodySpan.start) return undefined;
    if (source.slice(heredoc.bodySpan) === "" || heredoc.terminator === undefined) return undefined;
    const lastLine = source.line(source.lineAt(heredoc.bodySpan.end - 1));
    if (lastLine.trimEnd().endsWith("\\")) return undefined;
    if (!stopsAtFailure(script)) return afterLastCommand(script, heredoc.bodySpan, command, source);
    const last = script.commands.findLast(({ block }) => block.kind === "script");
    const line = last === undefined ? "" : source.line(source.lineAt(last.span.start));
    const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
    return insertion(heredoc.bodySpan.end, `${indent}${command}${lineEndOf(source)}`);
  }
  if (!canBeContinued(run, script, dockerfile)) return undefined;
  const operator = runsUnderErrexit(script) ? ";" : "&&";
  const layout = layoutOf(run, source);
  const joiner =
    layout === undefined
      ? operator === ";"
        ? "; "
        : " && "
      : lineBreak(operator, layout, { source, escape: dockerfile.escape });
  return insertion(run.span.end, joiner + command);
}

/** Whether a script of lines ends at the first command that fails. */
function stopsAtFailure(script: Script): boolean {
  return script.errexit || script.commands.some(setsErrexit);
}

/** On a line of its own, the command would hide that the one before it failed. */
function afterLastCommand(script: Script, body: Span, command: string, source: SourceFile): Edit | undefined {
  const last = script.commands.findLast(({ block }) => block.kind === "script");
  if (last === undefined || last.after === "&" || last.pipeline.commands.at(-1) !== last) return undefined;
  if (source.text.slice(last.span.end, body.end).trim() !== "") return undefined;
  return insertion(last.span.end, ` && ${command}`);
}

/** Whether `&& more` may follow the script: it ends neither in a comment nor in an operator. */
export function canBeContinued(run: RunInstruction, script: Script, { source }: Dockerfile): boolean {
  const last = script.commands.at(-1);
  if (last === undefined || last.after === "&") return false;
  const tail = source.text.slice(last.span.end, run.span.end);
  return !/[#;&]/.test(tail) || /^;?\s*(?:\\\s*)?(?:fi|done|esac|\})$/.test(tail);
}

/** Whether the script parts its commands by `;` after a `set -e`. */
function runsUnderErrexit(script: Script): boolean {
  const [first] = script.commands;
  return first !== undefined && first.after === ";" && setsErrexit(first);
}
