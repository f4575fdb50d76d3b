/** The port to ShellCheck: what a linter of shell code is given, and what it says. Running it is the shell's business. */
import type { Severity } from "../diagnostic.ts";

/** A piece of shell code by itself. */
export interface CheckedScript {
  readonly text: string;
  readonly dialect: "sh" | "dash" | "bash" | "ksh";
  /** The variables that are set when the code starts. */
  readonly variables: readonly GivenVariable[];
}

/** A variable that a script finds set. */
export interface GivenVariable {
  readonly name: string;
  /** Whether its value is known to be one word without special characters, so that it needs no quotes. */
  readonly plain: boolean;
}

/** A fault in one of the scripts; offsets are in its text. */
export interface ShellFinding {
  /** The index of the script. */
  readonly script: number;
  /** `SC2086`. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** What would mend it; empty where that takes a person. */
  readonly replacements: readonly {
    readonly start: number;
    readonly end: number;
    readonly newText: string;
  }[];
}

/** Checks the scripts of one file, all at once. */
export type ShellChecker = (scripts: readonly CheckedScript[]) => readonly ShellFinding[];

/** Says that ShellCheck could not do its work; no fault of the linter's. */
export class ShellcheckError extends Error {
  override readonly name = "ShellcheckError";
}
