/** Which command of a pipe may fail without anybody hearing of it. */
import { countBefore } from "../source/count-before.ts";
import { blocksAround } from "./blocks.ts";
import type { Script, ShellCommand, ShellPipeline } from "./nodes.ts";

/** Commands that do not fail for what they read or load. */
const CANNOT_FAIL = new Set(
  "echo printf yes true : uname arch nproc date hostname whoami id pwd env set exit return".split(" "),
);
/** What dpkg, apk and apt-mark are asked for that they know without a look at anything else. */
const ASKED = new Map([
  ["dpkg", /^--print-(?:foreign-)?architectures?$/],
  ["apk", /^--print-arch$/],
  ["apt-mark", /^show(?:manual|auto|hold)$/],
]);
/** What makes something else of any input, and takes its lack for an empty one. */
const FILTERS = new Set("tr cut sort uniq rev tac wc sed awk gawk mawk cat nl paste fold column".split(" "));
/** What checks the sums that it reads, and fails if there are none. */
const SUM_CHECKER = /^(?:md5|sha\d+|b2)sum$|^shasum$/;
/** What loads from elsewhere: it may break off in the middle. */
const LOADERS = new Set(["curl", "wget"]);

/** The first command before the end of a pipe that may fail, and whose failure the end does not share. */
export function unheardCommand(pipeline: ShellPipeline, script: Script): ShellCommand | undefined {
  const before = commandsBeforeEnd(pipeline, script);
  return failsWithoutInput(pipeline, before)
    ? undefined
    : before.find((command) => mayFail(command, pipeline));
}

/** Every command of a pipe, those in groups and loops too, but what its last member consists of. */
function commandsBeforeEnd({ commands, span }: ShellPipeline, script: Script): readonly ShellCommand[] {
  const last = commands.at(-1);
  if (last === undefined) return [];
  // A compound command at the end is none of `commands`: then a pipe follows the last of them.
  const end = last.after === "|" || last.after === "|&" ? last.span.end : last.span.start;
  const from = countBefore(script.commands, (command) => command.span.start < span.start);
  const to = countBefore(script.commands, (command) => command.span.start < end);
  return script.commands.slice(from, to);
}

function mayFail(command: ShellCommand, { span }: ShellPipeline): boolean {
  const { name, words, block, after, before } = command;
  if (words.length === 0 || after === "||") return false;
  // Nobody asks for the exit code of what an argument is made of.
  const inside = blocksAround(block).filter(
    (one) => one.span.start >= span.start && one.span.end <= span.end,
  );
  if (inside.some(({ kind }) => kind === "substitution" || kind === "condition" || kind === "function"))
    return false;
  if (name === undefined) return true;
  if (CANNOT_FAIL.has(name)) return false;
  const asked = ASKED.get(name);
  if (asked !== undefined) return !words.some(({ value }) => value !== undefined && asked.test(value));
  const isFilter = FILTERS.has(name) && (before === "|" || before === "|&");
  return !isFilter || words.some(({ text }) => /\bexit\b/.test(text));
}

/** Whether the end of a pipe fails if what comes before it gives nothing. */
function failsWithoutInput({ commands }: ShellPipeline, before: readonly ShellCommand[]): boolean {
  const last = commands.at(-1);
  if (last?.name === undefined || last.after === "|" || last.after === "|&") return false;
  if (SUM_CHECKER.test(last.name))
    return last.words.some(({ value }) => /^(?:-\w*c\w*|--check)$/.test(value ?? ""));
  return (
    /^[ef]?grep$/.test(last.name) &&
    !last.words.some(({ value }) => /^(?:-\w*L\w*|--files-without-match)$/.test(value ?? "")) &&
    !before.some(({ name }) => name !== undefined && LOADERS.has(name))
  );
}
