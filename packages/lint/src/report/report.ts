/** What a run found, ready to be shown in any format. Formats return text and write nothing. */
import type { Applicability, Diagnostic, Severity } from "../linter/diagnostic.ts";
import { SEVERITIES } from "../linter/diagnostic.ts";
import type { AppliedFix } from "../linter/fix-step.ts";
import type { Preset } from "../linter/presets.ts";
import type { Verification } from "../linter/facts/verification.ts";
import type { SourceFile } from "../source/source-file.ts";

/** One stage of a file. */
interface StageReport {
  readonly index: number;
  readonly name: string | undefined;
  readonly shipped: boolean;
  /** What FROM names, expanded where that is known. */
  readonly base: string | undefined;
}

/** A fix that was tried on an engine. */
export interface FixVerdict extends AppliedFix {
  readonly verification: Verification;
  /** Whether it holds. */
  readonly kept: boolean;
}

/** The fixes of one file, in the order of their trials. */
export interface FileVerdicts {
  readonly judged: readonly FixVerdict[];
  /** Of all that hold, together; undefined where none does. */
  readonly verification: Verification | undefined;
  /** Whether what holds could not be written. */
  readonly unwritten?: boolean | undefined;
}

/** What was found in one file. */
export interface FileReport {
  /** With `/` between its parts, on every system. */
  readonly path: string;
  readonly source: SourceFile;
  /** What is built of it, where a compose or bake file says: `service web`, `target app`. */
  readonly build: string | undefined;
  readonly stages: readonly StageReport[];
  /** What counts, in order of place: nothing muted, nothing below `--show`. */
  readonly diagnostics: readonly Diagnostic[];
  /** What does not count, each with what mutes it, for formats that show it. */
  readonly muted: readonly Diagnostic[];
  /** The mildest severity that fails. */
  readonly failOn: Severity | "never";
  /** The ignore file of its context, for fixes that edit that one; it may not exist yet. */
  readonly ignoreFile: { readonly path: string; readonly source: SourceFile } | undefined;
  /** What an engine says of its fixes; undefined where none was asked. */
  readonly verified?: FileVerdicts | undefined;
}

/** What a run came to, beside what was found in each file. */
export interface RunReport {
  readonly version: string;
  readonly ruleset: string;
  readonly preset: Preset;
  /** How many findings comments and the configuration mute. */
  readonly suppressed: number;
  /** How many are known from the baseline. */
  readonly baselined: number;
  /** How many fixes were applied. */
  readonly fixed: number;
  /** The boldest fixes that were to be applied; undefined where none were. */
  readonly fixing?: Applicability | undefined;
  readonly failOn: Severity | "never";
  readonly exitCode: number;
  /** What could not be looked at, one sentence each. */
  readonly errors: readonly string[];
}

/** What was found in all files. */
export interface Report extends RunReport {
  readonly files: readonly FileReport[];
}

/** A format that says of each file what it says once that is known, so that nobody has to hold all of them. */
export interface ReportStream {
  /** The text of one file, piece by piece; each is whole lines. */
  readonly file: (file: FileReport) => Iterable<string>;
  /** What follows the last file. */
  readonly end: (run: RunReport) => string;
}

/** The whole text of a report. */
export function wholeText({ file, end }: ReportStream, report: Report): string {
  return [...report.files.flatMap((one) => [...file(one)]), end(report)].join("");
}

/** How many findings of each severity there are, and how many have a fix, or one that is safe. */
export interface Counts extends Readonly<Record<Severity, number>> {
  readonly all: number;
  readonly fixable: number;
  readonly safelyFixable: number;
}

/** Counts the findings of files that come one by one. */
export class FindingCounter {
  readonly #counts = { error: 0, warning: 0, info: 0, style: 0, all: 0, fixable: 0, safelyFixable: 0 };
  /** How many files there were. */
  files = 0;

  get counts(): Counts {
    return this.#counts;
  }

  add({ diagnostics }: FileReport): void {
    this.files += 1;
    for (const { severity, fixes } of diagnostics) {
      this.#counts[severity] += 1;
      this.#counts.all += 1;
      if (fixes.length > 0) this.#counts.fixable += 1;
      if (fixes.some(({ applicability }) => applicability === "safe")) this.#counts.safelyFixable += 1;
    }
  }
}

/** Counts the findings of a report. */
export function countFindings(files: readonly FileReport[]): Counts {
  const counter = new FindingCounter();
  for (const file of files) counter.add(file);
  return counter.counts;
}

/** "1 error, 2 warnings", without the severities that do not occur. */
export function describeCounts(counts: Counts): string {
  return SEVERITIES.filter((severity) => counts[severity] > 0)
    .map((severity) => `${counts[severity]} ${nounOf(severity, counts[severity])}`)
    .join(", ");
}

function nounOf(severity: Severity, count: number): string {
  const isCountable = severity === "error" || severity === "warning";
  return isCountable && count !== 1 ? `${severity}s` : severity;
}

/** "1 file", "2 files". */
export function plural(count: number, noun: string, several = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : several}`;
}

/** Where the page of a rule lies in the package. */
export function docsPath({ rule, name }: Pick<Diagnostic, "rule" | "name">): string {
  return `docs/rules/${rule.toLowerCase()}-${name}.md`;
}
