/** What a Dockerfile means: stages, scopes, values. Made by `analyse`; most of it is computed when it is asked for. */
import type { Span } from "../source/span.ts";
import type { Dockerfile, FromInstruction, Instruction, Keyword, Word } from "../syntax/nodes.ts";
import type { ImageFacts } from "./images/image-facts.ts";
import type { ImageReference } from "./images/image-reference.ts";

/** What is known from outside the file. */
export interface AnalyseOptions {
  /** `--build-arg` values. */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** `--target`: a stage's name or number. Default: the last stage. An unknown one counts as the last. */
  readonly target?: string;
  /** `--platform`, such as `linux/arm64`. Unknown by default, so platform values are unknown, too. */
  readonly platform?: string;
  /** Names that the build gives a meaning to, as `--build-context NAME=…` does. */
  readonly namedContexts?: readonly string[];
  /** What an engine says of images, by their names as FROM has them, variables expanded. */
  readonly images?: ReadonlyMap<string, ImageFacts>;
  /** Who builds: the classic builder lets an ENV win over every ARG of its name. Default `buildkit`. */
  readonly builder?: "buildkit" | "classic";
}

/** A whole file. */
export interface Model {
  readonly dockerfile: Dockerfile;
  /** What stands before the first FROM. */
  readonly preamble: readonly Instruction[];
  readonly stages: readonly Stage[];
  /** The stage that is built: the last one, or that of `target`. */
  readonly target: Stage | undefined;
  /** Whether an instruction of that kind stands in the file. What stands in an ONBUILD does not count. */
  has(keyword: Keyword): boolean;
  /** The same without the values of `--build-arg` and `--platform`: what whoever reads the file knows. */
  readonly ungiven: Model;
  /** The stage an instruction stands in; its own for a FROM; undefined before the first FROM. ONBUILD's inner one works, too. */
  stageOf(instruction: Instruction): Stage | undefined;
  /**
   * The place of an instruction, or of the ONBUILD that holds it, among those of its stage or of {@link preamble}, from 0;
   * -1 for a FROM, infinite for an instruction of another file.
   */
  positionOf(instruction: Instruction): number;
  /** The stage of that name (any case) or number, looking only before `before` if it is given. */
  stageNamed(nameOrIndex: string, before?: Stage): Stage | undefined;
  /** What holds when an instruction runs: before it has any effect itself. */
  state(instruction: Instruction): State;
  /** The value of a word with its variables expanded and its quotes taken off. */
  expand(word: Word, instruction: Instruction): Expansion;
}

/** What a word becomes. */
export interface Expansion {
  /** Undefined if it depends on something unknown, or BuildKit refuses it. */
  readonly value: string | undefined;
  /** The value if every ARG without a value is empty, as BuildKit takes it when none is given. */
  readonly whenUnset: string | undefined;
  /** The words it becomes where an instruction takes words (EXPOSE); undefined like `value`. */
  readonly words: readonly string[] | undefined;
  /** The variables used that are not defined at all, with their places. */
  readonly undefined: readonly VariableUse[];
  /** All variables used. */
  readonly uses: readonly VariableUse[];
  /** Why BuildKit refuses the word: `syntax error: bad substitution`. */
  readonly error: string | undefined;
}

/** A variable in a word. */
export interface VariableUse {
  readonly name: string;
  /** From the `$` to the end of the name, or to the closing brace. */
  readonly span: Span;
  /** Whether it has a default or an alternative: `${X:-y}`, `${X+y}`. */
  readonly guarded: boolean;
}

/** What a stage uses another stage or an image for. */
export interface Dependency {
  readonly kind: "from" | "copy" | "mount";
  /** The word that names it. */
  readonly word: Word;
  readonly instruction: Instruction;
  /** The stage, or undefined if it is an image, a named context or unknown. */
  readonly stage: Stage | undefined;
  /** The name with its variables expanded; undefined if unknown. */
  readonly name: string | undefined;
  /** Whether the build gives the name a meaning of its own, which wins over stages and images. */
  readonly isGiven: boolean;
}

/** From a FROM to the next. */
export interface Stage {
  /** From 0. */
  readonly index: number;
  /** In lower case; undefined if it has none. */
  readonly name: string | undefined;
  readonly from: FromInstruction;
  /** What follows the FROM. */
  readonly instructions: readonly Instruction[];
  /** What the FROM names. */
  readonly base: Base;
  /** The image at the bottom of the chain of stages. */
  readonly image: BaseImage;
  /** `--platform` expanded; undefined if there is none or it is unknown. */
  readonly platform: string | undefined;
  /** In order of appearance, the FROM first. */
  readonly dependencies: readonly Dependency[];
  /** Whether its files are in the result: the target and the stages it is based on. */
  readonly shipped: boolean;
  /** Whether building the target needs it at all. */
  readonly reachable: boolean;
  /** What holds before its first instruction, after what the stage that it is based on has in ONBUILD. */
  readonly start: State;
  /** What holds after its last instruction. */
  readonly end: State;
  /** Expands a word of what it runs first, which stands in ONBUILD in the stage that it is based on. */
  expandAtStart(word: Word): Expansion;
}

/** What a FROM names. */
export interface Base {
  /** The name with its variables expanded; undefined if it depends on something unknown. */
  readonly name: string | undefined;
  /** The stage it is, if it is one. */
  readonly stage: Stage | undefined;
  /** Whether it is `scratch`. */
  readonly scratch: boolean;
  /** The image it is; undefined for a stage, scratch, an unknown name or one that is no reference. */
  readonly reference: ImageReference | undefined;
}

/** A kind of userland. */
export type Family =
  | "alpine"
  | "debian"
  | "ubuntu"
  | "rhel"
  | "suse"
  | "arch"
  | "busybox"
  | "distroless"
  | "wolfi"
  | "scratch"
  | "windows"
  | "unknown";

/** The image under a stage, through the stages it is based on. */
export interface BaseImage {
  readonly name: string | undefined;
  readonly reference: ImageReference | undefined;
  /** Judged by repository and tag. */
  readonly family: Family;
  /** Whether there is no image: `scratch`. */
  readonly scratch: boolean;
  /** What an engine says of it, where one was asked and has it. */
  readonly facts: ImageFacts | undefined;
  /** The FROM that names the image. */
  readonly from: FromInstruction;
}

/** Which language a shell speaks. */
export type Dialect = "posix" | "bash" | "powershell" | "cmd" | "unknown";

/** The shell of shell-form instructions. */
export interface ShellState {
  /** `["/bin/sh", "-c"]` unless SHELL says otherwise. */
  readonly argv: readonly string[];
  /** `posix` for sh, dash, ash, ksh; `bash` for bash and zsh; `unknown` for anything else, such as python. */
  readonly dialect: Dialect;
  /** Whether it runs with `-e`. */
  readonly errexit: boolean;
  /** Whether it runs with `-o pipefail`. */
  readonly pipefail: boolean;
  /** The SHELL it comes from; undefined for the default and for that of the base image. */
  readonly instruction: Instruction | undefined;
  /** Whether a SHELL of the base image says so, as an engine tells. */
  readonly ofImage?: boolean;
}

/** A value that an instruction set. */
export interface Setting {
  /** Expanded; undefined if unknown. For WORKDIR: absolute if it can be told. */
  readonly value: string | undefined;
  readonly word: Word;
  readonly instruction: Instruction;
}

/** A variable in scope. */
export interface Variable {
  readonly name: string;
  /** `builtin` are PATH and what the builder always defines. */
  readonly kind: "arg" | "env" | "builtin";
  /** Undefined if it has no value or it is unknown. */
  readonly value: string | undefined;
  /** Whether the value is known; an ARG without default and without `--build-arg` is known to have none. */
  readonly known: boolean;
  /** Where it was set; undefined for builtins and for what an engine says of the base image. */
  readonly word: Word | undefined;
  readonly instruction: Instruction | undefined;
}

/** What holds at a place. */
export interface State {
  readonly shell: ShellState;
  /** The last USER; undefined if only the base image says. */
  readonly user: Setting | undefined;
  /** The last WORKDIR; undefined if only the base image says. */
  readonly workdir: Setting | undefined;
  /** The variable that an expansion here sees. Before the first FROM and in FROM: global ARGs only. */
  variable(name: string): Variable | undefined;
  /** The ENV of a name, which containers see, though with BuildKit an ARG below it wins until the stage ends. */
  environment(name: string): Variable | undefined;
  /** The names of variables in scope, at most so many, for suggestions. */
  variableNames(limit: number): string[];
}
