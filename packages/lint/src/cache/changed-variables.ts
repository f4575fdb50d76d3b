/** Which variables have another value in the next build, as one goes along a stage. */
import { expandedWords } from "../semantics/variables/expanded-words.ts";
import type { Expansion, Model } from "../semantics/model.ts";
import type { ArgInstruction, Instruction, Word } from "../syntax/nodes.ts";
import type { Builder } from "./context-files.ts";

/** A file as this build and the next one understand it. */
export interface TwoModels {
  readonly now: Model;
  readonly next: Model;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly nextArgs: Readonly<Record<string, string>>;
}

/** What differs at a place of a stage. */
export class ChangedVariables {
  readonly #models: TwoModels;
  readonly #builder: Builder;
  /** The names whose value differs in the environment of a RUN. */
  readonly #environment: Set<string>;
  /** The ARGs that differ. */
  readonly #args: Set<string>;
  /** The ENVs, which the classic builder prefers and both hand on, and whether each differs. */
  readonly #envs: Map<string, boolean>;
  #user: boolean;

  constructor(models: TwoModels, builder: Builder, below?: ChangedVariables) {
    this.#models = models;
    this.#builder = builder;
    this.#environment = new Set(below === undefined ? [] : below.#environment);
    // With the classic builder an ARG ends with its stage; BuildKit hands it on.
    this.#args = new Set(builder === "buildkit" && below !== undefined ? below.#args : []);
    this.#envs = new Map(below === undefined ? [] : below.#envs);
    // An ARG below an ENV of its name wins with BuildKit, but is not handed on.
    for (const [name, isOther] of this.#envs) {
      this.#args.delete(name);
      if (isOther) this.#environment.add(name);
      else this.#environment.delete(name);
    }
    this.#user = below !== undefined && below.#user;
  }

  /** Takes an instruction that has run. */
  apply(instruction: Instruction): void {
    if (instruction.keyword === "ARG") this.#declare(instruction);
    if (instruction.keyword === "USER") this.#user = this.expands(instruction) !== undefined;
    if (instruction.keyword !== "ENV") return;
    for (const { key, value } of instruction.pairs) {
      const isOther = this.differs(value, instruction);
      this.#envs.set(key.text, isOther);
      if (isOther) this.#environment.add(key.text);
      else this.#environment.delete(key.text);
      if (this.#builder === "buildkit") this.#args.delete(key.text);
    }
  }

  /** Whether a variable has another value in the environment of a RUN. */
  isChanged(name: string): boolean {
    return this.#environment.has(name) || (this.#args.has(name) && !this.#envs.has(name));
  }

  /** Whether another user owns what WORKDIR makes. */
  get hasOtherUser(): boolean {
    return this.#builder === "buildkit" && this.#user;
  }

  /** A variable that makes a RUN another one, though its text is the same; undefined where there is none. */
  ofRun(): string | undefined {
    if (this.hasOtherUser) return "USER";
    const args = [...this.#args].filter((name) => !this.#envs.has(name));
    return this.#builder === "buildkit" ? first(this.#environment) : (first(this.#environment) ?? args[0]);
  }

  /** A variable by which the builder makes other words of an instruction; undefined where it makes the same. */
  expands(instruction: Instruction): string | undefined {
    const word = expandedWords(instruction).find((one) => this.differs(one, instruction));
    if (word === undefined) return undefined;
    return /\$\{?([A-Za-z_]\w*)/.exec(word.text)?.[1] ?? word.text;
  }

  /** Whether a word becomes another one. */
  differs(word: Word, instruction: Instruction): boolean {
    if (!word.text.includes("$")) return false;
    const { now, next } = this.#models;
    const [before, after] = [now.expand(word, instruction), next.expand(word, instruction)];
    const [own, other] = [valueOf(before), valueOf(after)];
    if (own !== other) return true;
    return own === undefined && before.uses.some(({ name }) => this.isChanged(name));
  }

  #declare(instruction: ArgInstruction): void {
    const { now, next, buildArgs, nextArgs } = this.#models;
    for (const { name, value } of instruction.declarations) {
      const before = given(now, buildArgs, instruction, name.text, value);
      const after = given(next, nextArgs, instruction, name.text, value);
      const isSet = before !== undefined || after !== undefined;
      for (const names of [this.#args, ...(this.#builder === "buildkit" ? [this.#environment] : [])]) {
        if (before !== after) names.add(name.text);
        // BuildKit hands on what was set last, be it an ENV or an ARG.
        else if (isSet) names.delete(name.text);
      }
    }
  }
}

/** The value that an ARG gets. */
function given(
  model: Model,
  buildArgs: Readonly<Record<string, string>>,
  instruction: ArgInstruction,
  name: string,
  initial: Word | undefined,
): string | undefined {
  const own = buildArgs[name];
  if (own !== undefined) return own;
  if (initial !== undefined) return valueOf(model.expand(initial, instruction));
  const from = model.stageOf(instruction)?.from;
  return from === undefined ? undefined : model.state(from).variable(name)?.value;
}

function valueOf({ value, whenUnset }: Expansion): string | undefined {
  return value ?? whenUnset;
}

function first(names: ReadonlySet<string>): string | undefined {
  for (const name of names) return name;
  return undefined;
}
