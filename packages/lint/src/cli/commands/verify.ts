/** `dflint verify`: proves fixes with an engine, and writes none. */
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { FORMATS } from "../options.ts";
import type { Host } from "../host.ts";
import { CheckSummary } from "../reports/check-report.ts";
import type { CheckedFile } from "../reports/file-reports.ts";
import { hasFilesToVerify } from "../linting/files-to-verify.ts";
import { FixedFiles } from "../linting/fixed-files.ts";
import { lintFiles } from "../linting/lint-files.ts";
import { askedOutputs, parseOutputs } from "../reports/outputs.ts";
import { ReportWriter } from "../reports/report-writer.ts";
import { tell } from "../reports/tell.ts";
import { withVerifiedFixer, type VerifiedFixer } from "../linting/verified-fixes.ts";

/** Runs `dflint verify`. It fails for fixes that do not verify, and not for findings. */
export async function verify(options: Options, operands: readonly string[], host: Host): Promise<ExitCode> {
  const asked = askedOutputs(options);
  const parsed = parseOutputs(asked, FORMATS);
  // For people there are the verdicts.
  const outputs = parsed.filter(({ format, path }) => format !== "tty" || path !== undefined);
  const isPrinted = outputs.some(({ path }) => path === undefined);
  const fixes = new FixedFiles({
    applicability: options.has("unsafe") ? "unsafe" : "safe",
    only: options.list("select"),
    diff: true, // nothing is written
  });
  const work = async (fixer: VerifiedFixer | undefined): Promise<ExitCode> => {
    const writer = await ReportWriter.open({ outputs, options, host, waits: true });
    const summary = new CheckSummary(options, undefined, (report) => writer.take(report));
    const take = (file: CheckedFile): void => summary.add(file);
    const linted = await lintFiles({ options, operands, host, fixes, verified: fixer, take });
    tell(linted, options, host);
    const report = summary.report(linted, 0, host.version);
    const text = fixer?.format(options, host) ?? "";
    const code =
      report.exitCode === EXIT.findings || report.exitCode === EXIT.clean
        ? fixer?.hasFailed === true
          ? EXIT.unverified
          : EXIT.clean
        : report.exitCode;
    (isPrinted ? host.err : host.out)(text);
    await writer.finish({ ...report, exitCode: code });
    return code;
  };
  // That there is no such file is said without an engine, too.
  return (await hasFilesToVerify(options, operands))
    ? await withVerifiedFixer({ options, host, keeps: false }, work)
    : await work(undefined);
}
