/**
 * Globs as people write them on a command line and in a configuration: `*`, `**`, `?`, `[ab]`, `{a,b}`. Loaded only where
 * there are any.
 */
import { relative, resolve, sep } from "node:path";
import picomatch from "picomatch";
import type { PathPatterns } from "./path-patterns.ts";

/** Tells whether a path, with `/` between its parts, is meant. */
type PathTest = (path: string) => boolean;

/** No path is longer (PATH_MAX), and of much longer globs V8 can make no regular expression. */
const LONGEST = 4096;

/** A test for paths with `/`. A glob that ends in `/` matches everything below that folder. */
export function compileGlob(glob: string): PathTest {
  const pattern = glob.endsWith("/") ? `${glob}**` : glob;
  if (pattern === "" || pattern.length > LONGEST) return () => false;
  // Of the shell's extended globs none are meant: `(`, `)`, `|`, `+` and `@` are letters of names.
  const plain = pattern.replace(/\\.|[()|+@]/gs, (found) => (found.length > 1 ? found : `\\${found}`));
  return picomatch(plain, {
    dot: true,
    nonegate: true,
    posix: true, // [[:digit:]]
    strictSlashes: true,
    flags: "s", // names may hold line ends
    nobrace: plain.split("{").length !== plain.split("}").length, // an open one would make it match nothing
  });
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
