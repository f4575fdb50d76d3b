/** `dflint explain RULE`: the page of a rule, or of each where several share what another linter calls them. */
import { RuleNames } from "../../linter/rule-names.ts";
import { ruleObject, rulePage } from "../../report/rule-page.ts";
import { documentedRules } from "../documented-rules.ts";
import type { Options } from "../arguments.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";

/** Runs the command. */
export function explain(options: Options, operands: readonly string[], host: Host): ExitCode {
  const [name, extra] = operands;
  if (name === undefined)
    throw new UsageError('Name a rule: "dflint explain RULE". "dflint rules" lists them.');
  if (extra !== undefined) throw new UsageError(`explain takes one rule, not "${extra}" as well.`);
  const names = new RuleNames(documentedRules);
  // tally writes them as hadolint/DL3006.
  const found = names.findAll(name.trim().replace(/^(?:hadolint|buildkit)\//i, "")).map(({ rule }) => rule);
  const [first] = found;
  if (first === undefined) {
    const near = names.nearest(name);
    throw new UsageError(
      `There is no rule "${name}".${near === undefined ? ' "dflint rules" lists them.' : ` Did you mean "${near}"?`}`,
    );
  }
  if (options.has("json")) {
    const objects = found.map(ruleObject);
    host.out(`${JSON.stringify(objects.length === 1 ? objects[0] : objects, undefined, 2)}\n`);
  } else host.out(found.map(rulePage).join("\n---\n\n"));
  return EXIT.clean;
}
