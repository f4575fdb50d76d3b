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
import { applyBaselines } from "./baseline-files.ts";
import { checkReport, type CheckReport } from "./check-report.ts";
import { FixedFiles, type FixRequest } from "./fixed-files.ts";
import { lintFiles } from "./lint-files.ts";
import { askedOutputs, parseOutputs, writeReport, type Output } from "./outputs.ts";
import { tell } from "./tell.ts";
import type { VerifiedFixer } from "./verified-fixes.ts";

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
  const { withVerifiedFixer } = await import("./verified-fixes.ts");
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
  const outputs = parseOutputs(asked, FORMATS);
  const fixes = request && new FixedFiles(request);
  const linted = await lintFiles(options, operands, host, fixes, verified);
  const { checked, baselined, stale } = applyBaselines(linted.checked, options);
  tell({ ...linted, warnings: [...linted.warnings, ...(options.has("quiet") ? [] : stale)] }, options, host);
  tellCommand(operands[0], host);
  const report = checkReport({ ...linted, checked }, baselined, options, host.version);
  const changed = fixes?.count ?? 0;
  if (fixes !== undefined && request?.diff === true) {
    host.out(await fixes.diff());
    const place = fixes.folder === realpathSync(".") ? "" : ` The diff is to be applied in ${fixes.folder}.`;
    const would = `Would apply ${plural(report.fixed, "fix", "fixes")} in ${plural(changed, "file")}.${place}`;
    if (!options.has("quiet")) host.err(`dflint: ${printable(would)}\n`);
    await writeReports(report, asked.length === 0 ? [] : outputs, options, { ...host, out: host.err });
  } else {
    const fixedInput = linted.checked.find((file) => file.fixedInput !== undefined)?.fixedInput;
    if (fixedInput !== undefined) host.out(fixedInput);
    const isTaken = request !== undefined && linted.hasInput;
    await writeReports(report, outputs, options, isTaken ? { ...host, out: host.err } : host);
  }
  return { exitCode: report.exitCode, changed };
}

/** Writes all reports, also when one of them cannot be written. Throws a {@link UsageError}. */
export async function writeReports(
  report: CheckReport,
  outputs: readonly Output[],
  options: Options,
  host: Host,
): Promise<void> {
  const failures: UsageError[] = [];
  for (const output of outputs) {
    try {
      await writeReport(report, output, options, host);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new UsageError(failures.map(({ message }) => message).join("\n"));
}

/** A command that is misspelt is taken for a file. */
function tellCommand(operand: string | undefined, host: Host): void {
  if (operand === undefined || operand === "" || existsSync(operand)) return;
  const name = nearest(operand, COMMAND_NAMES);
  if (name !== undefined) host.err(`dflint: Did you mean the command "dflint ${name}"?\n`);
}
