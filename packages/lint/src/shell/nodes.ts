/** The shell code of an instruction as its commands, with every word at its place in the file. */
import type { Span } from "../source/span.ts";

/** A word of a command. */
export interface ShellWord {
  /** As written. */
  readonly text: string;
  /**
   * What it is when the command runs: quotes off, and variables that the script itself set to a literal filled in.
   * Undefined if it depends on anything else.
   */
  readonly value: string | undefined;
  /** The literal beginning of the value: `pkg=` of `pkg=$VERSION`. Equals `value` where that is known. */
  readonly prefix: string;
  /** Whether any of it is quoted or escaped. */
  readonly quoted: boolean;
  /** Whether it holds an unquoted `*`, `?`, `[…]` or `{a,b}`. */
  readonly glob: boolean;
  /** The names of the variables in it. */
  readonly variables: readonly string[];
  readonly span: Span;
}

/** `NAME=value`, before a command or alone. */
export interface ShellAssignment {
  readonly name: string;
  readonly value: ShellWord | undefined;
  readonly span: Span;
}

/** `> file`, `2>&1`, `<<EOF`. */
export interface ShellRedirect {
  /** `>`, `>>`, `<`, `2>&1` is `>&`, `<<`, `<<<` … */
  readonly operator: string;
  /** The descriptor before it; undefined if none is given. */
  readonly fd: number | undefined;
  readonly target: ShellWord | undefined;
  readonly span: Span;
}

/** What stands between two commands. `newline` is a line end in a heredoc script; `none` is the script's edge. */
export type Joiner = "&&" | "||" | ";" | "&" | "|" | "|&" | "newline" | "none";

/** What a command stands in. */
export interface ShellBlock {
  readonly kind:
    | "script"
    | "subshell"
    | "group"
    | "condition"
    | "branch"
    | "loop"
    | "case"
    | "function"
    | "substitution";
  /** The block around it; undefined for the script itself. */
  readonly parent: ShellBlock | undefined;
  readonly span: Span;
}

/** A simple command: assignments, a name, arguments, redirects. */
export interface ShellCommand {
  /** The position in `script.commands`. */
  readonly index: number;
  /** The name and the arguments; empty for bare assignments. */
  readonly words: readonly ShellWord[];
  /** The literal name, without its folder: `apt-get` of `/usr/bin/apt-get`. Undefined if there is none or it is unknown. */
  readonly name: string | undefined;
  readonly assignments: readonly ShellAssignment[];
  readonly redirects: readonly ShellRedirect[];
  /** From the first word, assignment or redirect to the last. */
  readonly span: Span;
  readonly block: ShellBlock;
  /** What joins it to what stands before it and after it in its block. */
  readonly before: Joiner;
  readonly after: Joiner;
  /** Its pipeline: the commands in order, compound ones left out; only itself if there is no pipe. */
  readonly pipeline: ShellPipeline;
  /** Whether `!` stands before its pipeline. */
  readonly negated: boolean;
}

/** Commands joined by `|`. */
export interface ShellPipeline {
  /** How many commands it joins, compound ones included; 1 without a pipe. */
  readonly length: number;
  /** The simple commands among them. */
  readonly commands: readonly ShellCommand[];
  readonly span: Span;
}

/** Something the parser could not read. */
export interface ShellProblem {
  readonly message: string;
  readonly span: Span;
}

/** The code of one instruction. */
export interface Script {
  /** `shell` runs in a shell, that of `["sh", "-c", "…"]` too; `exec` is a JSON array that is one plain command. */
  readonly form: "shell" | "exec";
  /** The code with continuations joined; a heredoc's body where that is the script. */
  readonly text: string;
  /** The language it is in. */
  readonly dialect: "posix" | "bash";
  /** Whether the shell starts with `-e`; `set -e` in the script is a command like any other. */
  readonly errexit: boolean;
  /** Whether the shell starts with `-o pipefail`. */
  readonly pipefail: boolean;
  readonly span: Span;
  /** Every simple command, those in substitutions and functions included, in order of appearance. */
  readonly commands: readonly ShellCommand[];
  /** Whether it pipes anywhere. */
  readonly hasPipe: boolean;
  readonly problems: readonly ShellProblem[];
  /** The place in the file of `text.slice(start, end)`. */
  spanOf(start: number, end: number): Span;
  /** The value of a variable that the script sets exactly once, to a literal; otherwise undefined. */
  variable(name: string): string | undefined;
  /** What its commands do, kept by who worked it out: see `oncePerScript`. */
  kept: unknown[] | undefined;
  /** Whether the script sets the variable anywhere: by assignment, `export`, `read` or a loop. */
  sets(name: string): boolean;
}
