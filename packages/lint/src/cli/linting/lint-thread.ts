/** A thread that lints batches of files: an entry of its own in the build. */
import { parentPort, workerData } from "node:worker_threads";
import { FileError, readDockerfile } from "../../files/read.ts";
import { Options } from "../arguments.ts";
import { processHost } from "../host.ts";
import { FileChecker } from "./check-file.ts";
import { EngineSession } from "./engine-session.ts";
import type { CheckedFile } from "../reports/file-reports.ts";
import type { Batch, BatchResult, Outcome, SentReport, ThreadSetup } from "./lint-batch.ts";
import { plainSetup } from "./plain-setup.ts";

const { options: values, version, now } = workerData as ThreadSetup; // see lint-in-threads.ts
const options = new Options(values);
const checker = new FileChecker(plainSetup(options, new EngineSession(options, processHost(version)), now));
const warned = new Set<string>();

parentPort?.on("message", (batch: Batch) => {
  void lintBatch(batch).then((result) => parentPort?.postMessage(result));
});

async function lintBatch(paths: Batch): Promise<BatchResult> {
  const outcomes: Outcome[] = [];
  let failure: BatchResult["failure"];
  try {
    for (const path of paths) outcomes.push(await outcomeOf(path));
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    failure = { name, message, stack };
  }
  const warnings = [...checker.warnings].filter((warning) => !warned.has(warning));
  for (const warning of warnings) warned.add(warning);
  return { outcomes, warnings, failure };
}

async function outcomeOf(path: string): Promise<Outcome> {
  try {
    const checked = await checker.check(path, readDockerfile(path), false);
    return { path, checked: checked && sent(checked) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { path, error: error.message };
  }
}

function sent({ reports, suppressed, looked, failedRules }: CheckedFile): Outcome["checked"] {
  return { reports: reports.map(sentReport), suppressed, looked, failedRules };
}

function sentReport({ source, ignoreFile, ...report }: CheckedFile["reports"][number]): SentReport {
  // Places in a text are only asked for where something is found.
  if (report.diagnostics.length + report.muted.length === 0)
    return { ...report, text: "", ignoreFile: undefined };
  return {
    ...report,
    text: source.text,
    ignoreFile: ignoreFile && { path: ignoreFile.path, text: ignoreFile.source.text },
  };
}
