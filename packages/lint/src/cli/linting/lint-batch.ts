/** What the threads that lint files say to one another. */
import type { FileReport } from "../../report/report.ts";
import type { CheckedFile } from "../reports/file-reports.ts";

/** What a thread is told at its start. */
export interface ThreadSetup {
  readonly options: ReadonlyMap<string, readonly string[]>;
  readonly version: string;
  readonly now: Date;
}

/** Paths of files that follow one another in the run. */
export type Batch = readonly string[];

/** A report between threads, with texts in place of the objects around them; empty ones where nothing is found. */
export interface SentReport extends Omit<FileReport, "source" | "ignoreFile"> {
  readonly text: string;
  readonly ignoreFile: { readonly path: string; readonly text: string } | undefined;
}

/** What came of one file. */
export interface Outcome {
  readonly path: string;
  readonly checked?: SentFile | undefined;
  /** Why it could not be looked at. */
  readonly error?: string;
}

/** A checked file, without what the other side knows itself. */
export interface SentFile extends Pick<CheckedFile, "suppressed" | "looked" | "failedRules"> {
  readonly reports: readonly SentReport[];
}

/** What came of a batch. */
export interface BatchResult {
  readonly outcomes: readonly Outcome[];
  /** What the thread had not warned of before. */
  readonly warnings: readonly string[];
  /** What ends the whole run, after the outcomes. Errors lose their names between threads. */
  readonly failure:
    | { readonly name: string; readonly message: string; readonly stack: string | undefined }
    | undefined;
}
