/** Whether there is anything to verify, which needs no engine to tell. */
import { RuleNames } from "../../linter/rule-names.ts";
import { rules } from "../../rules/index.ts";
import type { Options } from "../arguments.ts";
import { checkOverlay, checkRuleNames, configLoader } from "./check-options.ts";
import { findTargets } from "./lint-files.ts";
import { namedBuilds } from "../builds/named-builds.ts";

/** Throws a UsageError for a compose or bake file that cannot be read, and a ConfigError. */
export async function hasFilesToVerify(options: Options, operands: readonly string[]): Promise<boolean> {
  const names = new RuleNames(rules);
  checkRuleNames(options, names);
  const { builds, notes } = await namedBuilds(options, checkOverlay(options, new Date()));
  if (builds.length + notes.length > 0) return true;
  const { paths } = await findTargets(operands, options, configLoader(options, names));
  return paths.length > 0;
}
