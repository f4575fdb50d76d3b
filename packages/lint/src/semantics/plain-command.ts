/** Shell code that is one plain command, which needs no shell. */
import type { Script, ShellCommand, ShellWord } from "../shell/nodes.ts";

/** What only a shell can run. */
const BUILTINS: ReadonlySet<string> = new Set(
  ". : alias bg break builtin case cd command continue declare dirs disown eval exit export fc fg getopts hash jobs"
    .concat(
      " let local popd pushd read readonly return set shift shopt source test times trap type typeset ulimit",
    )
    .concat(" umask unalias unset wait [")
    .split(" "),
);

/** Whether a name is that of a command which is part of the shell. */
function isShellBuiltin(name: string): boolean {
  return BUILTINS.has(name);
}

/** The words of a script that could be run without a shell; undefined if it is more, or depends on variables. */
export function plainCommand({ commands, problems }: Script): readonly ShellWord[] | undefined {
  const [command] = commands;
  if (command === undefined || commands.length > 1 || problems.length > 0 || !isAlone(command))
    return undefined;
  const { words, name } = command;
  if (name === undefined || isShellBuiltin(name) || !words.every(isLiteral)) return undefined;
  return words;
}

/** The last command of a script, if the shell does nothing after it and could become it with `exec`. */
export function lastCommand({ commands, problems }: Script): ShellCommand | undefined {
  const last = commands.findLast(({ block }) => block.kind === "script");
  if (last === undefined || problems.length > 0 || commands.some(({ block }) => !isTop(block.kind)))
    return undefined;
  const { name, after, before, pipeline, negated } = last;
  if (after !== "none" || before === "||" || pipeline.length > 1 || negated) return undefined;
  return name === undefined || isShellBuiltin(name) ? undefined : last;
}

function isTop(kind: string): boolean {
  return kind === "script" || kind === "substitution";
}

function isAlone({ block, after, pipeline, negated, assignments, redirects }: ShellCommand): boolean {
  const only =
    block.kind === "script" && pipeline.length === 1 && !negated && (after === "none" || after === ";");
  return only && assignments.length === 0 && redirects.length === 0;
}

function isLiteral({ value, variables, glob, text }: ShellWord): boolean {
  return (
    value !== undefined && variables.length === 0 && !glob && !text.startsWith("~") && !text.includes("=~")
  );
}
