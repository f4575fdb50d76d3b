/** `dflint check`: lints files and prints what it finds. */
import { ConfigLoader } from "../../config/load.ts";
import { ContextFolders } from "../../files/context.ts";
import { findDockerfiles, type FoundFiles } from "../../files/find.ts";
import { decode, FileError, readDockerfile, type FileText } from "../../files/read.ts";
import { reaches, type Severity } from "../../linter/diagnostic.ts";
import { DEFAULT_RULESET, type Preset } from "../../linter/presets.ts";
import { RuleNames } from "../../linter/rule-names.ts";
import type { FileReport, Report } from "../../report/report.ts";
import { rules } from "../../rules/index.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { wantsColour } from "../host.ts";
import { FileChecker, type CheckedFile } from "./check-file.ts";
import { checkOverlay, checkRuleNames } from "./check-options.ts";
import { parseOutputs, writeReport } from "./outputs.ts";

/** Runs the command. */
export async function check(options: Options, operands: readonly string[], host: Host): Promise<ExitCode> {
  const outputs = parseOutputs([...(options.list("output") ?? []), ...(options.list("format") ?? [])]);
  const names = new RuleNames(rules);
  checkRuleNames(options, names);
  const preset = options.text("preset") as Preset | undefined; // one of the values in the table of options
  const loader = new ConfigLoader({
    names,
    path: options.text("config"),
    disabled: options.has("no-config"),
    preset,
  });
  const checker = new FileChecker({
    loader,
    rules,
    names,
    overlay: checkOverlay(options, new Date()),
    contexts: new ContextFolders(),
    context: options.text("context"),
    fix: options.has("fix-unsafe") ? "unsafe" : options.has("fix") ? "safe" : undefined,
  });
  const found = await findTargets(operands, options, loader);
  const errors = new Set(found.errors);
  const checked: CheckedFile[] = [];
  let pause = Date.now();
  for (const path of found.paths) {
    try {
      const { file, name } = await readTarget(path, options, host);
      const result = await checker.check(name, file, path === "-");
      if (result.fixed !== undefined && path === "-") host.out(result.fixed);
      checked.push(result);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      errors.add(error.message);
    }
    // A long run lets the process hear signals.
    if (Date.now() - pause > 200) {
      await new Promise(setImmediate);
      pause = Date.now();
    }
  }
  for (const warning of checker.warnings) host.err(`dflint: ${warning}\n`);
  for (const error of errors) host.err(`dflint: ${error}\n`);
  if (checked.length === 0 && errors.size === 0) {
    host.err(`dflint: No Dockerfile found in ${found.empty.join(", ")}.\n`);
  }
  const report = makeReport(checked, [...errors], options, preset, host.version);
  const colour = wantsColour(host, options.has("no-color"));
  const toError = checked.some(({ fixed }) => fixed !== undefined) && found.paths.includes("-");
  for (const output of outputs) {
    await writeReport(report, output, { colour, print: toError ? host.err : host.out });
  }
  return report.exitCode;
}

interface CheckReport extends Report {
  readonly exitCode: ExitCode;
}

async function findTargets(
  operands: readonly string[],
  options: Options,
  loader: ConfigLoader,
): Promise<FoundFiles> {
  const targets = operands.length === 0 ? ["."] : operands;
  const named = targets.filter((target) => target !== "-");
  const { include, exclude } = await loader.forFolder(".");
  const here = { folder: process.cwd(), patterns: options.list("exclude") ?? [] };
  const found = findDockerfiles(named, { include, exclude: [...exclude, here] });
  return targets.includes("-") ? { ...found, paths: ["-", ...found.paths] } : found;
}

async function readTarget(
  path: string,
  options: Options,
  host: Host,
): Promise<{ file: FileText; name: string }> {
  if (path !== "-") return { file: readDockerfile(path), name: path };
  return { file: decode(await host.readInput()), name: options.text("stdin-filename") ?? "<stdin>" };
}

function makeReport(
  checked: readonly CheckedFile[],
  errors: readonly string[],
  options: Options,
  preset: Preset | undefined,
  version: string,
): CheckReport {
  const failOn = options.text("fail-on") as Severity | "never" | undefined; // one of the table's values
  const failLevels = checked.map(({ config }) => failOn ?? config.failOn);
  const show = options.text("show") as Severity | undefined; // one of the table's values
  let failing = false;
  let warnings = 0;
  const files: FileReport[] = [];
  for (const [index, { reports }] of checked.entries()) {
    const level = failLevels[index] ?? "warning";
    for (const file of reports) {
      failing ||= file.diagnostics.some(({ severity }) => reaches(severity, level));
      warnings += file.diagnostics.filter(({ severity }) => severity === "warning").length;
      const threshold = options.has("quiet") ? level : show;
      const shown =
        threshold === undefined
          ? file.diagnostics
          : file.diagnostics.filter(({ severity }) => reaches(severity, threshold));
      files.push({ ...file, diagnostics: shown });
    }
  }
  const limit = options.count("max-warnings");
  if (limit !== undefined && warnings > limit) failing = true;
  return {
    version,
    ruleset: options.text("ruleset") ?? checked[0]?.config.ruleset ?? DEFAULT_RULESET,
    preset: preset ?? checked[0]?.config.preset ?? "recommended",
    files,
    suppressed: checked.reduce((sum, { suppressed }) => sum + suppressed, 0),
    failOn: failLevels[0] ?? failOn ?? "warning",
    exitCode: exitCodeOf(checked, errors, failing, options.has("allow-empty")),
    errors,
  };
}

function exitCodeOf(
  checked: readonly CheckedFile[],
  errors: readonly string[],
  failing: boolean,
  mayBeEmpty: boolean,
): ExitCode {
  if (errors.length > 0 || checked.some(({ failedRules }) => failedRules.length > 0)) return EXIT.usage;
  if (checked.length === 0) return mayBeEmpty ? EXIT.clean : EXIT.noFiles;
  return failing ? EXIT.findings : EXIT.clean;
}
