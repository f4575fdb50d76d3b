/** From linted files to the report and the exit code. */
import type { Config } from "../../config/config.ts";
import { reaches, SEVERITIES, type Applicability, type Severity } from "../../linter/diagnostic.ts";
import { DEFAULT_RULESET, type Preset } from "../../linter/presets.ts";
import type { FileReport, RunReport } from "../../report/report.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { CheckedFile } from "./file-reports.ts";
import type { LintedFiles } from "../linting/linted-files.ts";

/** From which level on findings are shown; undefined where all are. */
function shownFrom(options: Options, failOn: Severity | "never"): Severity | "never" | undefined {
  return options.has("quiet") ? failOn : (options.text("show") as Severity | undefined); // one of the table's values
}

/** From which level on findings make any difference to a summary; undefined where all do. */
export function countedFrom(options: Options, failOn: Severity | "never"): Severity | "never" | undefined {
  const shown = shownFrom(options, failOn);
  if (shown === undefined) return undefined;
  const levels = [shown, failOn, options.count("max-warnings") === undefined ? "never" : "warning"] as const;
  return SEVERITIES.findLast((level) => levels.includes(level)) ?? "never";
}

/** A report that ends the program. */
export interface CheckReport extends RunReport {
  readonly exitCode: ExitCode;
}

/** Decides by all findings of one file after the other, and hands on those that are to be shown. */
export class CheckSummary {
  readonly #options: Options;
  readonly #fixing: Applicability | undefined;
  readonly #show: (report: FileReport) => void;
  #config: Config | undefined;
  #failOn: Severity | "never" | undefined;
  #isFailing = false;
  #hasFailedRules = false;
  #warnings = 0;
  #suppressed = 0;
  #fixed = 0;

  /** @param fixing the boldest fixes that are applied; undefined where none are */
  constructor(options: Options, fixing: Applicability | undefined, show: (report: FileReport) => void) {
    this.#options = options;
    this.#fixing = fixing;
    this.#show = show;
  }

  add(file: CheckedFile): void {
    this.#config ??= file.config;
    this.#hasFailedRules ||= file.failedRules.length > 0;
    this.#suppressed += file.suppressed;
    this.#fixed += file.fixes;
    for (const report of file.reports) this.#addReport(report);
  }

  #addReport(report: FileReport): void {
    const { diagnostics, failOn } = report;
    this.#failOn ??= failOn;
    this.#isFailing ||= diagnostics.some(({ severity }) => reaches(severity, failOn));
    this.#warnings += diagnostics.filter(({ severity }) => severity === "warning").length;
    const threshold = shownFrom(this.#options, failOn);
    this.#show(
      threshold === undefined
        ? report
        : { ...report, diagnostics: diagnostics.filter(({ severity }) => reaches(severity, threshold)) },
    );
  }

  /** The report, after the last file. */
  report(linted: LintedFiles, baselined: number, version: string): CheckReport {
    const options = this.#options;
    return {
      version,
      ruleset: options.text("ruleset") ?? this.#config?.ruleset ?? DEFAULT_RULESET,
      preset: (options.text("preset") as Preset | undefined) ?? this.#config?.preset ?? "recommended", // see above
      suppressed: this.#suppressed,
      baselined,
      fixed: this.#fixed,
      fixing: this.#fixing,
      failOn: this.#failOn ?? (options.text("fail-on") as Severity | "never" | undefined) ?? "warning", // see above
      exitCode: this.#exitCode(linted),
      errors: linted.errors,
    };
  }

  #exitCode({ count, unchanged, errors }: LintedFiles): ExitCode {
    if (errors.length > 0 || this.#hasFailedRules) return EXIT.usage;
    if (count === 0) return this.#options.has("allow-empty") || unchanged > 0 ? EXIT.clean : EXIT.noFiles;
    const limit = this.#options.count("max-warnings");
    const isOver = limit !== undefined && this.#warnings > limit;
    return this.#isFailing || isOver ? EXIT.findings : EXIT.clean;
  }
}
