/** `dflint explain RULE`: the page of a rule. */
import { RuleNames } from "../../linter/rule-names.ts";
import { ruleObject, rulePage } from "../../report/rule-page.ts";
import { documentedRules } from "./documented-rules.ts";
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
  const named = names.find(name);
  if (named === undefined) {
    const near = names.nearest(name);
    throw new UsageError(
      `There is no rule "${name}".${near === undefined ? ' "dflint rules" lists them.' : ` Did you mean "${near}"?`}`,
    );
  }
  const { rule } = named;
  host.out(options.has("json") ? `${JSON.stringify(ruleObject(rule), undefined, 2)}\n` : rulePage(rule));
  return EXIT.clean;
}
