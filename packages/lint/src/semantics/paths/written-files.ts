import type { Script } from "../../shell/nodes.ts";
import type { Instruction } from "../../syntax/nodes.ts";
import type { Model, Stage } from "../model.ts";
import { foldStages, layersFrom } from "../stages/stage-chain.ts";
import { matcherFor } from "./path-matcher.ts";
import { writtenPaths, type WrittenPath } from "./written-paths.ts";

// No image comes near these numbers; they keep the work for a file of megabytes in line with its length.
/** Linux takes no longer paths (PATH_MAX). */
const MAX_PATH = 4096;
/** Of what is written to one path, and of what a path holds in one stage, the latest is known. */
const MAX_WRITTEN = 64;
/** So often the paths of a stage are compared with wildcards. */
const MAX_COMPARED = 1_000_000;

/** Gives the code of a RUN. */
type ScriptOf = (run: Instruction) => Script | undefined;

/**
 * What the layers up to a place hold, by path. A stage's own is stacked on that of the stage it is based on. What an
 * instruction writes is worked out when somebody asks below it, which most files never do.
 */
export class WrittenFiles {
  readonly below: WrittenFiles | undefined;
  readonly #model: Model;
  readonly #scriptOf: ScriptOf;
  readonly #byPath = new Map<string, WrittenPath[]>();
  /** For each folder the paths below it, itself included; made when it is first asked for. */
  #byFolder: Map<string, string[]> | undefined;
  #unread: Instruction[] = [];
  #compared = 0;

  constructor(below: WrittenFiles | undefined, model: Model, scriptOf: ScriptOf) {
    this.below = below;
    this.#model = model;
    this.#scriptOf = scriptOf;
  }

  /** Adds what an instruction writes. */
  add(instruction: Instruction): void {
    this.#unread.push(instruction);
  }

  /** What a path names, or a folder of that path holds; it may hold wildcards. */
  heldBy(pattern: string): WrittenPath[] {
    const layers = layersFrom<WrittenFiles>(this);
    const exact = layers.flatMap((files) => files.#read().get(pattern) ?? []);
    if (exact.length > 0) return exact;
    const matches = matcherFor(pattern);
    const wild = pattern.search(/[*?[\\]/);
    const folder = wild === -1 ? pattern : pattern.slice(0, Math.max(0, pattern.lastIndexOf("/", wild)));
    return layers.flatMap((files) => files.#latest(folder, matches));
  }

  /** The trees and caches that a path lies in. */
  around(path: string): WrittenPath[] {
    if (path.length > MAX_PATH) return [];
    const layers = layersFrom<WrittenFiles>(this);
    return foldersOf(path).flatMap((folder) => layers.flatMap((files) => files.#read().get(folder) ?? []));
  }

  #read(): ReadonlyMap<string, readonly WrittenPath[]> {
    if (this.#unread.length === 0) return this.#byPath;
    for (const instruction of this.#unread) {
      for (const written of writtenPaths(instruction, this.#scriptOf(instruction), this.#model)) {
        const known = this.#byPath.get(written.path);
        if (known === undefined) {
          this.#byPath.set(written.path, [written]);
          if (this.#byFolder !== undefined) addToFolders(this.#byFolder, written.path);
        } else {
          if (known.length === MAX_WRITTEN) known.shift();
          known.push(written);
        }
      }
    }
    this.#unread = [];
    return this.#byPath;
  }

  /** What is written below a folder and matches, in order. */
  #latest(folder: string, matches: (path: string) => boolean): WrittenPath[] {
    const byPath = this.#read();
    if (byPath.size === 0) return [];
    if (this.#byFolder === undefined) {
      this.#byFolder = new Map();
      for (const path of byPath.keys()) addToFolders(this.#byFolder, path);
    }
    const found: WrittenPath[] = [];
    const paths = this.#byFolder.get(folder) ?? [];
    for (let index = paths.length - 1; index >= 0 && found.length < MAX_WRITTEN; index -= 1) {
      this.#compared += 1;
      if (this.#compared > MAX_COMPARED) break;
      const path = paths[index] ?? "";
      if (matches(path)) found.push(...(byPath.get(path) ?? []).toReversed());
    }
    return found.toReversed();
  }
}

/** The folders that hold a path, the nearest first. */
function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    folders.push(path.slice(0, end));
  }
  if (path.startsWith("/")) folders.push("/");
  return folders;
}

/** The root stands for all paths, and is known as "". */
function addToFolders(byFolder: Map<string, string[]>, path: string): void {
  if (path.length > MAX_PATH) return;
  for (const folder of ["", ...foldersOf(path), path]) {
    const paths = byFolder.get(folder);
    if (paths === undefined) byFolder.set(folder, [path]);
    else paths.push(path);
  }
}

const known = new WeakMap<Stage, WrittenFiles>();

/** What the stages hold that a stage is based on. */
export function filesBelow(stage: Stage, model: Model, scriptOf: ScriptOf): WrittenFiles {
  const base = stage.base.stage;
  if (base === undefined) return new WrittenFiles(undefined, model, scriptOf);
  const below = foldStages(base, known, (one, under) => {
    const files = new WrittenFiles(under, model, scriptOf);
    for (const instruction of one.instructions) files.add(instruction);
    return files;
  });
  return new WrittenFiles(below, model, scriptOf);
}
