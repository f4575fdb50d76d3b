/** Finds out what a Dockerfile means. Pure; most of it is worked out when it is asked for. */
import { lastBefore } from "../source/count-before.ts";
import type { Dockerfile, FromInstruction, Instruction, Keyword, Word } from "../syntax/nodes.ts";
import { globalBuiltins } from "./variables/builtins.ts";
import { expand, expandPlain } from "./variables/expand.ts";
import type { Surrounding } from "./variables/expand.ts";
import { parseImageReference, type ImageReference } from "./images/image-reference.ts";
import type { AnalyseOptions, Expansion, Model, Stage, State } from "./model.ts";
import { Places } from "./stages/places.ts";
import { Scope } from "./scope.ts";
import { declared } from "./apply-instruction.ts";
import { DEFAULT_SHELL, shellSetBy } from "./shells.ts";
import { StageNode } from "./stage.ts";
import type { StageHost } from "./stage.ts";
import { ScopeState } from "./state.ts";

const END = Number.POSITIVE_INFINITY;

/** The meaning of a file. Never throws; what cannot be known is undefined in the model. */
export function analyse(dockerfile: Dockerfile, options: AnalyseOptions = {}): Model {
  return new FileModel(dockerfile, options);
}

/** What a word becomes in an instruction. */
interface Expanded {
  readonly instruction: Instruction;
  readonly expansion: Expansion;
}

class FileModel implements Model, StageHost {
  declare readonly dockerfile: Dockerfile;
  declare readonly preamble: readonly Instruction[];
  declare readonly stages: readonly StageNode[];
  declare readonly target: StageNode | undefined;
  declare readonly options: AnalyseOptions;
  declare readonly escape: Dockerfile["escape"];
  readonly #places: Places;
  readonly #keywords = new Set<Keyword>();
  /** What words with variables become; one rule after the other asks. */
  readonly #expansions = new Map<Word, Expanded>();
  /** Stages often share their image. */
  readonly #references = new Map<string, ImageReference | undefined>();
  #globals: Scope | undefined;
  #ungiven: Model | undefined;
  #reachable: ReadonlySet<Stage> | undefined;
  #shipped: ReadonlySet<Stage> | undefined;
  #byName: ReadonlyMap<string, readonly StageNode[]> | undefined;

  constructor(dockerfile: Dockerfile, options: AnalyseOptions) {
    this.dockerfile = dockerfile;
    this.options = options;
    this.escape = dockerfile.escape;
    this.#places = new Places(dockerfile.instructions);
    const { instructions } = dockerfile;
    const stages: StageNode[] = [];
    let from: FromInstruction | undefined;
    let start = 0;
    for (let end = 0; end <= instructions.length; end += 1) {
      const next = instructions[end];
      if (next !== undefined) this.#keywords.add(next.keyword);
      if (next !== undefined && next.keyword !== "FROM") continue;
      const between = instructions.slice(start, end);
      if (from === undefined) this.preamble = between;
      else stages.push(new StageNode(stages.length, from, between, this));
      from = next;
      start = end + 1;
    }
    this.stages = stages;
    this.target = this.#findTarget();
  }

  get ungiven(): Model {
    const { buildArgs, platform, ...rest } = this.options;
    if (buildArgs === undefined && platform === undefined) return this;
    this.#ungiven ??= new FileModel(this.dockerfile, rest);
    return this.#ungiven;
  }

  get globals(): Scope {
    this.#globals ??= this.#readGlobals();
    return this.#globals;
  }

  has(keyword: Keyword): boolean {
    return this.#keywords.has(keyword);
  }

  stageOf(instruction: Instruction): StageNode | undefined {
    const index = this.#places.stageOf(instruction);
    return index === undefined ? undefined : this.stages[index];
  }

  stageNamed(nameOrIndex: string, before?: Stage): StageNode | undefined {
    const name = nameOrIndex.toLowerCase();
    this.#byName ??= this.#indexNames();
    const limit = before?.index ?? this.stages.length;
    const named = lastBelow(this.#byName.get(name), limit);
    if (named || !/^\d+$/.test(name)) return named;
    const stage = this.stages[Number(name)];
    return stage && stage.index < limit ? stage : undefined;
  }

  positionOf(instruction: Instruction): number {
    return this.#places.positionOf(instruction);
  }

  state(instruction: Instruction): State {
    const stage = this.stageOf(instruction);
    const position = this.positionOf(instruction);
    if (!stage) return new ScopeState(this.globals, position);
    return position < 0 ? new ScopeState(this.globals, END) : new ScopeState(stage.scope, position);
  }

  expand(word: Word, instruction: Instruction): Expansion {
    const plain = expandPlain(word, this.escape);
    if (plain !== undefined) return plain;
    const known = this.#expansions.get(word);
    if (known?.instruction === instruction) return known.expansion;
    const expansion = this.#expand(word, instruction);
    this.#expansions.set(word, { instruction, expansion });
    return expansion;
  }

  #expand(word: Word, instruction: Instruction): Expansion {
    const stage = this.stageOf(instruction);
    const position = this.positionOf(instruction);
    if (stage && position >= 0) return expand(word, stage.surrounding(position));
    return expand(word, this.#globalSurrounding(stage ? END : position));
  }

  imageReference(name: string): ImageReference | undefined {
    let reference = this.#references.get(name);
    if (reference === undefined && !this.#references.has(name)) {
      reference = parseImageReference(name);
      this.#references.set(name, reference);
    }
    return reference;
  }

  isShipped(stage: Stage): boolean {
    this.#shipped ??= this.#findShipped();
    return this.#shipped.has(stage);
  }

  isReachable(stage: Stage): boolean {
    this.#reachable ??= this.#findReachable();
    return this.#reachable.has(stage);
  }

  #globalSurrounding(position: number): Surrounding {
    return { escape: this.escape, open: false, variable: (name) => this.globals.variable(name, position) };
  }

  #readGlobals(): Scope {
    const builtins = globalBuiltins(this.options);
    const scope = new Scope(undefined, builtins, DEFAULT_SHELL, false);
    this.#globals = scope;
    let position = -1;
    for (const instruction of this.preamble) {
      position += 1;
      // Nothing can run there, but whoever writes a part of a file wants it read like the whole.
      const set = instruction.keyword === "SHELL" ? shellSetBy(instruction) : undefined;
      if (set !== undefined) scope.setShell(position, set);
      if (instruction.keyword !== "ARG") continue;
      for (const { name, value } of instruction.declarations) {
        const given = this.options.buildArgs?.[name.text];
        const initial = value ? expand(value, this.#globalSurrounding(position)).value : undefined;
        const isSet = given !== undefined || value !== undefined;
        // What the builder sets stays as it is.
        if (!isSet && builtins.has(name.text)) continue;
        scope.setVariable(
          position,
          declared(name.text, "arg", given ?? initial, value ?? name, instruction, isSet),
        );
      }
    }
    return scope;
  }

  #indexNames(): Map<string, StageNode[]> {
    const names = new Map<string, StageNode[]>();
    for (const stage of this.stages) {
      if (stage.name === undefined) continue;
      const same = names.get(stage.name);
      if (same) same.push(stage);
      else names.set(stage.name, [stage]);
    }
    return names;
  }

  #findTarget(): StageNode | undefined {
    const { target } = this.options;
    const named = target === undefined ? undefined : this.stageNamed(target);
    return named ?? this.stages.at(-1);
  }

  #findShipped(): Set<Stage> {
    const shipped = new Set<Stage>();
    for (let stage: Stage | undefined = this.target; stage && !shipped.has(stage); stage = stage.base.stage) {
      shipped.add(stage);
    }
    return shipped;
  }

  #findReachable(): Set<Stage> {
    const reachable = new Set<Stage>();
    const open: Stage[] = this.target ? [this.target] : [];
    for (let stage = open.pop(); stage; stage = open.pop()) {
      if (reachable.has(stage)) continue;
      reachable.add(stage);
      for (const dependency of stage.dependencies) if (dependency.stage) open.push(dependency.stage);
    }
    return reachable;
  }
}

/** The last stage whose index is below a limit. */
function lastBelow(stages: readonly StageNode[] | undefined, limit: number): StageNode | undefined {
  if (!stages) return undefined;
  const last = stages.at(-1);
  if (last !== undefined && last.index < limit) return last;
  return lastBefore(stages, ({ index }) => index < limit);
}
