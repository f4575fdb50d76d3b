/** Lints many files in several threads. What comes of it is the same as in one. */
import { Worker, type ResourceLimits } from "node:worker_threads";
import { SourceFile } from "../../source/source-file.ts";
import type { Options } from "../arguments.ts";
import type { FileChecker } from "./check-file.ts";
import type { CheckedFile, FileReports } from "../reports/file-reports.ts";
import type { Batch, BatchResult, SentFile, SentReport, ThreadSetup } from "./lint-batch.ts";
import type { LintedFiles, TakeFile } from "./linted-files.ts";

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
  readonly take: TakeFile;
}

/** Files a thread is given at once, at most: small enough that no thread ends long before the others. */
const BATCH = 100;

/** Lints all files. Throws what a thread throws; of several, that of the first file. */
export async function lintInThreads(
  request: ThreadsRequest,
): Promise<Pick<LintedFiles, "count" | "errors" | "warnings">> {
  const { checker, reports, take } = request;
  let count = 0;
  const errors: string[] = [];
  const warnings: string[] = [];
  for await (const result of resultsOf(request)) {
    for (const { path, checked, error } of result.outcomes) {
      if (error !== undefined) errors.push(error);
      if (checked === undefined) continue;
      count += 1;
      take(reports.once({ ...revived(checked), ...(await checker.settingsFor(path)) }));
    }
    warnings.push(...result.warnings);
    if (result.failure !== undefined) throw Object.assign(new Error(), result.failure);
  }
  return { count, errors, warnings };
}

/** Batches a thread has at a time: the next one is there while what came of the last one is looked at. */
const QUEUED = 2;

/** What came of all batches, in the order of their files. */
async function* resultsOf(request: ThreadsRequest): AsyncGenerator<BatchResult> {
  const { paths, options, version, now } = request;
  const size = Math.min(BATCH, Math.ceil(paths.length / request.threads));
  const count = Math.min(request.threads, Math.ceil(paths.length / size));
  const workerData: ThreadSetup = { options: options.values, version, now };
  const threads = Array.from({ length: count }, () => new LintThread(workerData));
  const free = Array.from({ length: QUEUED }, () => threads).flat();
  let onFree = (): void => {};
  const nextFree = async (): Promise<LintThread> => {
    for (;;) {
      const thread = free.shift();
      if (thread !== undefined) return thread;
      await new Promise<void>((resolve) => (onFree = resolve));
    }
  };
  const running: Promise<BatchResult>[] = [];
  try {
    for (let start = 0; start < paths.length; start += size) {
      const thread = await nextFree();
      const result = thread.lint(paths.slice(start, start + size)).finally(() => {
        free.push(thread);
        onFree();
      });
      result.catch(() => {}); // thrown when it is its turn
      running.push(result);
      // While a file takes long, the results of few batches wait for it, and not those of all others.
      yield* firstOf(running, 2 * QUEUED * count);
    }
    yield* firstOf(running, 0);
  } finally {
    await Promise.all(threads.map((thread) => thread.end()));
  }
}

/** The first ones, until no more than some are left. */
async function* firstOf(running: Promise<BatchResult>[], left: number): AsyncGenerator<BatchResult> {
  while (running.length > left) {
    const first = running.shift();
    if (first !== undefined) yield await first;
  }
}

/** Who waits for what came of a batch. */
interface Waiting {
  readonly resolve: (result: BatchResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Of what a file takes nothing stays: more room for what is young would be filled before it is swept, at no gain. */
const resourceLimits: ResourceLimits = { maxYoungGenerationSizeMb: 12 };

/** A thread that lints one batch after the other. */
class LintThread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #failure: unknown;

  constructor(workerData: ThreadSetup) {
    this.#worker = new Worker(new URL("lint-thread.cjs", import.meta.url), { workerData, resourceLimits });
    this.#worker.on("message", (result: BatchResult) => this.#waiting.shift()?.resolve(result));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("A thread ended before its files were linted.")));
  }

  lint(batch: Batch): Promise<BatchResult> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(batch);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

function revived({ reports, ...file }: SentFile): Omit<CheckedFile, "config" | "ran"> {
  return { ...file, reports: reports.map(revivedReport), fixes: 0, fixedInput: undefined };
}

function revivedReport({ text, ignoreFile, ...report }: SentReport): CheckedFile["reports"][number] {
  return {
    ...report,
    source: new SourceFile(text),
    ignoreFile: ignoreFile && { path: ignoreFile.path, source: new SourceFile(ignoreFile.text) },
  };
}
