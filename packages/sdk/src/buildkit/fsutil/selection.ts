import type { ContextEntry } from "../../build-context/context-entry.ts";
import { Dockerignore, type FolderMatch } from "../../build-context/dockerignore.ts";
import type { PathSelection } from "../../build-context/walk.ts";

/** Reads patterns that the engine sends. */
export function parsePatterns(patterns: readonly string[]): Dockerignore {
  return new Dockerignore(patterns.map((text, index) => ({ text, line: index + 1 })));
}

/**
 * What the engine includes by patterns in the language of `.dockerignore`: what matches one, and all below it.
 * Undefined when that is everything.
 */
export function selectionOf(patterns: readonly string[]): PathSelection | undefined {
  if (patterns.length === 0) return undefined;
  const matcher = parsePatterns(patterns);
  const folders = new Map<string, FolderMatch>();
  const parentOf = (path: string): FolderMatch | undefined => {
    const end = path.lastIndexOf("/");
    if (end < 0) return undefined;
    const folder = path.slice(0, end);
    let match = folders.get(folder);
    if (match === undefined) {
      match = matcher.matchFolder(folder, parentOf(folder));
      folders.set(folder, match);
    }
    return match;
  };
  return {
    includes: (path) => matcher.ignoresFile(path, parentOf(path)),
    leadsInto: (folder) => matcher.patterns.some(({ pattern }) => mayMatchInside(pattern, folder)),
  };
}

/** Whether a pattern could match something below a folder. Says yes when only a full match could tell. */
function mayMatchInside(pattern: string, folder: string): boolean {
  const fixed = /^[^*?[\\]*/.exec(pattern)?.[0] ?? "";
  if (fixed === pattern) return pattern.startsWith(`${folder}/`);
  const below = `${folder}/`;
  return below.startsWith(fixed) || fixed.startsWith(below);
}

/** The given entries that the engine asks for, with the folders above them; for contexts that are on no disk. */
export function* selectEntries(
  entries: readonly ContextEntry[],
  ignore: Dockerignore,
  selection: PathSelection | undefined,
): Generator<ContextEntry, void, undefined> {
  const wanted = entries.filter(
    ({ path }) => selection?.includes(path) !== false && !ignore.ignores(path, "buildkit"),
  );
  const needed = new Set<string>();
  for (const { path } of wanted) {
    needed.add(path);
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      needed.add(path.slice(0, end));
    }
  }
  for (const entry of entries) if (needed.has(entry.path)) yield entry;
}
