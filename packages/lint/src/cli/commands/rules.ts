/** `dflint rules`: every rule with its level. */
import { DEFAULT_RULESET, presetLevel, type Preset } from "../../linter/presets.ts";
import { rules } from "../../rules/index.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { refuseOperands } from "../linting/check-options.ts";

/** Runs the command. */
export function listRules(options: Options, operands: readonly string[], host: Host): ExitCode {
  refuseOperands(operands, "rules");
  const preset = (options.text("preset") ?? "recommended") as Preset; // one of the table's values
  const rows = rules.map((rule) => ({
    code: rule.code,
    name: rule.name,
    level: presetLevel(rule, preset, DEFAULT_RULESET),
    category: rule.category,
    scope: rule.scope,
    fix: rule.fix ?? null,
    aliases: rule.aliases,
    summary: rule.summary,
  }));
  if (options.has("json")) {
    host.out(`${JSON.stringify({ schemaVersion: 1, preset, rules: rows }, undefined, 2)}\n`);
    return EXIT.clean;
  }
  const [nameWidth, fixWidth] = [
    widthOf(rows.map(({ name }) => name)),
    widthOf(rows.map(({ fix }) => fix ?? "-")),
  ];
  for (const { code, level, name, fix, summary } of rows) {
    host.out(
      `${code}  ${level.padEnd(7)}  ${name.padEnd(nameWidth)}  ${(fix ?? "-").padEnd(fixWidth)}  ${summary}\n`,
    );
  }
  return EXIT.clean;
}

function widthOf(values: readonly string[]): number {
  return Math.max(0, ...values.map((value) => value.length));
}
