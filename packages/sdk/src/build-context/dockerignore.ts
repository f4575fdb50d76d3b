/**
 * `.dockerignore` as the docker CLI reads and applies it (moby's patternmatcher and the walkers around it).
 * A leaf: it touches no file and knows no engine, so that a linter can use it too.
 */
import { compilePattern, type PathMatcher } from "./ignore-pattern.ts";

/** One pattern that takes part in matching. */
export interface IgnorePattern {
  /** Cleaned: without `!`, without a leading or trailing `/`, without `./`, `//` and `x/../`. */
  readonly pattern: string;
  /** True for an exception (`!pattern`). */
  readonly negated: boolean;
  /** 1-based line of the file. */
  readonly line: number;
}

/** A folder's verdict, to be handed on to what is inside it. */
export interface FolderMatch {
  /** Whether the folder itself is left out. */
  readonly ignored: boolean;
  /** Which patterns matched the folder or a folder above it. */
  readonly matched: readonly boolean[];
}

/** Who packs the context: the two do not agree below ignored folders. */
export type ContextBuilder = "buildkit" | "classic";

/** A pattern the docker CLI refuses; it then sends no context at all. */
export class DockerignoreError extends Error {
  /** The class's name. */
  override readonly name = "DockerignoreError";
  /** 1-based line of the file. */
  readonly line: number;
  /** The line as written. */
  readonly pattern: string;

  constructor(message: string, options: { line: number; pattern: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.line = options.line;
    this.pattern = options.pattern;
  }
}

/** The CLI reads lines through a buffer of this many bytes, line end included. */
const longestLine = 65_535;

/**
 * Reads the text of an ignore file. Throws {@link DockerignoreError} for what the docker CLI refuses: here, or, for
 * escapes and ranges that mean nothing (`\\y`, `[b-a]`), when the pattern is first tried on a path.
 */
export function parseDockerignore(text: string): Dockerignore {
  const lines = (text.startsWith("\ufeff") ? text.slice(1) : text).split("\n");
  const entries: { text: string; line: number }[] = [];
  for (const [index, raw] of lines.entries()) {
    const line = index + 1;
    const written = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (raw.length * 3 > longestLine && new TextEncoder().encode(raw).length > longestLine) {
      const message = `line ${line} of the ignore file is longer than ${longestLine} bytes`;
      throw new DockerignoreError(message, { line, pattern: written });
    }
    if (written.startsWith("#")) continue;
    const trimmed = trimBlanks(written);
    if (trimmed !== "") entries.push({ text: withoutRoot(trimmed), line });
  }
  return new Dockerignore(entries);
}

/** The patterns of an ignore file, ready to match. */
export class Dockerignore {
  /** The patterns, in the file's order. */
  readonly patterns: readonly IgnorePattern[];
  /** Whether any pattern is an exception (`!pattern`). */
  readonly hasExceptions: boolean;
  readonly #matchers: readonly PathMatcher[];
  /** See {@link skipsFolder}; undefined when BuildKit has to look into every folder. */
  readonly #buildkitExceptions: readonly string[] | undefined;

  /** Takes patterns as BuildKit asks for them in `exclude-patterns`; {@link parseDockerignore} reads a file. */
  constructor(entries: Iterable<{ readonly text: string; readonly line: number }> = []) {
    const patterns: IgnorePattern[] = [];
    const matchers: PathMatcher[] = [];
    for (const { text, line } of entries) {
      const cleaned = trimBlanks(text) === "" ? "" : cleanPath(trimBlanks(text));
      if (cleaned === "") continue;
      const negated = cleaned.startsWith("!");
      const pattern = negated ? cleaned.slice(1) : cleaned;
      matchers.push(compile(pattern, { line, pattern: text }));
      patterns.push({ pattern, negated, line });
    }
    this.patterns = patterns;
    this.#matchers = matchers;
    const exceptions = patterns.filter(({ negated }) => negated).map(({ pattern }) => pattern);
    this.hasExceptions = exceptions.length > 0;
    const plain = exceptions.map(withoutTrailingStars);
    this.#buildkitExceptions = plain.some((pattern) => /[*[\]?^\\]/.test(pattern)) ? undefined : plain;
  }

  /**
   * Whether a path inside the context stays behind. The folders above it are judged first, as a walk would.
   * A folder reported as ignored is still sent by BuildKit when something inside it is.
   */
  ignores(path: string, builder: ContextBuilder = "buildkit"): boolean {
    const parts = cleanPath(path).split("/");
    let folder: FolderMatch | undefined;
    for (let length = 1; length < parts.length; length++) {
      const parent = parts.slice(0, length).join("/");
      folder = this.matchFolder(parent, folder);
      if (folder.ignored && this.skipsFolder(parent, builder)) return true;
    }
    return this.ignoresFile(parts.join("/"), folder);
  }

  /** For walkers: the verdict on what is no folder. `parent` is undefined at the top of the context. */
  ignoresFile(path: string, parent: FolderMatch | undefined): boolean {
    return this.#match(path, parent, undefined);
  }

  /** For walkers: the verdict on a folder, to be passed on to its contents. */
  matchFolder(path: string, parent: FolderMatch | undefined): FolderMatch {
    const matched: boolean[] = [];
    return { ignored: this.#match(path, parent, matched), matched };
  }

  /** For walkers: whether an ignored folder need not be entered, because no exception can bring back anything in it. */
  skipsFolder(path: string, builder: ContextBuilder): boolean {
    if (!this.hasExceptions) return true;
    const below = `${path}/`;
    if (builder === "classic") {
      return !this.patterns.some(({ pattern, negated }) => negated && `${pattern}/`.startsWith(below));
    }
    if (this.#buildkitExceptions === undefined) return false;
    return !this.#buildkitExceptions.some((pattern) => `${pattern}/`.startsWith(below));
  }

  #match(path: string, parent: FolderMatch | undefined, matched: boolean[] | undefined): boolean {
    let ignored = false;
    for (let index = 0; index < this.patterns.length; index++) {
      const negated = this.patterns[index]?.negated ?? false;
      let hit = parent?.matched[index] ?? false;
      // A pattern that could not change the verdict is not even tried: what is below then does not inherit it.
      if (!hit && negated === ignored) hit = this.#matchers[index]?.(path) ?? false;
      if (hit) ignored = !negated;
      if (matched !== undefined) matched[index] = hit;
    }
    return ignored;
  }
}

function compile(pattern: string, place: { line: number; pattern: string }): PathMatcher {
  function refuse(cause: unknown): never {
    if (!(cause instanceof SyntaxError)) throw cause;
    const message = `line ${place.line} of the ignore file: ${cause.message}: ${place.pattern}`;
    throw new DockerignoreError(message, { ...place, cause });
  }
  try {
    if (pattern === "") throw new SyntaxError('an exception needs a pattern after "!"');
    const matches = compilePattern(pattern);
    return (path) => {
      try {
        return matches(path);
      } catch (cause) {
        return refuse(cause);
      }
    };
  } catch (cause) {
    return refuse(cause);
  }
}

/** What the file's reader does to a pattern before it is compiled: `/x` is `x`. */
function withoutRoot(pattern: string): string {
  const sign = pattern.startsWith("!") ? "!" : "";
  const bare = trimBlanks(pattern.slice(sign.length));
  if (bare === "") return sign;
  const cleaned = cleanPath(bare);
  return sign + (cleaned.length > 1 && cleaned.startsWith("/") ? cleaned.slice(1) : cleaned);
}

function withoutTrailingStars(pattern: string): string {
  return pattern.replace(/\/\*\*$/, "").replace(/\/\*$/, "");
}

/** The shortest equal path: no empty, `.` or inner `..` parts, no trailing `/`; `.` when nothing is left. */
function cleanPath(path: string): string {
  const root = path.startsWith("/") ? "/" : "";
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (root === "") parts.push(part);
  }
  return root + parts.join("/") || ".";
}

/** Unicode's white space, which unlike JavaScript's has U+0085 and has no U+FEFF. */
function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charAt(start))) start++;
  while (end > start && isBlank(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(char: string): boolean {
  return char === "\u0085" || (char !== "\ufeff" && char.trim() === "");
}
