/** Globs as people write them on a command line and in a configuration: `*`, `**`, `?`, `[ab]`, `{a,b}`. */

import { relative, resolve, sep } from "node:path";

/** Patterns, relative to a folder: that of the file that holds them. */
export interface PathPatterns {
  /** Absolute. */
  readonly folder: string;
  readonly patterns: readonly string[];
}

const SPECIAL = /[*?[\]{}]/;

/** Whether a text is more than a plain path. */
export function isGlob(text: string): boolean {
  return SPECIAL.test(text);
}

/** The folder that everything a glob matches lies below; "" for the current one. */
export function globBase(glob: string): string {
  const parts = glob.split("/");
  const first = parts.findIndex(isGlob);
  const base = parts.slice(0, first === -1 ? parts.length - 1 : first).join("/");
  return base === "" && glob.startsWith("/") ? "/" : base;
}

/** A test for paths with `/`. A glob that ends in `/` matches everything below that folder. */
export function compileGlob(glob: string): RegExp {
  const pattern = glob.endsWith("/") ? `${glob}**` : glob;
  let source = "";
  let depth = 0;
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (pattern.startsWith("**/", at) && (at === 0 || pattern.charAt(at - 1) === "/")) {
      source += "(?:[^/]+/)*";
      at += 2;
    } else if (pattern.startsWith("**", at)) {
      source += ".*";
      at += 1;
    } else if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "[" && pattern.includes("]", at + 2)) {
      const end = pattern.indexOf("]", at + 2);
      const set = pattern
        .slice(at + 1, end)
        .replaceAll("\\", "\\\\")
        .replace(/^!/, "^");
      source += `[${set}]`;
      at = end;
    } else if (character === "{" && pattern.includes("}", at)) {
      source += "(?:";
      depth += 1;
    } else if (character === "}" && depth > 0) {
      source += ")";
      depth -= 1;
    } else if (character === "," && depth > 0) source += "|";
    else source += character.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  }
  return new RegExp(`^${source}${")".repeat(depth)}$`);
}

/** Whether a path matches a pattern of `include`, `exclude` or `overrides`: one without `/` is matched anywhere. */
export function compilePathPattern(pattern: string): (path: string) => boolean {
  const clean = pattern.replace(/^\.\//, "");
  const anywhere = !clean.replace(/\/$/, "").includes("/");
  const rooted = clean.replace(/^\//, "");
  const exact = compileGlob(anywhere ? `**/${rooted}` : rooted);
  const below = compileGlob(`${anywhere ? "**/" : ""}${rooted.replace(/\/$/, "")}/**`);
  return (path) => exact.test(path) || below.test(path);
}

/** Whether any of the patterns matches a path; the path may be relative to the working folder. */
export function patternMatcher({ folder, patterns }: PathPatterns): (path: string) => boolean {
  const tests = patterns.map(compilePathPattern);
  if (tests.length === 0) return () => false;
  return (path) => {
    const inside = relative(folder, resolve(path)).split(sep).join("/");
    return tests.some((matches) => matches(inside));
  };
}
