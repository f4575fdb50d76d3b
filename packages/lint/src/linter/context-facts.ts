/**
 * What is known about a build context's folder. The shell around the linter walks the folder and hands the
 * facts over as a value; rules only read it.
 */

/** One path of the folder. */
export interface ContextEntry {
  /** Relative to the folder, with `/`, without a leading one. */
  readonly path: string;
  readonly type: "file" | "directory" | "link" | "other";
  /** Bytes; 0 for anything but a file. */
  readonly size: number;
  /** Whether the ignore file keeps it out of the build. */
  readonly ignored: boolean;
}

/** The ignore file that applies to one Dockerfile. */
export interface IgnoreFile {
  /** Relative to the context: `.dockerignore`, or `app.Dockerfile.dockerignore`, which wins over it. */
  readonly path: string;
  readonly text: string;
}

/** The facts about the context of one Dockerfile. */
export interface ContextFacts {
  /** How messages call the folder. */
  readonly path: string;
  /** Undefined where there is none. */
  readonly ignoreFile: IgnoreFile | undefined;
  /**
   * Sorted by path. Folders that are ignored as a whole are listed without what is in them. Computed when
   * first read, so read it last.
   */
  readonly entries: readonly ContextEntry[];
  /** Whether the walk stopped at its limit, so that sums are "at least". Reading it needs the walk, too. */
  readonly truncated: boolean;
}

/** Files and bytes below `prefix` (a path, or "" for everything) that reach the build. */
export function sentBelow(facts: ContextFacts, prefix: string): { files: number; bytes: number } {
  let files = 0;
  let bytes = 0;
  for (const entry of facts.entries) {
    if (entry.ignored || entry.type === "directory") continue;
    if (prefix !== "" && entry.path !== prefix && !entry.path.startsWith(`${prefix}/`)) continue;
    files += 1;
    bytes += entry.size;
  }
  return { files, bytes };
}
