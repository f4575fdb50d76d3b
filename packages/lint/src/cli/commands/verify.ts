/** `dflint verify`: proves fixes with an engine, and writes none. */
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { FORMATS } from "../options.ts";
import type { Host } from "../host.ts";
import { writeReports } from "./check.ts";
import { checkReport } from "./check-report.ts";
import { FixedFiles } from "./fixed-files.ts";
import { lintFiles } from "./lint-files.ts";
import { askedOutputs, parseOutputs } from "./outputs.ts";
import { tell } from "./tell.ts";
import { withVerifiedFixer } from "./verified-fixes.ts";

/** Runs `dflint verify`. It fails for fixes that do not verify, and not for findings. */
export async function verify(options: Options, operands: readonly string[], host: Host): Promise<ExitCode> {
  const asked = askedOutputs(options);
  const outputs = parseOutputs(asked, FORMATS);
  const fixes = new FixedFiles({
    applicability: options.has("unsafe") ? "unsafe" : "safe",
    only: options.list("select"),
    diff: true, // nothing is written
  });
  return await withVerifiedFixer({ options, host, keeps: false }, async (fixer) => {
    const linted = await lintFiles(options, operands, host, fixes, fixer);
    tell(linted, options, host);
    const report = checkReport(linted, 0, options, host.version);
    const text = fixer.format(options, host);
    const code =
      report.exitCode === EXIT.findings || report.exitCode === EXIT.clean
        ? fixer.hasFailed
          ? EXIT.unverified
          : EXIT.clean
        : report.exitCode;
    const isPrinted = outputs.some(({ format, path }) => format !== "tty" && path === undefined);
    (isPrinted ? host.err : host.out)(text);
    const others = outputs.filter(({ format, path }) => format !== "tty" || path !== undefined);
    await writeReports({ ...report, exitCode: code }, others, options, host);
    return code;
  });
}
