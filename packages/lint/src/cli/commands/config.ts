/** `dflint config --show FILE`: the effective configuration of a file, each value with where it comes from. */
import { dirname } from "node:path";
import { ConfiguredLinters } from "../../config/for-file.ts";
import { RuleNames } from "../../linter/rule-names.ts";
import { rules } from "../../rules/index.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import { configLoader, refuseOperands } from "../linting/check-options.ts";
import { effectiveValues } from "./config-values.ts";

/** Runs the command. */
export async function showConfig(
  options: Options,
  operands: readonly string[],
  host: Host,
): Promise<ExitCode> {
  refuseOperands(operands, "config");
  const file = options.text("show");
  if (file === undefined) throw new UsageError('Name a file: "dflint config --show Dockerfile".');
  const names = new RuleNames(rules);
  const config = await configLoader(options, names).forFolder(dirname(file));
  const linters = new ConfiguredLinters(config, rules, names, {});
  const { active } = linters.linterFor(file);
  const overrides = linters.overridesFor(file);
  const values = effectiveValues({ config, active, overrides, isPresetGiven: options.has("preset") }, names);
  if (options.has("json")) {
    host.out(
      `${JSON.stringify({ schemaVersion: 1, file, config: config.path ?? null, values }, undefined, 2)}\n`,
    );
    return EXIT.clean;
  }
  host.out(`# ${file}: ${config.path ?? "no configuration file"}\n`);
  const widths = values.map(({ key, value }) => key.length + JSON.stringify(value).length + 2);
  const width = Math.max(...widths.filter((one) => one <= 60));
  for (const { key, value, origin } of values) {
    host.out(`${`${key}: ${JSON.stringify(value)}`.padEnd(width)}  # ${origin}\n`);
  }
  return EXIT.clean;
}
