import type { Edit } from "../source/edit.ts";
import type { Dockerfile, RunInstruction } from "../syntax/nodes.ts";
import { lineEndOf } from "../syntax/leading-comments.ts";
import type { Script } from "./nodes.ts";
import { layoutOf, lineBreak } from "./run-layout.ts";

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
    const at = { start: heredoc.bodySpan.end, end: heredoc.bodySpan.end };
    return { span: at, newText: `${command}${lineEndOf(source)}` };
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
  return { span: { start: run.span.end, end: run.span.end }, newText: joiner + command };
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
  if (first?.name !== "set" || first.after !== ";") return false;
  return first.words.some(({ value }) => value !== undefined && /^-[a-z]*e/.test(value));
}
