/** What of a build's context the build takes, and which lines of the ignore file would keep the rest out. */
import { Dockerignore, parseDockerignore, type FolderMatch } from "docker-engine-sdk/dockerignore";
import type { ContextEntry, ContextFacts } from "../../linter/facts/context-facts.ts";
import { analyse } from "../../semantics/analyse.ts";
import type { Model } from "../../semantics/model.ts";
import { takenPaths, type TakenPath } from "../../semantics/paths/taken-paths.ts";
import { parseDockerfile } from "../../syntax/parser.ts";
import type { MeasuredContext } from "../measurement.ts";

/** How many files and folders are listed. */
const LISTED = 20;

/** What is unused below this part of the context is not worth a line. */
const SMALLEST_PART = 1 / 100;

/**
 * The context without what this build sent, which only its builder knows.
 * @param dockerfile relative to the context
 * @param triggers what ONBUILD ran of other images and stages
 */
export function measureContext(
  facts: ContextFacts,
  model: Model,
  dockerfile: string | undefined,
  triggers: readonly string[] = [],
): Omit<MeasuredContext, "sentBytes"> {
  const ignoreFile = facts.ignoreFile?.path ?? ".dockerignore";
  const taken = [...takenByStages(model), ...takenByStages(triggerModel(triggers))];
  const matchers = taken.map(matcherOf);
  const tree = new Tree();
  for (const entry of facts.entries) {
    if (entry.ignored) continue;
    const isUsed = matchers.some((takes) => takes(entry.path));
    // The builder reads these itself, where nothing takes them.
    const isRead = entry.path === dockerfile || entry.path === ignoreFile;
    tree.add(entry, isUsed ? "used" : isRead ? "read" : "unused");
  }
  const { root } = tree;
  const unused = tree
    .unused()
    .filter(({ bytes }) => bytes > 0 && bytes >= root.bytes * SMALLEST_PART)
    .slice(0, LISTED);
  return {
    path: facts.path,
    files: root.files,
    bytes: root.bytes,
    usedFiles: root.usedFiles,
    usedBytes: root.usedBytes,
    unused,
    ignoreLines: linesFor(
      unused.map(({ path }) => path),
      facts,
    ),
    ignoreFile,
  };
}

function takenByStages(model: Model): TakenPath[] {
  return model.stages.filter(({ reachable }) => reachable).flatMap((stage) => takenPaths(stage, model));
}

/** From scratch, so that a variable nobody knows is empty: a trigger that names one takes all of the context. */
function triggerModel(triggers: readonly string[]): Model {
  return analyse(parseDockerfile(["FROM scratch", ...triggers, ""].join("\n")));
}

/** Whether an instruction takes a file: as BuildKit matches it, also by what is above it. */
function matcherOf({ path, excludes }: TakenPath): (file: string) => boolean {
  if (excludes.length === 0 && !/[\\*?[\]]/.test(path)) {
    return path === "" ? () => true : (file) => file === path || file.startsWith(`${path}/`);
  }
  const patterns = [path === "" ? "**" : path, ...excludes.map((pattern) => `!${pattern}`)];
  const matching = new Dockerignore(patterns.map((text, index) => ({ text, line: index + 1 })));
  const folders = new Map<string, FolderMatch>();
  const folderOf = (file: string): FolderMatch | undefined => {
    const slash = file.lastIndexOf("/");
    if (slash === -1) return undefined;
    const folder = file.slice(0, slash);
    const match = folders.get(folder) ?? matching.matchFolder(folder, folderOf(folder));
    folders.set(folder, match);
    return match;
  };
  return (file) => {
    try {
      return matching.ignoresFile(file, folderOf(file));
    } catch {
      return true; // what the builder refuses may take anything
    }
  };
}

interface Node {
  readonly path: string;
  readonly folder: boolean;
  files: number;
  bytes: number;
  usedFiles: number;
  usedBytes: number;
  /** Whether something in it has to stay. */
  needed: boolean;
  readonly children: Map<string, Node>;
}

/** Sums by folder. */
class Tree {
  readonly root: Node = newNode("", true);

  add({ path, type, size }: ContextEntry, use: "read" | "used" | "unused"): void {
    if (type === "directory") return;
    let node = this.root;
    count(node, size, use);
    const names = path.split("/");
    for (const [index, name] of names.entries()) {
      const isLast = index === names.length - 1;
      let child = node.children.get(name);
      if (child === undefined) {
        child = newNode(names.slice(0, index + 1).join("/"), !isLast);
        node.children.set(name, child);
      }
      count(child, size, use);
      node = child;
    }
  }

  /** Files and folders of which nothing is used, no folder with what is in it; the most bytes first. */
  unused(): { path: string; folder: boolean; files: number; bytes: number }[] {
    const found: Node[] = [];
    const visit = (node: Node): void => {
      for (const child of node.children.values()) {
        if (!child.needed) found.push(child);
        else visit(child);
      }
    };
    visit(this.root);
    return found
      .sort((a, b) => b.bytes - a.bytes)
      .map(({ path, folder, files, bytes }) => ({ path, folder, files, bytes }));
  }
}

function newNode(path: string, folder: boolean): Node {
  const nothing = { files: 0, bytes: 0, usedFiles: 0, usedBytes: 0 };
  return { path, folder, ...nothing, needed: false, children: new Map() };
}

function count(node: Node, size: number, use: "read" | "used" | "unused"): void {
  node.files += 1;
  node.bytes += size;
  if (use !== "unused") node.needed = true;
  if (use !== "used") return;
  node.usedFiles += 1;
  node.usedBytes += size;
}

/** Lines that keep out these paths; none for a name that no line can say. */
function linesFor(paths: readonly string[], { ignoreFile }: ContextFacts): string[] {
  const before = ignoreFile?.text ?? "";
  return paths.flatMap((path) => {
    const line = path.replace(/^[#!]|[\\*?[\]]/g, "\\$&");
    return keepsOut(`${before}\n${line}\n`, path) ? [line] : [];
  });
}

function keepsOut(text: string, path: string): boolean {
  try {
    return parseDockerignore(text).ignores(path);
  } catch {
    return false;
  }
}
