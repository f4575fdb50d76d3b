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
    const place = resolve(path);
    if (!paths.has(place)) paths.set(place, path);
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
        const { files: listed, isFile } = listFolder(target, errors);
        const files = listed.filter((path) => wanted(path) && isFile(path));
        found = withoutOwnedIgnoreFiles(files, dirname);
      } else if (isGlob(target)) {
        const { compileGlob, globFault } = await import("./glob.ts");
        const fault = globFault(stripDot(target));
        if (fault !== undefined) {
          errors.push(`${target}: the pattern ${fault}.`);
          continue;
        }
        const matches = compileGlob(stripDot(target));
        const { files: listed, isFile } = listFolder(globBase(stripDot(target)) || ".", errors, true);
        found = listed.filter((path) => matches(stripDot(path)) && isFile(path));
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

/** What a folder holds. */
interface Listing {
  /** All below it but folders, sorted. */
  readonly files: string[];
  /** Whether one of them is to be read. */
  readonly isFile: (path: string) => boolean;
}

/** Lists by git where the folder is in a repository and `walkAlways` is not set. */
function listFolder(folder: string, errors: string[], walkAlways = false): Listing {
  const listed = walkAlways ? undefined : listByGit(folder);
  if (listed !== undefined) return { files: listed.sort(), isFile: (path) => isToBeRead(path, errors) };
  const { files, others } = walk(folder, errors);
  return { files: files.sort(), isFile: (path) => !others.has(path) || isToBeRead(path, errors) };
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

/** What is below a folder; `others` are no plain files. A folder that cannot be looked into is told; the rest goes on. */
function walk(folder: string, errors: string[]): { files: string[]; others: ReadonlySet<string> } {
  const files: string[] = [];
  const others = new Set<string>();
  const folders: string[] = [];
  const list = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const place = join(path, entry.name);
      if (!entry.isDirectory()) {
        files.push(place);
        // A name that is no UTF-8 is not the one that it is listed as.
        if (!entry.isFile() || entry.name.includes("\ufffd")) others.add(place);
      } else if (!FOREIGN.has(entry.name)) folders.push(place);
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
  return { files, others };
}
