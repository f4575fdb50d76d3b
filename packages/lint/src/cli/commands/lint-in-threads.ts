/** Lints many files in several threads. What comes of it is the same as in one. */
import { Worker } from "node:worker_threads";
import { SourceFile } from "../../source/source-file.ts";
import type { Options } from "../arguments.ts";
import type { FileChecker } from "./check-file.ts";
import type { CheckedFile, FileReports } from "./file-reports.ts";
import type { Batch, BatchResult, SentFile, SentReport, ThreadSetup } from "./lint-batch.ts";
import type { LintedFiles } from "./linted-files.ts";

/** How to lint them. */
export interface ThreadsRequest {
  readonly paths: readonly string[];
  readonly threads: number;
  readonly options: Options;
  readonly version: string;
  readonly now: Date;
  /** Knows what holds for a file. */
  readonly checker: FileChecker;
  /** Tells what several files share once. */
  readonly reports: FileReports;
}

/** Files a thread is given at once, at most: small enough that no thread ends long before the others. */
const BATCH = 100;

/** Lints all files. Throws what a thread throws; of several, that of the first file. */
export async function lintInThreads(
  request: ThreadsRequest,
): Promise<Pick<LintedFiles, "checked" | "errors" | "warnings">> {
  const { checker, reports } = request;
  const checked: CheckedFile[] = [];
  const errors: string[] = [];
  const warnings: string[] = [];
  for (const result of await resultsOf(request)) {
    for (const { path, checked: file, error } of result.outcomes) {
      if (error !== undefined) errors.push(error);
      if (file !== undefined)
        checked.push(reports.once({ ...revived(file), ...(await checker.settingsFor(path)) }));
    }
    warnings.push(...result.warnings);
    if (result.failure !== undefined) throw Object.assign(new Error(), result.failure);
  }
  return { checked, errors, warnings };
}

/** What came of all batches, in the order of their files. */
async function resultsOf({ paths, threads, options, version, now }: ThreadsRequest): Promise<BatchResult[]> {
  const size = Math.min(BATCH, Math.ceil(paths.length / threads));
  const batches: Batch[] = [];
  for (let start = 0; start < paths.length; start += size) {
    batches.push({ index: batches.length, paths: paths.slice(start, start + size) });
  }
  const results: BatchResult[] = [];
  const workerData: ThreadSetup = { options: options.values, version, now };
  const workers = Array.from(
    { length: Math.min(threads, batches.length) },
    () => new Worker(new URL("lint-thread.cjs", import.meta.url), { workerData }),
  );
  // Each thread gets its batches in the order of the files, so that the first of a thread is the first of all.
  const rest = batches.values();
  try {
    await Promise.all(workers.map((worker) => workOff(worker, rest, results)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results;
}

/** Gives a thread one batch after the other. */
function workOff(worker: Worker, batches: Iterator<Batch>, results: BatchResult[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (): void => {
      const { value, done } = batches.next();
      if (done === true) resolve();
      else worker.postMessage(value);
    };
    worker.on("message", (result: BatchResult) => {
      results[result.index] = result;
      next();
    });
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error("A thread ended before its files were linted.")));
    next();
  });
}

function revived({ reports, ...file }: SentFile): Omit<CheckedFile, "config" | "ran"> {
  return { ...file, reports: reports.map(revivedReport), fixes: 0, fixedInput: undefined };
}

function revivedReport({ text, ignoreFile, ...report }: SentReport): CheckedFile["reports"][number] {
  const source = new SourceFile(text);
  return {
    ...report,
    source,
    ignoreFile: ignoreFile && { path: ignoreFile.path, source: new SourceFile(ignoreFile.text) },
  };
}
