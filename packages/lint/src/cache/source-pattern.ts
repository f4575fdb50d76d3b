/** Which path a source of COPY takes, and through which part of it. */
import { Dockerignore } from "docker-engine-sdk/dockerignore";

/** A path that a source takes. */
export interface Hit {
  /** What the source names: the path itself, or a folder above it; "" is everything. */
  readonly named: string;
  /** What follows below that folder; "" for the path itself. */
  readonly rest: string;
}

/**
 * How a source takes a path; undefined where it does not. Both are cleaned, without a leading `/`. As in Go's
 * `filepath.Match`, a star stays within one name, and hidden names match, too.
 */
export function hitOf(source: string, path: string): Hit | undefined {
  if (source === "") return { named: "", rest: path };
  const depth = source.split("/").length;
  const parts = path.split("/");
  if (parts.length < depth) return undefined;
  const named = parts.slice(0, depth).join("/");
  if (named !== source && !(isPattern(source) && matches(source.replaceAll(/\*+/g, "*"), named))) {
    return undefined;
  }
  return { named, rest: parts.slice(depth).join("/") };
}

/** How a source of `COPY --parents` takes a path: there two stars stand for any number of folders. */
export function hitOfParents(source: string, path: string): Hit | undefined {
  if (source === "") return { named: "", rest: path };
  const parts = path.split("/");
  for (let length = 1; length <= parts.length; length += 1) {
    const named = parts.slice(0, length).join("/");
    if (matches(source, named)) return { named, rest: parts.slice(length).join("/") };
  }
  return undefined;
}

/** Whether `--exclude` leaves a path out, which is relative to the folder that the source names; a file that it names stays. */
export function isExcluded(patterns: readonly string[], path: string): boolean {
  if (patterns.length === 0 || path === "") return false;
  try {
    return new Dockerignore(patterns.map((text) => ({ text, line: 1 }))).ignores(path);
  } catch {
    return false; // the builder refuses the pattern
  }
}

export function isPattern(source: string): boolean {
  return /[*?[\\]/.test(source);
}

/** Compiled patterns: a history asks for the same ones thousands of times. */
const compiled = new Map<string, Dockerignore>();
const MOST_COMPILED = 1000;

function matches(pattern: string, path: string): boolean {
  try {
    let own = compiled.get(pattern);
    if (own === undefined) {
      if (compiled.size >= MOST_COMPILED) compiled.clear();
      own = new Dockerignore([{ text: pattern.replace(/^!/, "[!]"), line: 1 }]);
      compiled.set(pattern, own);
    }
    return own.ignoresFile(path, undefined);
  } catch {
    return false; // the builder refuses the pattern
  }
}
