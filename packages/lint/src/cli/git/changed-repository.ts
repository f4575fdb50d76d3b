/** One git repository, and what changed in it since a revision. */
import { UsageError } from "../usage-error.ts";

/** A file at the merge base. */
interface CommittedFile {
  /** Whether the work tree still holds the same. */
  readonly isSame: boolean;
  /** What it held. */
  readonly text: () => string;
}

/** The work tree against the merge base of a revision and HEAD. */
export class ChangedRepository {
  readonly root: string;
  readonly #base: string;
  /** Files that differ, by their path now, with their path then; undefined for those that are new. */
  readonly #changed = new Map<string, string | undefined>();
  readonly #tracked: ReadonlySet<string>;

  /** Throws a {@link UsageError} where the two have no common commit. */
  constructor(root: string, revision: string) {
    this.root = root;
    this.#base = mergeBase(root, revision);
    const fields = git(root, ["diff", "--name-status", "-z", "-M", "--no-ext-diff", this.#base, "--"]).split(
      "\0",
    );
    while (fields.length > 1) {
      const [status = "", first = ""] = fields.splice(0, 2);
      if (/^[RC]/.test(status)) this.#changed.set(fields.shift() ?? "", first);
      else this.#changed.set(first, status === "A" ? undefined : first);
    }
    this.#tracked = new Set(git(root, ["ls-files", "-z"]).split("\0"));
  }

  /** The top folder of the repository that a folder is in. Throws a {@link UsageError}. */
  static rootOf(folder: string): string {
    try {
      return git(folder, ["rev-parse", "--show-toplevel"]).replace(/\n$/, "");
    } catch (error) {
      const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
      throw new UsageError(
        isMissing
          ? "--changed-since needs git, which is not installed."
          : `--changed-since: ${folder} is in no git repository.`,
        { cause: error },
      );
    }
  }

  /** A file as it was; undefined where there was none. Untracked files are new. `path` is relative to the root. */
  before(path: string): CommittedFile | undefined {
    const isChanged = this.#changed.has(path);
    if (!isChanged && !this.#tracked.has(path)) return undefined;
    const old = isChanged ? this.#changed.get(path) : path;
    if (old === undefined) return undefined;
    return { isSame: !isChanged, text: () => git(this.root, ["show", `${this.#base}:${old}`]) };
  }
}

function mergeBase(root: string, revision: string): string {
  const isShallow = attempt(root, ["rev-parse", "--is-shallow-repository"]) === "true";
  const hint = isShallow
    ? " This clone is shallow: fetch more history (git fetch --unshallow, or fetch-depth: 0 of actions/checkout)."
    : "";
  const commitOf = (name: string): string => {
    const commit = attempt(root, [
      "rev-parse",
      "--quiet",
      "--verify",
      "--end-of-options",
      `${name}^{commit}`,
    ]);
    if (commit !== undefined) return commit;
    throw new UsageError(`--changed-since: there is no commit "${name}" in ${root}.${hint}`);
  };
  const [theirs, ours] = [commitOf(revision), commitOf("HEAD")];
  const base = attempt(root, ["merge-base", theirs, ours]);
  if (base !== undefined) return base;
  throw new UsageError(`--changed-since: "${revision}" and HEAD have no commit in common.${hint}`);
}

function attempt(root: string, args: readonly string[]): string | undefined {
  try {
    return git(root, args).trim();
  } catch {
    return undefined; // git says no by its exit code
  }
}

function git(folder: string, args: readonly string[]): string {
  // Not imported: it brings sockets and streams along, and most runs need none.
  const { execFileSync } = process.getBuiltinModule("node:child_process");
  return execFileSync("git", ["-C", folder, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 1 << 30,
  });
}
