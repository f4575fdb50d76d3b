/**
 * Globs as people write them on a command line and in a configuration: `*`, `**`, `?`, `[ab]`, `{a,b}`. Loaded only where
 * there are any.
 */
import { relative, resolve, sep } from "node:path";
import picomatch, { type PicomatchOptions } from "picomatch";
import { alternativesOf, MOST_ALTERNATIVES } from "./braces.ts";
import type { PathPatterns } from "./path-patterns.ts";
import { starGlob } from "./star-glob.ts";

/** Tells whether a path, with `/` between its parts, is meant. */
type PathTest = (path: string) => boolean;

/** No path is longer (PATH_MAX), and of much longer globs V8 can make no regular expression. */
const LONGEST = 4096;

/** For so many stars a regular expression has soon tried all ways to share a path out among them. */
const FEW_STARS = 2;

const OPTIONS: PicomatchOptions = {
  dot: true,
  nonegate: true,
  posix: true, // [[:digit:]]
  strictSlashes: true,
  flags: "s", // names may hold line ends
};

/** A test for paths with `/`. A glob that ends in `/` matches everything below that folder; a faulty one nothing. */
export function compileGlob(glob: string): PathTest {
  if (globFault(glob) !== undefined) return () => false;
  const pattern = normalised(glob);
  if (starsIn(pattern) <= FEW_STARS) {
    // An open brace would make it match nothing.
    return picomatch(pattern, { ...OPTIONS, nobrace: !hasBraces(pattern) });
  }
  const tests = (hasBraces(pattern) ? (alternativesOf(pattern) ?? []) : [pattern]).map((one) =>
    starsIn(one) <= FEW_STARS
      ? picomatch(one, { ...OPTIONS, nobrace: !hasBraces(one) })
      : starGlob(one, (text) => picomatch(text, OPTIONS)),
  );
  return (path) => tests.some((test) => test(path));
}

/** Why a glob can be none: the end of a sentence; undefined where it can. */
export function globFault(glob: string): string | undefined {
  if (glob === "") return "is empty";
  if (glob.length > LONGEST) return `is longer than ${LONGEST} characters, and no path is`;
  const pattern = normalised(glob);
  if (!hasBraces(pattern) || alternativesOf(pattern) !== undefined) return undefined;
  return `stands for more than ${MOST_ALTERNATIVES} patterns by its braces`;
}

function normalised(glob: string): string {
  return (
    (glob.endsWith("/") ? `${glob}**` : glob)
      // Of the shell's extended globs none are meant: `(`, `)`, `|`, `+` and `@` are letters of names.
      .replace(/\\.|[()|+@]/gs, (found) => (found.length > 1 ? found : `\\${found}`))
      // The same again means no more, and would be tried in as many ways.
      .replace(/(?<=^|\/)(?:\*\*\/){2,}/g, "**/")
      .replace(/(?<=^|\/)\*\*\/\*\*$/, "**")
  );
}

function starsIn(pattern: string): number {
  return pattern.match(/\*+/g)?.length ?? 0;
}

function hasBraces(pattern: string): boolean {
  const opened = pattern.split("{").length;
  return opened > 1 && opened === pattern.split("}").length;
}

/** Whether a path matches a pattern of `include`, `exclude` or `overrides`: one without `/` is matched anywhere. */
export function compilePathPattern(pattern: string): PathTest {
  const clean = pattern.replace(/^\.\//, "");
  const anywhere = !clean.replace(/\/$/, "").includes("/");
  const glob = anywhere ? `**/${clean.replace(/^\//, "")}` : clean.replace(/^\//, "");
  const exact = compileGlob(glob);
  const below = compileGlob(glob.endsWith("/") ? glob : `${glob}/`);
  // `**` does not match `..`, but what is outside of the folder is somewhere, too.
  const place = glob.startsWith("**/") ? /^(?:\.\.\/)+/ : /^$/;
  return (path) => {
    const inside = path.replace(place, "");
    return exact(inside) || below(inside);
  };
}

/** Patterns of a file in a folder, or of the command line. */
export function pathPatterns(folder: string, patterns: readonly string[]): PathPatterns {
  const tests = patterns.map(compilePathPattern);
  const matches = (path: string): boolean => {
    const inside = relative(folder, resolve(path)).split(sep).join("/");
    return tests.some((test) => test(inside));
  };
  return { folder, patterns, matches };
}
