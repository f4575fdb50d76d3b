/** From linted files to the report and the exit code. */
import { reaches, type Severity } from "../../linter/diagnostic.ts";
import { DEFAULT_RULESET, type Preset } from "../../linter/presets.ts";
import type { FileReport, Report } from "../../report/report.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { LintedFiles } from "./linted-files.ts";

/** A report that ends the program. */
export interface CheckReport extends Report {
  readonly exitCode: ExitCode;
}

/** Makes the report: decides by all findings, and shows those that are asked for. */
export function checkReport(
  linted: LintedFiles,
  baselined: number,
  options: Options,
  version: string,
): CheckReport {
  const { checked, errors } = linted;
  const show = options.text("show") as Severity | undefined; // one of the table's values
  let failing = false;
  let warnings = 0;
  const files: FileReport[] = [];
  for (const file of checked.flatMap(({ reports }) => reports)) {
    failing ||= file.diagnostics.some(({ severity }) => reaches(severity, file.failOn));
    warnings += file.diagnostics.filter(({ severity }) => severity === "warning").length;
    const threshold = options.has("quiet") ? file.failOn : show;
    const shown =
      threshold === undefined
        ? file.diagnostics
        : file.diagnostics.filter(({ severity }) => reaches(severity, threshold));
    files.push({ ...file, diagnostics: shown });
  }
  const limit = options.count("max-warnings");
  if (limit !== undefined && warnings > limit) failing = true;
  const config = checked[0]?.config;
  return {
    version,
    ruleset: options.text("ruleset") ?? config?.ruleset ?? DEFAULT_RULESET,
    preset: (options.text("preset") as Preset | undefined) ?? config?.preset ?? "recommended", // see above
    files,
    suppressed: checked.reduce((sum, { suppressed }) => sum + suppressed, 0),
    baselined,
    fixed: checked.reduce((sum, { fixes }) => sum + fixes, 0),
    failOn: files[0]?.failOn ?? (options.text("fail-on") as Severity | "never" | undefined) ?? "warning", // see above
    exitCode: exitCodeOf(linted, failing, options.has("allow-empty")),
    errors,
  };
}

function exitCodeOf(
  { checked, unchanged, errors }: LintedFiles,
  failing: boolean,
  mayBeEmpty: boolean,
): ExitCode {
  if (errors.length > 0 || checked.some(({ failedRules }) => failedRules.length > 0)) return EXIT.usage;
  if (checked.length === 0) return mayBeEmpty || unchanged > 0 ? EXIT.clean : EXIT.noFiles;
  return failing ? EXIT.findings : EXIT.clean;
}
