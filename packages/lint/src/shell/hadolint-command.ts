/**
 * Commands as hadolint takes them apart, for the rules that give its verdicts: whatever begins with a dash is a flag,
 * a flag takes no value unless a rule says so, and what the script sets is not filled in.
 */
import type { Script, ShellCommand, ShellWord } from "./nodes.ts";

/** An argument. */
interface HadolintArgument {
  readonly word: ShellWord;
  /** Without quotes; variables as `${NAME}`. */
  readonly text: string;
  /** Letters of a short flag one by one, the name of a long one; empty for what is none. */
  readonly flags: readonly string[];
}

/** A command. */
export interface HadolintCommand {
  readonly command: ShellCommand;
  readonly word: ShellWord;
  /** As written: `/usr/bin/apt-get` is not `apt-get`. */
  readonly name: string;
  readonly args: readonly HadolintArgument[];
}

/** What starts the command that its first argument names, for ShellCheck, whose parser hadolint has. */
const STARTERS: ReadonlySet<string> = new Set(["busybox", "builtin", "command", "exec", "run"]);

/** All commands of a script whose names are known. */
export function hadolintCommands(script: Script): HadolintCommand[] {
  return script.commands.flatMap((command): HadolintCommand[] => {
    const [first, second] = command.words;
    const starts = first?.value !== undefined && STARTERS.has(first.value) && second?.text[0] !== "-";
    const word = (starts ? second : undefined) ?? first;
    if (word?.value === undefined || word.variables.length > 0) return [];
    const rest = command.words.slice(word === first ? 1 : 2);
    return [{ command, word, name: word.value, args: readArguments(rest) }];
  });
}

/** Whether any of these is among the arguments. */
export function hasArgument({ args }: HadolintCommand, ...wanted: readonly string[]): boolean {
  return args.some(({ text }) => wanted.includes(text));
}

/** Whether any of these flags is given, without dashes: `q`, `quiet`. */
export function hasFlag({ args }: HadolintCommand, ...wanted: readonly string[]): boolean {
  return args.some(({ flags }) => flags.some((flag) => wanted.includes(flag)));
}

/** The arguments that are neither flags nor the word after one of those in `valued`. */
export function operandsOf(
  { args }: HadolintCommand,
  valued: readonly string[] = [],
): readonly HadolintArgument[] {
  return args.filter(({ flags }, index) => {
    if (flags.length > 0) return false;
    const before = args[index - 1];
    return (
      before === undefined || before.text.includes("=") || !before.flags.some((one) => valued.includes(one))
    );
  });
}

function readArguments(words: readonly ShellWord[]): HadolintArgument[] {
  const end = words.findIndex(({ text }) => text === "--");
  return words.map((word, index) => {
    const text = plainText(word);
    return { word, text, flags: end !== -1 && index >= end ? [] : flagsIn(text) };
  });
}

function flagsIn(text: string): readonly string[] {
  if (text.startsWith("--")) return text.length > 2 ? [/^[^=]*/.exec(text.slice(2))?.[0] ?? ""] : [];
  return text.startsWith("-") ? Array.from(text.slice(1)) : [];
}

function plainText({ text, value, variables }: ShellWord): string {
  if (variables.length === 0 && value !== undefined) return value;
  return text
    .replace(/["'\\]/g, "")
    .replace(/\$\(.*\)|`[^`]*`/gs, "${VAR}")
    .replace(/\$(\w+)/g, "${$1}");
}
