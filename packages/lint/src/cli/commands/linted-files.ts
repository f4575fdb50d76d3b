import type { CheckedFile } from "./file-reports.ts";

/** What came of the files. */
export interface LintedFiles {
  readonly checked: readonly CheckedFile[];
  /** How many were passed over, since they are as they were. */
  readonly unchanged: number;
  /** What could not be looked at, one sentence each. */
  readonly errors: readonly string[];
  /** What the user should know, though it is no error. */
  readonly warnings: readonly string[];
  /** Arguments that hold nothing to lint. */
  readonly empty: readonly string[];
  /** Whether standard input is one of the files. */
  readonly hasInput: boolean;
}
