/** What becomes of fixes: written to the files, or shown as a diff. */
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Config } from "../../config/config.ts";
import type { ContextFolders } from "../../files/context.ts";
import { writeText } from "../../files/write.ts";
import type { Applicability } from "../../linter/diagnostic.ts";
import type { FixOptions } from "../../linter/fixer.ts";
import type { FileChange } from "../../report/unified-diff.ts";

/** Which fixes are wanted, and whether they are written. */
export interface FixRequest {
  readonly applicability: Applicability;
  /** Names of the only rules to fix; undefined means all. */
  readonly only: readonly string[] | undefined;
  /** Whether to show the changes and to write nothing. */
  readonly diff: boolean;
}

/** The changes of one run. */
export class FixedFiles {
  readonly #request: FixRequest;
  /** By the real path: two names of a file are one file. */
  readonly #changes = new Map<string, Pick<FileChange, "before" | "after">>();

  constructor(request: FixRequest) {
    this.#request = request;
  }

  /** How many files are changed. */
  get count(): number {
    return this.#changes.size;
  }

  /** What a file holds after the fixes so far, where they are only shown; undefined where it holds what it did. */
  textOf(path: string): string | undefined {
    return this.#request.diff ? this.#changes.get(realOf(path))?.after : undefined;
  }

  /** What the fixer is to do under a configuration. */
  optionsFor({ fix }: Config, codesOf: (names: readonly string[]) => readonly string[]): FixOptions {
    const { applicability, only } = this.#request;
    return {
      applicability: fix.unsafe ? "unsafe" : applicability,
      never: codesOf(fix.never),
      only: only && codesOf(only),
    };
  }

  /** Takes a changed Dockerfile over. Throws FileError. */
  take(path: string, before: string, after: string): void {
    if (after === before) return;
    if (!this.#request.diff) writeText(path, after, before);
    this.#keep(path, before, after);
  }

  /** Takes over what came through standard input; `path` is what it is called. */
  takeInput(path: string, before: string, after: string): void {
    if (after !== before && this.#request.diff) this.#keep(path, before, after);
  }

  /** Makes a file that is not there yet. Throws FileError. */
  create(path: string, text: string): void {
    if (!this.#request.diff) writeText(path, text, undefined);
    this.#keep(path, undefined, text);
  }

  /** Takes a changed or new ignore file over, and lets the files that follow see it. Throws FileError. */
  takeIgnoreFile(path: string, before: string | undefined, after: string, contexts: ContextFolders): void {
    if (this.#request.diff) contexts.pretend(path, after);
    else {
      writeText(path, after, before);
      contexts.forget();
    }
    this.#keep(path, before, after);
  }

  /** Where the diff is to be applied: the working folder, or the nearest one above it that holds all changed files. */
  get folder(): string {
    let folder = realpathSync(".");
    const isOutside = (path: string): boolean => nameIn(folder, path) === undefined;
    while ([...this.#changes.keys()].some(isOutside) && dirname(folder) !== folder) folder = dirname(folder);
    return folder;
  }

  /** All changes as one diff. */
  async diff(): Promise<string> {
    const { unifiedDiff } = await import("../../report/unified-diff.ts");
    const { folder } = this;
    return [...this.#changes]
      .map(([real, { before, after }]) => unifiedDiff({ path: nameIn(folder, real) ?? real, before, after }))
      .join("");
  }

  #keep(path: string, before: string | undefined, after: string): void {
    const real = realOf(path);
    const known = this.#changes.get(real);
    this.#changes.set(real, { before: known === undefined ? before : known.before, after });
  }
}

function realOf(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(resolve(path));
  return existsSync(folder) ? join(realpathSync(folder), basename(path)) : resolve(path);
}

/** A file's name in a folder, with `/` between its parts; undefined where it is not below it. */
function nameIn(folder: string, path: string): string | undefined {
  const near = relative(folder, path);
  const isOutside = near === ".." || near.startsWith(`..${sep}`) || isAbsolute(near);
  return isOutside ? undefined : near.split(sep).join("/");
}
