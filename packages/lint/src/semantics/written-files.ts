import type { Script } from "../shell/nodes.ts";
import type { Instruction } from "../syntax/nodes.ts";
import type { Model, Stage } from "./model.ts";
import { foldStages } from "./stage-chain.ts";
import { matcherFor, writtenPaths, type WrittenPath } from "./written-paths.ts";

/** What the layers up to a place hold, by path. A stage's own is stacked on that of the stage it is based on. */
export class WrittenFiles {
  readonly #below: WrittenFiles | undefined;
  readonly #byPath = new Map<string, WrittenPath[]>();

  constructor(below: WrittenFiles | undefined) {
    this.#below = below;
  }

  add(written: readonly WrittenPath[]): void {
    for (const one of written) {
      const known = this.#byPath.get(one.path);
      if (known === undefined) this.#byPath.set(one.path, [one]);
      else known.push(one);
    }
  }

  /** What a path names, or a folder of that path holds; it may hold wildcards. */
  heldBy(pattern: string): WrittenPath[] {
    const exact = this.#at(pattern);
    if (exact.length > 0) return exact;
    const matches = matcherFor(pattern);
    const found: WrittenPath[] = [];
    for (const files of this.#layers()) {
      for (const [path, written] of files.#byPath) if (matches(path)) found.push(...written);
    }
    return found;
  }

  /** The trees and caches that a path lies in. */
  around(path: string): WrittenPath[] {
    const found: WrittenPath[] = [];
    for (let end = path.lastIndexOf("/"); end >= 0; end = path.lastIndexOf("/", end - 1)) {
      found.push(...this.#at(end === 0 ? "/" : path.slice(0, end)));
      if (end === 0) break;
    }
    return found;
  }

  #at(path: string): WrittenPath[] {
    const found: WrittenPath[] = [];
    for (const files of this.#layers()) found.push(...(files.#byPath.get(path) ?? []));
    return found;
  }

  *#layers(): Generator<WrittenFiles> {
    yield this;
    for (let one = this.#below; one !== undefined; one = one.#below) yield one;
  }
}

const known = new WeakMap<Stage, WrittenFiles>();

/** What the stages hold that a stage is based on. */
export function filesBelow(
  stage: Stage,
  model: Model,
  scriptOf: (run: Instruction) => Script | undefined,
): WrittenFiles {
  const base = stage.base.stage;
  if (base === undefined) return new WrittenFiles(undefined);
  const below = foldStages(base, known, (one, under) => {
    const files = new WrittenFiles(under);
    for (const instruction of one.instructions)
      files.add(writtenPaths(instruction, scriptOf(instruction), model));
    return files;
  });
  return new WrittenFiles(below);
}
