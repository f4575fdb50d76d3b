/** Which files of a context `--touch` means. */
import { existsSync, realpathSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { ContextFiles } from "../../cache/context-files.ts";
import { compileGlob } from "../../files/glob.ts";
import { isGlob } from "../../files/path-patterns.ts";
import type { ContextFacts } from "../../linter/facts/context-facts.ts";
import { cleanContextPath } from "../../semantics/paths/taken-paths.ts";
import { UsageError } from "../usage-error.ts";

/** What is touched. */
export interface TouchedPaths {
  /** Relative to the context. */
  readonly paths: readonly string[];
  /** What the user should know, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Reads paths of the context, or of this folder; a folder stands for the files in it, a glob for those it matches. Throws a
 * {@link UsageError} for what cannot be a part of the context; of several contexts, that is noted.
 */
export function touchedPaths(
  { touched, isOfOne }: { readonly touched: readonly string[]; readonly isOfOne: boolean },
  folder: string | undefined,
  facts: ContextFacts | undefined,
  files: ContextFiles,
): TouchedPaths {
  const paths = new Set<string>();
  const notes: string[] = [];
  const refuse = (message: string): void => {
    if (isOfOne) throw new UsageError(message);
    notes.push(message);
  };
  for (const text of touched) {
    const path = inContext(text, folder);
    if (path === undefined) {
      refuse(`--touch: "${text}" is outside of the build context ${folder}.`);
      continue;
    }
    const found = facts === undefined ? [] : filesOf(path, facts, files);
    if (found.length === 0 && isGlob(path) && facts !== undefined && !facts.exists(path)) {
      refuse(`--touch: nothing in ${facts.path} matches "${text}".`);
      continue;
    }
    for (const one of found.length === 0 ? [path] : found) {
      const target = files.resolve(one);
      paths.add(one);
      // A link to a folder is no change of what is in that.
      if (target !== "" && files.typeOf(target) !== "directory") paths.add(target);
    }
    if (facts === undefined) continue;
    if (!facts.exists(path) && found.length === 0)
      notes.push(`${path} is not there: it is taken for a new file.`);
    else if (files.isIgnored(path, "buildkit")) {
      notes.push(`${path} is kept out of the build by ${facts.ignoreFile?.path ?? ".dockerignore"}.`);
    }
  }
  return { paths: [...paths], notes };
}

/** Follows links that stay in the context. */
export function linkResolver(folder: string | undefined): (path: string) => string {
  if (folder === undefined) return (path) => path;
  const known = new Map<string, string>();
  return (path) => {
    let real = known.get(path);
    if (real === undefined) {
      real = realPathIn(folder, path);
      known.set(path, real);
    }
    return real;
  };
}

function realPathIn(folder: string, path: string): string {
  if (path === "" || isGlob(path)) return path;
  try {
    const inside = relative(realpathSync(folder), realpathSync(join(folder, path)));
    return inside.startsWith("..") ? path : inside.split(sep).join("/");
  } catch {
    return path; // not there
  }
}

/**
 * A path as it is in the context: read from there, or from the working folder where it is only there; undefined for one
 * outside of it.
 */
function inContext(text: string, folder: string | undefined): string | undefined {
  if (text === "") throw new UsageError("--touch takes a path of the build context.");
  if (folder === undefined) return cleanContextPath(text);
  const isHere = text.startsWith("/") || (!existsSync(join(folder, text)) && existsSync(text));
  const inside = relative(resolve(folder), isHere ? resolve(text) : resolve(folder, text));
  if (inside === ".." || inside.startsWith(`..${sep}`)) return undefined;
  return inside.split(sep).join("/");
}

function filesOf(path: string, facts: ContextFacts, files: ContextFiles): string[] {
  const type = isGlob(path) && !facts.exists(path) ? undefined : files.typeOf(path);
  if (type === "file" || type === "other") return [path];
  if (type === undefined && !isGlob(path)) return [];
  const matches = type === "directory" ? undefined : compileGlob(path);
  const found = facts.entries.filter(
    (entry) =>
      entry.type !== "directory" &&
      (matches === undefined ? path === "" || entry.path.startsWith(`${path}/`) : matches(entry.path)),
  );
  return found.map((entry) => entry.path);
}
