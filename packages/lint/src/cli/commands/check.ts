/** `dflint check` and `dflint fix`: lint files, mend them where that is asked for, and tell what is left. */
import { existsSync, realpathSync } from "node:fs";
import { nearest } from "../../linter/nearest.ts";
import { printable } from "../../report/printable.ts";
import { plural } from "../../report/report.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { COMMAND_NAMES, FORMATS } from "../options.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import { AppliedBaselines } from "../linting/baseline-files.ts";
import { CheckSummary } from "../reports/check-report.ts";
import type { CheckedFile } from "../reports/file-reports.ts";
import { FixedFiles, type FixRequest } from "../linting/fixed-files.ts";
import { lintFiles } from "../linting/lint-files.ts";
import { askedOutputs, parseOutputs } from "../reports/outputs.ts";
import { ReportWriter } from "../reports/report-writer.ts";
import { tell } from "../reports/tell.ts";
import type { VerifiedFixer } from "../linting/verified-fixes.ts";

/** Runs `dflint check`. With `--diff` it fails for what would be changed and for what is left. */
export async function check(options: Options, operands: readonly string[], host: Host): Promise<ExitCode> {
  const isUnsafe = options.has("fix-unsafe");
  const diff = options.has("diff");
  const wantsFixes = isUnsafe || options.has("fix");
  if (diff && !wantsFixes)
    throw new UsageError('--diff shows what --fix would do: write "dflint fix --diff".');
  const applicability = isUnsafe ? "unsafe" : "safe";
  const request = wantsFixes ? ({ applicability, only: undefined, diff } as const) : undefined;
  if (options.has("verify") && !wantsFixes)
    throw new UsageError('--verify proves what --fix does: write "dflint fix --verify", or "dflint verify".');
  const { exitCode, changed } = await run(options, operands, host, request);
  return diff && changed > 0 && exitCode === EXIT.clean ? EXIT.findings : exitCode;
}

/** Runs `dflint fix`. With `--diff` it fails for what would be changed, and for that alone. */
export async function fix(options: Options, operands: readonly string[], host: Host): Promise<ExitCode> {
  const { exitCode, changed } = await run(options, operands, host, {
    applicability: options.has("unsafe") ? "unsafe" : "safe",
    only: options.list("select"),
    diff: options.has("diff"),
  });
  if (!options.has("diff") || (exitCode !== EXIT.clean && exitCode !== EXIT.findings)) return exitCode;
  return changed > 0 ? EXIT.findings : EXIT.clean;
}

/** With `--verify` everything happens as long as the engine is connected. */
async function run(
  options: Options,
  operands: readonly string[],
  host: Host,
  request: FixRequest | undefined,
): Promise<Outcome> {
  if (!options.has("verify")) return await runWith(options, operands, host, request, undefined);
  const { hasFilesToVerify } = await import("../linting/files-to-verify.ts");
  // That there is no such file is said without an engine, too.
  if (!(await hasFilesToVerify(options, operands))) {
    return await runWith(options, operands, host, request, undefined);
  }
  const { withVerifiedFixer } = await import("../linting/verified-fixes.ts");
  return await withVerifiedFixer({ options, host, keeps: true }, async (fixer) => {
    const { exitCode, changed } = await runWith(options, operands, host, request, fixer);
    host.err(fixer.format(options, host));
    const isFailing = fixer.hasFailed && (exitCode === EXIT.clean || exitCode === EXIT.findings);
    return { exitCode: isFailing ? EXIT.unverified : exitCode, changed };
  });
}

/** What a run ends in. */
interface Outcome {
  readonly exitCode: ExitCode;
  /** How many files are changed. */
  readonly changed: number;
}

async function runWith(
  options: Options,
  operands: readonly string[],
  host: Host,
  request: FixRequest | undefined,
  verified: VerifiedFixer | undefined,
): Promise<Outcome> {
  const asked = askedOutputs(options);
  const parsed = parseOutputs(asked, FORMATS);
  const isDiff = request?.diff === true;
  const isInputFixed = request !== undefined && operands.includes("-");
  const writer = await ReportWriter.open({
    // A diff and a fixed input are the output: they come first, and reports go beside them.
    outputs: isDiff && asked.length === 0 ? [] : parsed,
    options,
    host: isDiff || isInputFixed ? { ...host, out: host.err } : host,
    waits: isDiff || isInputFixed,
  });
  const fixes = request && new FixedFiles(request);
  const baselines = new AppliedBaselines(options);
  const summary = new CheckSummary(options, request?.applicability, (report) => writer.take(report));
  let fixedInput = "";
  const take = (file: CheckedFile): void => {
    fixedInput ||= file.fixedInput ?? "";
    summary.add(baselines.apply(file));
  };
  const linted = await lintFiles({ options, operands, host, fixes, verified, take });
  const stale = options.has("quiet") ? [] : baselines.stale();
  tell({ ...linted, warnings: [...linted.warnings, ...stale] }, options, host);
  tellCommand(operands[0], host);
  const report = summary.report(linted, baselines.known, host.version);
  const changed = fixes?.count ?? 0;
  if (fixes !== undefined && isDiff) {
    host.out(await fixes.diff());
    const place = fixes.folder === realpathSync(".") ? "" : ` The diff is to be applied in ${fixes.folder}.`;
    const would = `Would apply ${plural(report.fixed, "fix", "fixes")} in ${plural(changed, "file")}.${place}`;
    if (!options.has("quiet")) host.err(`dflint: ${printable(would)}\n`);
  } else if (fixedInput !== "") host.out(fixedInput);
  await writer.finish(report);
  return { exitCode: report.exitCode, changed };
}

/** What other programs call it. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ["help", "--help"],
  ["version", "--version"],
  ["lint", "check"],
  ["list", "rules"],
]);

/** A command that is misspelt, or stands behind an option, is taken for a file. */
function tellCommand(operand: string | undefined, host: Host): void {
  if (operand === undefined || operand === "" || existsSync(operand)) return;
  if (COMMAND_NAMES.some((command) => command === operand)) {
    host.err(`dflint: The command comes first: "dflint ${operand}".\n`);
    return;
  }
  const name = ELSEWHERE.get(operand) ?? nearest(operand, COMMAND_NAMES);
  if (name !== undefined) host.err(`dflint: Did you mean the command "dflint ${name}"?\n`);
}
