import type { ContextFacts } from "../../linter/facts/context-facts.ts";
import type { EngineFacts } from "../../linter/facts/engine-facts.ts";
import type { LintResult } from "../../linter/linter.ts";
import type { BuildRequest } from "../build-image.ts";
import type { Candidate } from "../verify/verify.ts";

/** One Dockerfile to measure. */
export interface MeasureInput {
  /** As it was named. */
  readonly path: string;
  /** What is built of it, where a compose or bake file says: `service web`. */
  readonly build?: string | undefined;
  /** How it is built; its text is what was linted. */
  readonly request: BuildRequest;
  /** What the linter says of it, with the build's arguments, target and platform, and what an engine says. */
  readonly lint: (engine: EngineFacts | undefined) => LintResult;
  /** The context's folder; undefined for a build without files. */
  readonly context: ContextFacts | undefined;
  /** The Dockerfile relative to the context, where it lies in it. */
  readonly inContext: string | undefined;
  readonly limits: BudgetLimits;
  /** What all fixes make of it that most likely keep what the image does; undefined where there are none. */
  readonly fix: (engine: EngineFacts) => FixedFile | undefined;
  /** The change of a file as a unified diff. */
  readonly diff: (change: { path: string; before: string | undefined; after: string }) => string;
}

/** A Dockerfile and its ignore file after so many fixes. */
export type FixedFile = Candidate & { readonly fixes: number };

/** The most bytes there may be; undefined sets no limit. */
export interface BudgetLimits {
  readonly imageBytes: number | undefined;
  readonly wastedBytes: number | undefined;
}
