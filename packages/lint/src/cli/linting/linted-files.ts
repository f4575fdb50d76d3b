import type { CheckedFile } from "../reports/file-reports.ts";

/** Hears of the files in their order, each once it is checked: nothing holds what came of a file but who needs it. */
export type TakeFile = (file: CheckedFile) => void;

/** What came of the files, beside each of them. */
export interface LintedFiles {
  /** How many were checked. */
  readonly count: number;
  /** How many were passed over, since they are as they were. */
  readonly unchanged: number;
  /** What could not be looked at, one sentence each. */
  readonly errors: readonly string[];
  /** What the user should know, though it is no error. */
  readonly warnings: readonly string[];
  /** Arguments that hold nothing to lint. */
  readonly empty: readonly string[];
}
