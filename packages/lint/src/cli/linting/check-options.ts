/** What the options of `check` mean for the linter. */
import { statSync } from "node:fs";
import type { LinterOverlay } from "../../config/for-file.ts";
import { ConfigLoader } from "../../config/load.ts";
import { LEVELS } from "../../config/schema.ts";
import type { RuleSetting } from "../../linter/active-rules.ts";
import type { Level } from "../../linter/diagnostic.ts";
import { didYouMean } from "../../linter/nearest.ts";
import { RULESETS, type Preset } from "../../linter/presets.ts";
import type { RuleNames } from "../../linter/rule-names.ts";
import type { InlineOptions } from "../../linter/comments/mute.ts";
import type { Options } from "../arguments.ts";
import { UsageError } from "../usage-error.ts";

/** Refuses rules and rulesets that do not exist. Throws a {@link UsageError}. */
export function checkRuleNames(options: Options, names: RuleNames): void {
  // A variable of a script that is not set; nothing would be looked for, and nothing found.
  if (options.list("only")?.length === 0) {
    throw new UsageError("--only needs a value, and got an empty one: --only RULE.");
  }
  const severities = options.list("severity") ?? [];
  const given = ["select", "ignore", "only"].flatMap((option) => options.list(option) ?? []);
  for (const name of [...given, ...severities.map((pair) => pair.split("=", 1)[0] ?? "")]) {
    if (names.find(name) !== undefined) continue;
    const near = names.nearest(name);
    const hint = near === undefined ? ' "dflint rules" lists them.' : ` Did you mean "${near}"?`;
    throw new UsageError(`There is no rule "${name}".${hint}`);
  }
  const ruleset = options.text("ruleset");
  if (ruleset === undefined || RULESETS.includes(ruleset)) return;
  throw new UsageError(
    `There is no ruleset "${ruleset}": use ${RULESETS.join(", ")}.${didYouMean(ruleset, RULESETS)}`,
  );
}

/** Loads configurations as the command line says. */
export function configLoader(options: Options, names: RuleNames): ConfigLoader {
  return new ConfigLoader({
    names,
    path: options.text("config"),
    disabled: options.has("no-config"),
    preset: options.text("preset") as Preset | undefined, // one of the values in the table of options
  });
}

/** The folder of `--context`. Throws a {@link UsageError} where there is none: what is said of it would be silent. */
export function contextFolder(options: Options): string | undefined {
  const folder = options.text("context");
  if (folder === undefined || isFolder(folder)) return folder;
  throw new UsageError(`--context: there is no folder ${folder}.`);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // not there, or behind what may not be looked into
  }
}

/** What the command line lays over every configuration. */
export function checkOverlay(options: Options, now: Date): LinterOverlay {
  return {
    ruleset: options.text("ruleset"),
    select: options.list("select"),
    ignore: options.list("ignore"),
    only: options.list("only"),
    rules: (options.list("severity") ?? []).map(readSeverity),
    inline: inlineOptions(options),
    buildArgs: Object.fromEntries((options.list("build-arg") ?? []).map(readBuildArg)),
    target: options.text("target"),
    platform: options.text("platform"),
    today: now.toISOString().slice(0, 10),
  };
}

function inlineOptions(options: Options): InlineOptions {
  return {
    ...(options.has("no-inline") && { enabled: false }),
    ...(options.has("report-unused") && { reportUnused: true }),
    ...(options.has("require-reason") && { requireReason: true }),
  };
}

function readSeverity(pair: string): readonly [string, RuleSetting] {
  const [name = "", text = ""] = pair.split("=", 2);
  const level = LEVELS.find((known): known is Level => known === text);
  if (level !== undefined) return [name, { level }];
  throw new UsageError(
    `--severity takes RULE=LEVEL with a level of ${LEVELS.join(", ")}, not "${pair}".${didYouMean(text, LEVELS)}`,
  );
}

/** `NAME=VALUE`; like the docker CLI, `NAME` alone takes the value from the environment. */
function readBuildArg(pair: string): readonly [string, string] {
  const at = pair.indexOf("=");
  if (at === 0 || pair === "") throw new UsageError(`--build-arg takes NAME=VALUE, not "${pair}".`);
  return at === -1 ? [pair, process.env[pair] ?? ""] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** Refuses operands of a command that takes none. Throws a {@link UsageError}. */
export function refuseOperands(operands: readonly string[], command: string): void {
  if (operands.length > 0) throw new UsageError(`dflint ${command} takes no "${operands[0]}".`);
}
