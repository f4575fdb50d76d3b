import { replacedIn, type LastWins } from "../semantics/last-wins.ts";
import type { Stage } from "../semantics/model.ts";
import { checkedTriggers } from "../semantics/onbuild-triggers.ts";
import type { RuleContext } from "./rule.ts";

/** Reports what ONBUILD sets in a stage and is replaced there. BuildKit reads it where it is triggered: at the FROM. */
export function reportLostTriggers(stage: Stage, keyword: LastWins, context: RuleContext): void {
  const triggers = checkedTriggers(stage);
  if (triggers.length === 0) return;
  for (const { lost, by } of replacedIn([...triggers, ...stage.instructions], keyword)) {
    if (lost.onbuild === undefined) continue;
    const message = `The ${keyword} that the ONBUILD in line ${lost.startLine} sets here is replaced by the one in line ${by.startLine}; remove one of them.`;
    context.report({ at: stage.from.name.span, instruction: stage.from, message });
  }
}
