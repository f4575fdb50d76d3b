import type { Edit } from "../../source/edit.ts";
import type { Dockerfile, RunInstruction } from "../../syntax/nodes.ts";
import { canBeContinued, joinerAtEnd } from "./append-command.ts";
import { programOf } from "../commands.ts";
import type { Script, ShellCommand } from "../nodes.ts";
import { layoutOf, lineBreak } from "./run-layout.ts";

/** Commands that leave a state behind in which what follows would run differently, or not at all. */
const LEAVES_STATE = new Set([
  ".",
  "source",
  "cd",
  "pushd",
  "exec",
  "exit",
  "trap",
  "alias",
  "umask",
  "ulimit",
  "export",
  "unset",
  "readonly",
  "declare",
  "typeset",
  "eval",
  "read",
  "shopt",
  "let",
  "getopts",
  "mapfile",
  "readarray",
]);

/** What a command is run by without a process of its own. */
const IN_SHELL = new Set(["builtin", "command"]);

/** A RUN and its code. */
export interface ScriptedRun {
  readonly run: RunInstruction;
  readonly script: Script | undefined;
}

/**
 * The edit that makes one RUN of two that follow each other, comments between them kept; undefined where the second one
 * would then run differently (after a `cd`, with a `;` that goes on after a failure), or has other flags.
 */
export function mergeRuns(first: ScriptedRun, second: ScriptedRun, dockerfile: Dockerfile): Edit | undefined {
  const { source, escape } = dockerfile;
  if (first.script === undefined || second.script === undefined) return undefined;
  if (!isShellLine(first) || !isShellLine(second) || !haveSameFlags(first.run, second.run)) return undefined;
  if (!canBeContinued(first.run, first.script, dockerfile) || !isChain(second.script)) return undefined;
  if (leavesState(first.script, second.script)) return undefined;
  const joiner = joinerAtEnd(first.script, first.run.span.end, source);
  if (joiner === undefined) return undefined;
  const start = first.run.span.end;
  const code = second.run.args[0]?.span.start;
  if (
    code === undefined ||
    source.text.slice(start, source.lineSpan(source.lineAt(start)).end).trim() !== ""
  ) {
    return undefined;
  }
  const between: string[] = [];
  for (let line = source.lineAt(start) + 1; line < second.run.startLine; line += 1) {
    const text = source.line(line);
    if (text.trim() !== "") between.push(text);
  }
  const layout = layoutOf(first.run, source) ?? layoutOf(second.run, source);
  const newText = lineBreak(
    joiner,
    layout ?? { operators: "leading", indent: "    " },
    { source, escape },
    between,
  );
  return { span: { start, end: code }, newText };
}

/** Whether the flags of two RUNs (mounts, network, security) are the same. */
export function haveSameFlags(first: RunInstruction, second: RunInstruction): boolean {
  return (
    first.flags.length === second.flags.length &&
    first.flags.every(({ text }, index) => text === second.flags[index]?.text)
  );
}

function isShellLine({ run, script }: ScriptedRun): boolean {
  return !run.json && run.heredocs.length === 0 && run.onbuild === undefined && script?.problems.length === 0;
}

/** Whether the script is commands joined by `&&` and `|` only, so that nothing of it runs after a failure before it. */
function isChain(script: Script): boolean {
  return script.commands.every(
    ({ block, before, after }) =>
      block.kind === "substitution" ||
      (block.kind === "script" &&
        [before, after].every((joiner) => ["none", "&&", "|", "|&"].includes(joiner))),
  );
}

/** A RUN of more bare assignments is there for what they leave; each is looked for in all of the second script. */
const MAX_ASSIGNED = 50;

function leavesState(first: Script, second: Script): boolean {
  const lasting = first.commands.filter(
    ({ block: { kind } }) => kind !== "subshell" && kind !== "substitution",
  );
  if (lasting.some(isLasting)) return true;
  if (/\$\{?[#@*1-9]/.test(second.text) && lasting.some(({ name }) => name === "set" || name === "shift"))
    return true;
  const assigned = lasting.flatMap(({ words, assignments }) => (words.length === 0 ? assignments : []));
  return assigned.length > MAX_ASSIGNED || assigned.some(({ name }) => second.text.includes(name));
}

/** Whether the shell is another one after it, `command cd` included. */
function isLasting(command: ShellCommand): boolean {
  if (command.name === undefined) return false;
  if (LEAVES_STATE.has(command.name)) return true;
  if (!IN_SHELL.has(command.name)) return false;
  const program = programOf(command);
  return (
    program?.wrappers.every((name) => IN_SHELL.has(name)) === true && LEAVES_STATE.has(program.name ?? "")
  );
}
