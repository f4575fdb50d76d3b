/**
 * What is known about a build context's folder. The shell around the linter lists folders; what the ignore file
 * keeps out is decided here, so that rules and their examples see the same facts. Rules only read them.
 */
import { Dockerignore, DockerignoreError, parseDockerignore } from "docker-engine-sdk/dockerignore";

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
  /** The patterns of the ignore file; none where there is no file, or where the docker CLI refuses it. */
  readonly ignore: Dockerignore;
  /** Why the docker CLI refuses the ignore file, and where (1-based line). It then builds nothing. */
  readonly ignoreProblem: { readonly line: number; readonly message: string } | undefined;
  /**
   * Sorted by path, a folder before what is in it. Folders that are ignored as a whole are listed without what is in
   * them. The folder is walked when this is first read, so read it last.
   */
  readonly entries: readonly ContextEntry[];
  /** Whether the walk stopped at its limit, so that sums are "at least". Reading it needs the walk, too. */
  readonly truncated: boolean;
  /** Whether a path of the context exists, without a walk. */
  exists(path: string): boolean;
  /** Where the facts come from. */
  readonly source: ContextSource;
}

/** What a folder holds, by name. */
export interface FolderListing {
  readonly name: string;
  readonly type: ContextEntry["type"];
  readonly size: number;
}

/** Where the facts come from. */
export interface ContextSource {
  readonly path: string;
  readonly ignoreFile: IgnoreFile | undefined;
  /** What a folder of the context holds ("" is the context itself); empty for one that cannot be read. */
  list(folder: string): readonly FolderListing[];
  exists(path: string): boolean;
}

/** Entries after which a walk gives up: sums are a lower bound then. */
const WALK_LIMIT = 200_000;

/** The facts about a context, computed as they are read. */
export function contextFacts(source: ContextSource): ContextFacts {
  let ignore = new Dockerignore();
  let ignoreProblem: ContextFacts["ignoreProblem"];
  try {
    if (source.ignoreFile !== undefined) {
      const parsed = parseDockerignore(source.ignoreFile.text);
      tryPatterns(parsed);
      ignore = parsed;
    }
  } catch (error) {
    if (!(error instanceof DockerignoreError)) throw error;
    ignoreProblem = { line: error.line, message: error.message };
  }
  let walked: Walk | undefined;
  const walk = (): Walk => (walked ??= walkContext(source, ignore));
  return {
    path: source.path,
    ignoreFile: source.ignoreFile,
    ignore,
    ignoreProblem,
    get entries() {
      return walk().entries;
    },
    get truncated() {
      return walk().truncated;
    },
    exists: (path) => source.exists(path),
    source,
  };
}

/** Escapes and ranges that mean nothing are refused when they are first tried on a path. */
function tryPatterns({ patterns }: Dockerignore): void {
  for (const { pattern, line } of patterns) {
    if (/[[\\]/.test(pattern)) new Dockerignore([{ text: pattern, line }]).ignores("a");
  }
}

interface Walk {
  readonly entries: readonly ContextEntry[];
  readonly truncated: boolean;
}

function walkContext(source: ContextSource, ignore: Dockerignore): Walk {
  const entries: ContextEntry[] = [];
  const visit = (folder: string, match: ReturnType<Dockerignore["matchFolder"]> | undefined): void => {
    for (const { name, type, size } of source.list(folder)) {
      if (entries.length >= WALK_LIMIT) return;
      const path = folder === "" ? name : `${folder}/${name}`;
      if (type !== "directory") {
        entries.push({ path, type, size, ignored: ignore.ignoresFile(path, match) });
        continue;
      }
      const verdict = ignore.matchFolder(path, match);
      entries.push({ path, type, size: 0, ignored: verdict.ignored });
      if (!verdict.ignored || !ignore.skipsFolder(path, "buildkit")) visit(path, verdict);
    }
  };
  visit("", undefined);
  return { entries, truncated: entries.length >= WALK_LIMIT };
}

/** Files and bytes at `path` or below it ("" for everything) that reach the build. */
export function sentBelow(facts: ContextFacts, path: string): { files: number; bytes: number } {
  let files = 0;
  let bytes = 0;
  for (const entry of facts.entries) {
    if (entry.ignored || entry.type === "directory") continue;
    if (path !== "" && entry.path !== path && !entry.path.startsWith(`${path}/`)) continue;
    files += 1;
    bytes += entry.size;
  }
  return { files, bytes };
}
