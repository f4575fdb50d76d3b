import type { Script } from "../shell/nodes.ts";
import type { Instruction } from "../syntax/nodes.ts";
import type { Model, Stage } from "./model.ts";
import { foldStages } from "./stage-chain.ts";
import { matcherFor, writtenPaths, type WrittenPath } from "./written-paths.ts";

/** Gives the code of a RUN. */
type ScriptOf = (run: Instruction) => Script | undefined;

/**
 * What the layers up to a place hold, by path. A stage's own is stacked on that of the stage it is based on. What an
 * instruction writes is worked out when somebody asks below it, which most files never do.
 */
export class WrittenFiles {
  readonly #below: WrittenFiles | undefined;
  readonly #model: Model;
  readonly #scriptOf: ScriptOf;
  readonly #byPath = new Map<string, WrittenPath[]>();
  #unread: Instruction[] = [];

  constructor(below: WrittenFiles | undefined, model: Model, scriptOf: ScriptOf) {
    this.#below = below;
    this.#model = model;
    this.#scriptOf = scriptOf;
  }

  /** Adds what an instruction writes. */
  add(instruction: Instruction): void {
    this.#unread.push(instruction);
  }

  /** What a path names, or a folder of that path holds; it may hold wildcards. */
  heldBy(pattern: string): WrittenPath[] {
    const exact = this.#at(pattern);
    if (exact.length > 0) return exact;
    const matches = matcherFor(pattern);
    const found: WrittenPath[] = [];
    for (const files of this.#layers()) {
      for (const [path, written] of files.#read()) if (matches(path)) found.push(...written);
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
    for (const files of this.#layers()) found.push(...(files.#read().get(path) ?? []));
    return found;
  }

  #read(): ReadonlyMap<string, readonly WrittenPath[]> {
    for (const instruction of this.#unread) {
      for (const written of writtenPaths(instruction, this.#scriptOf(instruction), this.#model)) {
        const known = this.#byPath.get(written.path);
        if (known === undefined) this.#byPath.set(written.path, [written]);
        else known.push(written);
      }
    }
    this.#unread = [];
    return this.#byPath;
  }

  *#layers(): Generator<WrittenFiles> {
    yield this;
    for (let one = this.#below; one !== undefined; one = one.#below) yield one;
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
