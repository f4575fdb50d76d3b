/** Which files a script deletes. */
import { programsOf, type ProgramCall } from "./commands.ts";
import { callOf } from "./may-call.ts";
import { oncePerScript } from "./once-per-script.ts";
import type { Script, ShellCommand, ShellWord } from "./nodes.ts";
import { withoutOptions } from "./options.ts";

/** A path that a script deletes. */
export interface RemovedPath {
  /** As written, quotes off; a home folder as `~`. May hold wildcards. */
  readonly path: string;
  readonly word: ShellWord;
  readonly command: ShellCommand;
}

const NONE: readonly never[] = [];
const NOTHING: ReadonlyMap<string, number> = new Map();
const REMOVERS = new Set(["rm", "unlink", "rmdir", "shred"]);

/** Finds what {@link removedPaths} may find something in. */
export const REMOVAL_CALL: RegExp = callOf([...REMOVERS, "find"]);

/** What `rm` and `find -delete` take away, in order; paths that are not known are left out. */
export const removedPaths: (script: Script) => readonly RemovedPath[] = oncePerScript(findRemovals);

function findRemovals(script: Script): readonly RemovedPath[] {
  const programs = programsOf(script);
  if (!programs.some(mayRemove)) return NONE;
  const removed: RemovedPath[] = [];
  for (const program of programs.filter(mayRemove)) {
    const { name, args, command } = program;
    if (name !== "find") {
      for (const word of withoutOptions(args)) addPath(word, command, removed);
    } else {
      if (!deletesAll(args)) continue;
      for (const word of args) {
        if (word.prefix.startsWith("-") || word.prefix === "(" || word.prefix === "!") break;
        addPath(word, command, removed);
      }
    }
  }
  return removed;
}

function mayRemove({ name }: ProgramCall): boolean {
  return name !== undefined && (name === "find" || REMOVERS.has(name));
}

/** Whether find deletes whatever weighs anything, without looking at names or ages. */
function deletesAll(args: readonly ShellWord[]): boolean {
  const tests = args.filter(({ prefix }) => prefix.startsWith("-"));
  return (
    tests.some(({ value }) => value === "-delete") &&
    tests.every(
      (word) =>
        /^-(?:delete|mindepth|depth|xdev)$/.test(word.prefix) ||
        (word.prefix === "-type" && args[args.indexOf(word) + 1]?.value === "f"),
    )
  );
}

function addPath(word: ShellWord, command: ShellCommand, removed: RemovedPath[]): void {
  const path = homePath(word.value ?? word.text.replace(/["']/g, ""));
  if (path !== "" && !path.includes("$") && !path.includes("`")) removed.push({ path, word, command });
}

/** A path below somebody's home folder, written with `~`. */
export function homePath(path: string): string {
  return path.replace(/^(?:\$HOME|\$\{HOME\}|\/root|\/home\/[^/*]+)(?=\/|$)/, "~");
}

/** The index of the last command that deletes a path and all below it. */
const lastRemovalsOf = oncePerScript(findLastRemovals);

function findLastRemovals(script: Script): ReadonlyMap<string, number> {
  const removed = removedPaths(script);
  if (removed.length === 0) return NOTHING;
  const last = new Map<string, number>();
  for (const { path, command } of removed) {
    // `lists/*_*`, too: what a package manager loads is named after an address, with `_` for each slash.
    const base = path.replace(/(?:\/[*_]*)+$/, "");
    if (base !== "" && base !== "~") last.set(base, Math.max(command.index, last.get(base) ?? 0));
  }
  return last;
}

/** Whether a script deletes a place, or a folder that holds it, after the command of that index. */
export function clearsAfter(script: Script, index: number, place: string): boolean {
  const last = lastRemovalsOf(script);
  if (last.size === 0) return false;
  const target = homePath(place);
  for (let end = target.length; end > 0; end = target.lastIndexOf("/", end - 1)) {
    if ((last.get(target.slice(0, end)) ?? -1) > index) return true;
  }
  return false;
}
