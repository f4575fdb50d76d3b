/** From what the user named (paths, globs, folders) to the files to lint. */
import { lstatSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { describeFileError } from "./read.ts";
import { isDockerfileName, isIgnoreFileName, withoutOwnedIgnoreFiles } from "./dockerfile-name.ts";
import { globBase, isGlob, type PathPatterns } from "./path-patterns.ts";

/** What was found, and what could not be looked at. */
export interface FoundFiles {
  /** As the user named them, or below what they named; no path twice. */
  readonly paths: readonly string[];
  /** One sentence each. */
  readonly errors: readonly string[];
  /** Arguments (folders and globs) that hold nothing to lint. */
  readonly empty: readonly string[];
}

/** Which files to take from folders and globs; what is named itself is always taken. */
export interface FindOptions {
  /** Further files that are Dockerfiles whatever their name. */
  readonly include: readonly PathPatterns[];
  /** Files and folders to leave out. */
  readonly exclude: readonly PathPatterns[];
}

/** Finds the files to lint. A folder stands for what git lists in it, or for all below it outside of a repository. */
export async function findDockerfiles(
  targets: readonly string[],
  { include, exclude }: FindOptions,
): Promise<FoundFiles> {
  /** As they were named first, by where they are. */
  const paths = new Map<string, string>();
  const add = (path: string): void => {
    if (!paths.has(resolve(path))) paths.set(resolve(path), path);
  };
  const errors: string[] = [];
  const empty: string[] = [];
  const excluded = (path: string): boolean => exclude.some(({ matches }) => matches(path));
  for (const target of targets) {
    const kind = kindOf(target);
    if (kind === "file") {
      add(target);
      continue;
    }
    if (target === "") {
      errors.push("An empty argument names no file.");
      continue;
    }
    let found: string[];
    try {
      if (kind === "folder") {
        const wanted = (path: string): boolean =>
          isDockerfileName(basename(path)) ||
          isIgnoreFileName(path) ||
          include.some(({ matches }) => matches(path));
        const files = listFolder(target, errors).filter((path) => wanted(path) && isToBeRead(path, errors));
        found = withoutOwnedIgnoreFiles(files, dirname);
      } else if (isGlob(target)) {
        const { compileGlob, globFault } = await import("./glob.ts");
        const fault = globFault(stripDot(target));
        if (fault !== undefined) {
          errors.push(`${target}: the pattern ${fault}.`);
          continue;
        }
        const matches = compileGlob(stripDot(target));
        found = listFolder(globBase(stripDot(target)) || ".", errors, true).filter(
          (path) => matches(stripDot(path)) && isToBeRead(path, errors),
        );
      } else {
        errors.push(describeFileError(target, kind));
        continue;
      }
    } catch (error) {
      errors.push(describeFileError(target, error));
      continue;
    }
    const kept = found.filter((path) => !excluded(path));
    if (kept.length === 0) empty.push(target);
    for (const path of kept) add(path);
  }
  return { paths: [...paths.values()], errors, empty };
}

function stripDot(path: string): string {
  return path.replace(/^(?:\.\/)+/, "");
}

/** "file" for anything that can be read as one (a pipe or a device, too), or the error of looking at it. */
function kindOf(path: string): "file" | "folder" | Error {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch (error) {
    return error as Error; // node:fs throws nothing else
  }
}

/** All files below a folder, sorted; by git where the folder is in a repository and `walkAlways` is not set. */
function listFolder(folder: string, errors: string[], walkAlways = false): string[] {
  const listed = walkAlways ? undefined : listByGit(folder);
  const paths = listed ?? walk(folder, errors);
  return paths.sort();
}

/** Tracked and new files that are not ignored, or undefined outside of a repository (or without git). */
function listByGit(folder: string): string[] | undefined {
  try {
    // Not imported: it brings sockets and streams along, and a run that is given files needs none.
    const { execFileSync } = process.getBuiltinModule("node:child_process");
    const output = execFileSync(
      "git",
      ["-C", folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"],
      { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 30 },
    );
    const paths = output.split("\0").filter((path) => path !== "");
    return paths.map((path) => join(folder, path));
  } catch {
    return undefined; // not a repository, no git, or a git too old for --deduplicate: walking is right for all three
  }
}

/**
 * Whether a path that was listed is a file, or a link that points at nothing, which is to be told. Git lists what was
 * deleted since the last commit, and submodules, as well; and nobody may ever write into a pipe that lies in a folder.
 */
function isToBeRead(path: string, errors: string[]): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    if (isThere(path)) return true;
  }
  if (path.includes("\ufffd")) errors.push(`${path}: cannot be read: the name is no UTF-8.`);
  return false;
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true; // in a folder that may not be looked into: reading it will tell
  }
}

/** Folders that hold other people's files, wherever they lie. */
const FOREIGN = new Set([".git", ".hg", ".svn", "node_modules"]);

/** A folder in it that cannot be looked into is told; the rest goes on. */
function walk(folder: string, errors: string[]): string[] {
  const files: string[] = [];
  const folders: string[] = [];
  const list = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (!entry.isDirectory()) files.push(join(path, entry.name));
      else if (!FOREIGN.has(entry.name)) folders.push(join(path, entry.name));
    }
  };
  list(folder);
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    try {
      list(next);
    } catch (error) {
      errors.push(describeFileError(next, error));
    }
  }
  return files;
}
