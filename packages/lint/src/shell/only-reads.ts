/** Whether a script can do with a file that it may not change. */
import { baseName } from "../source/path.ts";
import { programsOf, type ProgramCall } from "./commands.ts";
import type { Script, ShellCommand } from "./nodes.ts";

/** Programs that change the files that they are given, or put others in their place. */
const CHANGING = new Set([
  "chmod",
  "chown",
  "chgrp",
  "sed",
  "perl",
  "mv",
  "ln",
  "touch",
  "truncate",
  "patch",
  "tee",
  "strip",
  "rm",
  "shred",
  "dos2unix",
  "gzip",
  "gunzip",
  "bzip2",
  "bunzip2",
  "xz",
  "unxz",
  "zstd",
  "unzstd",
  "install",
]);

/** Programs that only read, folders too. */
const READING = new Set(["cat", "cp", "diff", "du", "find", "grep", "ls", "rsync", "sha256sum", "stat"]);

/**
 * Whether what stands beside the command that deletes `path` needs it unchanged, and only before that command. What is
 * named like a folder may be one that a build writes into: there, every program has to be known for one that reads.
 */
export function onlyReads(script: Script, path: string, removal: ShellCommand): boolean {
  const name = baseName(path);
  const mayBeFolder = !name.includes(".");
  const isNamed = ({ words, redirects }: ShellCommand): boolean =>
    words.some(({ text }) => text.includes(name)) ||
    redirects.some(({ target }) => target?.text.includes(name));
  return programsOf(script).every((program) => {
    const { command } = program;
    if (command.index === removal.index || !isNamed(command)) return true;
    if (command.index > removal.index || writesTo(program, name)) return false;
    return program.word.text.endsWith(name) || !mayBeFolder || READING.has(program.name ?? "");
  });
}

function writesTo({ name, args, command }: ProgramCall, path: string): boolean {
  if (name === "cd" || name === "pushd" || CHANGING.has(name ?? "")) return true;
  if (name === "cp" && args.at(-1)?.text.endsWith(path) === true) return true;
  return command.redirects.some(({ operator, target }) => operator !== "<" && target?.text.includes(path));
}
