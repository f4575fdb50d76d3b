/**
 * The tree of a Dockerfile. Every node knows its place in the file; nothing is lost: what is wrong is kept as far
 * as it can be read, and told in `problems`.
 */
import type { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";
import type { LogicalText } from "./logical-text.ts";
import type { Problem } from "./problem.ts";
import type { Word } from "./word.ts";

export type { Problem } from "./problem.ts";
export type { Word } from "./word.ts";

/** The escape character: it continues lines and escapes characters in words. */
export type EscapeCharacter = "\\" | "`";

/** A whole file. */
export interface Dockerfile {
  readonly source: SourceFile;
  /** `\` unless a directive says otherwise. */
  readonly escape: EscapeCharacter;
  /** The parser directives at the top, in order. */
  readonly directives: readonly Directive[];
  /** Every comment line, directives and those between continued lines included, but not in heredocs. */
  readonly comments: readonly Comment[];
  readonly instructions: readonly Instruction[];
  /** What is wrong, in BuildKit's order of finding it: first what stops its parser, then single instructions. */
  readonly problems: readonly Problem[];
}

/** `# name=value` at the top of the file. */
export interface Directive {
  /** In lower case: `escape`, `syntax` or `check`. */
  readonly name: "escape" | "syntax" | "check";
  readonly value: string;
  /** From the `#` to the end of the line. */
  readonly span: Span;
  readonly nameSpan: Span;
  readonly valueSpan: Span;
  readonly line: number;
}

/** A comment line. */
export interface Comment {
  /** What follows the `#`, without blanks around it. */
  readonly text: string;
  /** From the `#` to the end of the line, without trailing blanks. */
  readonly span: Span;
  readonly line: number;
  /** Whether blanks stand before the `#`. */
  readonly indented: boolean;
  /** Whether it stands between the lines of a continued instruction. */
  readonly inner: boolean;
}

/** `--name` or `--name=value` before the arguments. */
export interface Flag {
  /** Without the dashes. */
  readonly name: string;
  /** Undefined for a flag without `=`. Quotes are taken off, variables are not expanded. */
  readonly value: Word | undefined;
  /** From the dashes to the end of the value. */
  readonly span: Span;
  /** The dashes and the name. */
  readonly nameSpan: Span;
  /** The flag with its quotes taken off, as BuildKit shows it: `--from=x y`. */
  readonly text: string;
}

/** A heredoc of a RUN, COPY or ADD. */
export interface Heredoc {
  /** The terminator, without quotes. */
  readonly name: string;
  /** The file descriptor before `<<`; 0 if none is given. */
  readonly fd: number;
  /** Whether the name is quoted, so that nothing in the body is expanded. */
  readonly quoted: boolean;
  /** Whether it is `<<-`, which takes tabs off the start of lines. */
  readonly stripTabs: boolean;
  /** The word that opens it: `<<EOF`. */
  readonly word: Word;
  /** The body as written, each line with its end. */
  readonly content: string;
  /** Where the body is: whole lines, empty if there are none. */
  readonly bodySpan: Span;
  /** The terminator in its line; undefined when the file ended before. */
  readonly terminator: Span | undefined;
}

/** `name=value` of ENV or LABEL, or the whole of the old form `ENV name value`. */
export interface KeyValue {
  readonly key: Word;
  readonly value: Word;
  /** Whether it is the old form, with a blank instead of `=`. */
  readonly legacy: boolean;
}

/** `NAME` or `NAME=default` of ARG. */
export interface ArgDeclaration {
  readonly name: Word;
  /** Undefined without `=`. */
  readonly value: Word | undefined;
}

/** One option of a `--mount`. */
export interface MountOption {
  /** In lower case. */
  readonly key: string;
  /** Undefined for a bare `ro`. */
  readonly value: Word | undefined;
  readonly span: Span;
}

/** A `--mount` of RUN. */
export interface Mount {
  readonly flag: Flag;
  /** `bind` unless given; the raw word where it holds a variable. */
  readonly type: string;
  readonly options: readonly MountOption[];
}

/** What all instructions have. */
export interface InstructionBase {
  /** The instruction's name as written, such as `run`; `keyword` is the name in capitals. */
  readonly name: Word;
  /** From the name to the last character, heredocs with their terminators included; no line end. */
  readonly span: Span;
  /** The first line, from 1. */
  readonly startLine: number;
  /** The last line: of the heredoc's terminator, or of what a trailing continuation swallowed. */
  readonly endLine: number;
  /** The joined text of its lines, without comments and continuations. */
  readonly logical: LogicalText;
  readonly flags: readonly Flag[];
  /** All that follows the flags, without blanks around it; empty text if there is nothing. */
  readonly rest: Word;
  /**
   * The arguments as BuildKit cuts them: the elements of a JSON array, words, or the one raw text of a RUN, CMD,
   * USER … in shell form. For ENV and LABEL the words `name=value`; see `pairs`. For HEALTHCHECK the type first.
   */
  readonly args: readonly Word[];
  /** Whether the arguments are a JSON array. */
  readonly json: boolean;
  readonly heredocs: readonly Heredoc[];
  /** The comments above that belong to it: blank lines do not part them, a bare `#` and another instruction do. */
  readonly comments: readonly Comment[];
  /** The comments between its lines. */
  readonly innerComments: readonly Comment[];
  /** The numbers of the blank lines between its lines (BuildKit: NoEmptyContinuation). */
  readonly blankLines: readonly number[];
  /** The ONBUILD that holds it. */
  readonly onbuild: OnbuildInstruction | undefined;
}

/** `FROM [--platform=P] image [AS name]` */
export interface FromInstruction extends InstructionBase {
  readonly keyword: "FROM";
  readonly image: Word | undefined;
  /** The word AS and the stage's name as written; BuildKit lowers its case. */
  readonly as: { readonly keyword: Word; readonly name: Word } | undefined;
}

export interface RunInstruction extends InstructionBase {
  readonly keyword: "RUN";
  readonly mounts: readonly Mount[];
}

/** What COPY and ADD share. */
export interface CopyLikeInstruction extends InstructionBase {
  /** The paths to copy; those that open a heredoc are in `heredocs` and not here. */
  readonly sources: readonly Word[];
  /** Undefined if fewer than two arguments are given. */
  readonly destination: Word | undefined;
}

export interface CopyInstruction extends CopyLikeInstruction {
  readonly keyword: "COPY";
}

export interface AddInstruction extends CopyLikeInstruction {
  readonly keyword: "ADD";
}

export interface EnvInstruction extends InstructionBase {
  readonly keyword: "ENV";
  readonly pairs: readonly KeyValue[];
}

export interface LabelInstruction extends InstructionBase {
  readonly keyword: "LABEL";
  readonly pairs: readonly KeyValue[];
}

export interface ArgInstruction extends InstructionBase {
  readonly keyword: "ARG";
  readonly declarations: readonly ArgDeclaration[];
}

export interface ExposeInstruction extends InstructionBase {
  readonly keyword: "EXPOSE";
  /** The ports as written. */
  readonly ports: readonly Word[];
}

export interface CmdInstruction extends InstructionBase {
  readonly keyword: "CMD";
}

export interface EntrypointInstruction extends InstructionBase {
  readonly keyword: "ENTRYPOINT";
}

export interface UserInstruction extends InstructionBase {
  readonly keyword: "USER";
  /** `user` or `user:group`. */
  readonly user: Word | undefined;
}

export interface WorkdirInstruction extends InstructionBase {
  readonly keyword: "WORKDIR";
  readonly path: Word | undefined;
}

export interface VolumeInstruction extends InstructionBase {
  readonly keyword: "VOLUME";
  readonly paths: readonly Word[];
}

export interface ShellInstruction extends InstructionBase {
  readonly keyword: "SHELL";
}

export interface HealthcheckInstruction extends InstructionBase {
  readonly keyword: "HEALTHCHECK";
  /** The first word as written: CMD or NONE. */
  readonly type: Word | undefined;
  /** The command: its elements, or its one text in shell form; empty for NONE. */
  readonly command: readonly Word[];
}

export interface OnbuildInstruction extends InstructionBase {
  readonly keyword: "ONBUILD";
  /** The instruction inside, with its own `onbuild` set; undefined if there is nothing. */
  readonly inner: Instruction | undefined;
}

export interface StopsignalInstruction extends InstructionBase {
  readonly keyword: "STOPSIGNAL";
  readonly signal: Word | undefined;
}

export interface MaintainerInstruction extends InstructionBase {
  readonly keyword: "MAINTAINER";
  readonly author: Word | undefined;
}

/** A name that BuildKit does not know. */
export interface UnknownInstruction extends InstructionBase {
  readonly keyword: "UNKNOWN";
}

/** Any instruction; `keyword` tells which. */
export type Instruction =
  | FromInstruction
  | RunInstruction
  | CopyInstruction
  | AddInstruction
  | EnvInstruction
  | LabelInstruction
  | ArgInstruction
  | ExposeInstruction
  | CmdInstruction
  | EntrypointInstruction
  | UserInstruction
  | WorkdirInstruction
  | VolumeInstruction
  | ShellInstruction
  | HealthcheckInstruction
  | OnbuildInstruction
  | StopsignalInstruction
  | MaintainerInstruction
  | UnknownInstruction;

/** The names of instructions in capitals, and UNKNOWN. */
export type Keyword = Instruction["keyword"];

/** The instruction of a keyword. */
export type InstructionOf<Name extends Keyword> = Extract<Instruction, { readonly keyword: Name }>;

/** The flag of that name, the last one if it is given more than once. */
export function flagNamed(instruction: InstructionBase, name: string): Flag | undefined {
  for (let index = instruction.flags.length - 1; index >= 0; index -= 1) {
    const flag = instruction.flags[index];
    if (flag?.name === name) return flag;
  }
  return undefined;
}
