import { lstatSync, readdirSync, readlinkSync } from "node:fs";
import { decodeName, pathOnDisk } from "../../build-context/file-name.ts";
import { compilePattern } from "../../build-context/ignore-pattern.ts";

// Links on the way to one path: as many as Linux follows.
const mostLinks = 40;
const wildcard = /[*?[\\]/;

/**
 * The paths that a list of wanted ones means: each of them, and where the links on the way to it lead, inside the
 * folder. Parts may hold wildcards. Undefined when one means the whole folder.
 */
export function followLinks(root: string, paths: readonly string[]): readonly string[] | undefined {
  const found = new Set<string>();
  const walk = (done: readonly string[], rest: readonly string[], links: number): boolean => {
    const [part, ...after] = rest;
    if (part === undefined) {
      if (done.length === 0) return false;
      found.add(done.join("/"));
      return true;
    }
    if (part === "." || part === "") return walk(done, after, links);
    if (part === "..") return walk(done.slice(0, -1), after, links);
    if (wildcard.test(part)) {
      found.add([...done, part, ...after].join("/"));
      // Of what matches only links lead elsewhere than the pattern.
      return namesLike(root, done, part).every((name) => {
        const isLink = linkTarget(root, [...done, name]) !== undefined;
        return after.length === 0 && !isLink ? true : walk(done, [name, ...after], links);
      });
    }
    const target = links < mostLinks ? linkTarget(root, [...done, part]) : undefined;
    if (target === undefined) return walk([...done, part], after, links);
    found.add([...done, part].join("/"));
    return walk(target.startsWith("/") ? [] : done, [...target.split("/"), ...after], links + 1);
  };
  const isPart = paths.every((path) => walk([], path.split("/"), 0));
  return isPart ? [...found] : undefined;
}

function namesLike(root: string, folder: readonly string[], pattern: string): readonly string[] {
  let matches: (name: string) => boolean;
  let names: Buffer[];
  try {
    matches = compilePattern(pattern);
    names = readdirSync(onDisk(root, folder), { encoding: "buffer" });
  } catch {
    return []; // what is not there, or means nothing, leads nowhere
  }
  return names.map((name) => decodeName(name)).filter((name) => !wildcard.test(name) && matches(name));
}

function linkTarget(root: string, parts: readonly string[]): string | undefined {
  const path = onDisk(root, parts);
  try {
    if (!lstatSync(path).isSymbolicLink()) return undefined;
    return decodeName(readlinkSync(path, { encoding: "buffer" }));
  } catch {
    return undefined; // the engine says what is missing
  }
}

function onDisk(root: string, parts: readonly string[]): string | Buffer {
  return pathOnDisk([root, ...parts].join("/"));
}
