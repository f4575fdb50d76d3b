import { fitted } from "../source/fitted.ts";
import { flagNamed } from "../syntax/nodes.ts";
import type { FromInstruction, Instruction, Word } from "../syntax/nodes.ts";
import { applyImage, applyInstruction, surroundingIn, type ScopeSurroundings } from "./apply-instruction.ts";
import { stageBuiltins } from "./variables/builtins.ts";
import { expand, expandPlain } from "./variables/expand.ts";
import type { Surrounding } from "./variables/expand.ts";
import { familyOf } from "./images/family.ts";
import type { ImageReference } from "./images/image-reference.ts";
import { triggersIn } from "./stages/onbuild-triggers.ts";
import type { AnalyseOptions, Base, BaseImage, Dependency, Expansion, Stage, State } from "./model.ts";
import { Scope } from "./scope.ts";
import { DEFAULT_SHELL, WINDOWS_SHELL } from "./shells.ts";
import { ScopeState } from "./state.ts";

/** What a stage asks of the file it stands in. */
export interface StageHost {
  readonly escape: Surrounding["escape"];
  readonly options: AnalyseOptions;
  /** What stands before the first FROM. */
  readonly globals: Scope;
  stageNamed(name: string, before?: Stage): StageNode | undefined;
  imageReference(name: string): ImageReference | undefined;
  isShipped(stage: Stage): boolean;
  isReachable(stage: Stage): boolean;
}

/** A stage whose meaning is worked out when it is asked for. */
export class StageNode implements Stage {
  declare readonly index: number;
  declare readonly name: string | undefined;
  declare readonly from: FromInstruction;
  declare readonly instructions: readonly Instruction[];
  readonly #host: StageHost;
  #base: Base | undefined;
  #baseStage: StageNode | undefined;
  #image: BaseImage | undefined;
  #scope: Scope | undefined;
  #left: Scope | undefined;
  #dependencies: readonly Dependency[] | undefined;

  constructor(index: number, from: FromInstruction, instructions: readonly Instruction[], host: StageHost) {
    this.index = index;
    this.name = from.as?.name.text.toLowerCase();
    this.from = from;
    this.instructions = instructions;
    this.#host = host;
  }

  get base(): Base {
    this.#base ??= this.#findBase();
    return this.#base;
  }

  get image(): BaseImage {
    this.#image ??= StageNode.#imageUnder(this);
    return this.#image;
  }

  get platform(): string | undefined {
    const flag = flagNamed(this.from, "platform");
    return flag?.value ? expand(flag.value, this.#fromSurrounding()).value : undefined;
  }

  get dependencies(): readonly Dependency[] {
    this.#dependencies ??= this.#findDependencies();
    return this.#dependencies;
  }

  get shipped(): boolean {
    return this.#host.isShipped(this);
  }

  get reachable(): boolean {
    return this.#host.isReachable(this);
  }

  get start(): State {
    return new ScopeState(this.scope, 0);
  }

  get end(): State {
    return new ScopeState(this.scope, Number.POSITIVE_INFINITY);
  }

  /** What holds along the stage. */
  get scope(): Scope {
    if (this.#scope) return this.#scope;
    // From the bottom up, so that a long chain of stages does not become a deep recursion.
    const chain: StageNode[] = [this];
    for (let stage = this.#below(); stage && !stage.#scope; stage = stage.#below()) chain.push(stage);
    for (const stage of chain.toReversed()) stage.#readScope();
    return this.#scope ?? this.#readScope();
  }

  /** What a stage that is based on this one begins with: what its ONBUILDs do is done there before all else. */
  get leftScope(): Scope {
    this.#left ??= this.#readTriggers();
    return this.#left;
  }

  expandAtStart(word: Word): Expansion {
    return expand(word, this.surrounding(0));
  }

  /** Where words at a position are expanded. */
  surrounding(position: number): Surrounding {
    return surroundingIn(this.scope, position, this.#surroundings());
  }

  #fromSurrounding(): Surrounding {
    const { escape, globals } = this.#host;
    return { escape, open: false, variable: (name) => globals.variable(name, Number.POSITIVE_INFINITY) };
  }

  /** Most images are named without variables, and then the ARGs before the first FROM are not looked at. */
  #nameIn(image: Word): string | undefined {
    return (expandPlain(image, this.#host.escape) ?? expand(image, this.#fromSurrounding())).value;
  }

  #findBase(): Base {
    const { image } = this.from;
    const name = image && this.#nameIn(image);
    // Stage names are in lower case, and FROM does not lower the case of what it looks for.
    const stage = name === undefined ? undefined : this.#host.stageNamed(name, this);
    this.#baseStage = stage && stage.name === name ? stage : undefined;
    const scratch = name === "scratch" && !this.#baseStage;
    const isImage = name !== undefined && !this.#baseStage && !scratch && !this.#isGiven(name);
    return {
      name,
      stage: this.#baseStage,
      scratch,
      reference: isImage ? this.#host.imageReference(name) : undefined,
    };
  }

  /** The stage that this one is based on. */
  #below(): StageNode | undefined {
    this.#base ??= this.#findBase();
    return this.#baseStage;
  }

  /** The image at the bottom of the chain. A stage is only ever based on one before it, so the chain ends. */
  static #imageUnder(top: StageNode): BaseImage {
    let bottom = top;
    for (let below = bottom.#below(); below; below = bottom.#below()) {
      if (below.#image) return below.#image;
      bottom = below;
    }
    return bottom.#ownImage();
  }

  #ownImage(): BaseImage {
    const { name, reference, scratch } = this.base;
    const facts = reference && this.#host.options.images?.get(name ?? "");
    const windows = (facts?.platform ?? this.platform)?.startsWith("windows") === true;
    const family = scratch ? "scratch" : windows ? "windows" : reference ? familyOf(reference) : "unknown";
    return { name, reference, family, scratch, facts, from: this.from };
  }

  #findDependencies(): readonly Dependency[] {
    const { from } = this;
    const dependencies: Dependency[] = [];
    if (from.image) {
      const { stage, name } = this.base;
      const isGiven = this.#isGiven(name);
      dependencies.push({ kind: "from", word: from.image, instruction: from, stage, name, isGiven });
    }
    for (const instruction of this.instructions) {
      if (instruction.keyword === "COPY") {
        const word = flagNamed(instruction, "from")?.value;
        if (word) dependencies.push(this.#dependency("copy", word, instruction));
      } else if (instruction.keyword === "RUN") {
        for (const { options } of instruction.mounts) {
          const word = options.find((option) => option.key === "from")?.value;
          if (word) dependencies.push(this.#dependency("mount", word, instruction));
        }
      }
    }
    return fitted(dependencies);
  }

  /** Variables are not expanded here. */
  #dependency(kind: "copy" | "mount", word: Word, instruction: Instruction): Dependency {
    const name = word.text.includes("$") ? undefined : word.text;
    const stage =
      name === undefined ? undefined : (this.#host.stageNamed(name, this) ?? this.#host.stageNamed(name));
    return { kind, word, instruction, stage, name, isGiven: this.#isGiven(name) };
  }

  /** Whether `--build-context` names it. */
  #isGiven(name: string | undefined): boolean {
    return name !== undefined && this.#host.options.namedContexts?.includes(name) === true;
  }

  #readScope(): Scope {
    const facts = this.#below() === undefined ? this.image.facts : undefined;
    const scope = this.#newScope(this.#baseStage?.leftScope);
    if (facts !== undefined) applyImage(scope, facts);
    // It can be asked already while it is filled: every instruction sees what stands above it.
    this.#scope = scope;
    const around = this.#surroundings();
    let position = 0;
    for (const instruction of this.instructions) {
      applyInstruction(scope, position, instruction, around);
      position += 1;
    }
    return scope;
  }

  #readTriggers(): Scope {
    const triggers = triggersIn(this);
    if (triggers.length === 0) return this.scope;
    const scope = this.#newScope(this.scope);
    const around = this.#surroundings();
    for (const [position, trigger] of triggers.entries()) applyInstruction(scope, position, trigger, around);
    return scope;
  }

  #surroundings(): ScopeSurroundings {
    const { escape, options, globals } = this.#host;
    return { escape, options, globals, image: this.image };
  }

  #newScope(base: Scope | undefined): Scope {
    const windows = this.image.family === "windows";
    const shell = windows ? WINDOWS_SHELL : DEFAULT_SHELL;
    return new Scope(base, stageBuiltins(windows), shell, this.#host.options.builder === "classic");
  }
}
