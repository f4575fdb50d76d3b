import type { Span } from "../source/span.ts";

/** What kind of thing is wrong; rules choose by it. */
export type ProblemCode =
  | "no-instructions"
  | "line-too-long"
  | "invalid-escape"
  | "duplicate-directive"
  | "json-not-strings"
  | "missing-value"
  | "missing-equals"
  | "unterminated-heredoc"
  | "invalid-heredoc"
  | "unknown-instruction"
  | "unknown-flag"
  | "duplicate-flag"
  | "invalid-flag-value"
  | "missing-argument"
  | "too-many-arguments"
  | "invalid-argument"
  | "forbidden-trigger"
  | "no-stage";

/** Something for which BuildKit refuses the file. */
export interface Problem {
  readonly code: ProblemCode;
  /**
   * What finds it. `parser`: reading stops there and no instruction is seen. `instruction`: the instruction is read
   * but makes no sense. `placement`: it stands where it may not.
   */
  readonly phase: "parser" | "instruction" | "placement";
  /** What is wrong, in BuildKit's words where it has any. */
  readonly message: string;
  /** What to do about it: one imperative sentence. */
  readonly advice: string;
  readonly span: Span;
  /** The line that BuildKit names, from 1; undefined where it names none. */
  readonly line: number | undefined;
}

/** Where problems go as they are found. */
export interface ProblemSink {
  push(problem: Problem): unknown;
}
