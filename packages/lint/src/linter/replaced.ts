/** What the rules about instructions share of which only the last of a stage counts: CMD, ENTRYPOINT, HEALTHCHECK. */
import { replacedIn, type LastWins } from "../semantics/stages/last-wins.ts";
import type { Stage } from "../semantics/model.ts";
import { checkedTriggers } from "../semantics/stages/onbuild-triggers.ts";
import { removeLines } from "../syntax/line-edits.ts";
import type { Instruction } from "../syntax/nodes.ts";
import type { RuleContext, Visitors } from "./rule.ts";

/** What a rule says of an instruction that a later one replaces. */
interface ReplacedText {
  /** What it is to whoever wrote it: `This CMD never runs`. */
  readonly problem: string;
  readonly advice: string;
  /** The title of the fix that removes it. */
  readonly fix: string;
}

/** The visitors that report each instruction of a kind that a later one of its stage replaces. */
export function replacedVisitors(keyword: LastWins, text: ReplacedText): Visitors {
  return {
    stage(stage, context) {
      if (context.compat === "buildkit") reportTriggers(stage, keyword, context);
      if (context.model.has(keyword)) reportReplaced(stage.instructions, keyword, text, context);
    },
    file(_, context) {
      // hadolint does not ask for a FROM.
      if (context.compat === "hadolint") reportReplaced(context.model.preamble, keyword, text, context);
    },
  };
}

function reportReplaced(
  instructions: readonly Instruction[],
  keyword: LastWins,
  { problem, advice, fix }: ReplacedText,
  context: RuleContext,
): void {
  for (const { lost, by } of replacedIn(instructions, keyword)) {
    context.report({
      // hadolint reports, and mutes, at the later one.
      at: context.compat === "hadolint" ? by.name.span : lost.name.span,
      instruction: lost,
      message: `${problem}: the ${keyword} in line ${by.startLine} replaces it; ${advice}.`,
      related: [{ span: by.name.span, message: `The ${keyword} that counts` }],
      fixes: [{ title: fix, edits: [removeLines(context.source, lost)] }],
    });
  }
}

/** Reports what ONBUILD sets in a stage and is replaced there. BuildKit reads it where it is triggered: at the FROM. */
function reportTriggers(stage: Stage, keyword: LastWins, context: RuleContext): void {
  const triggers = checkedTriggers(stage);
  if (triggers.length === 0) return;
  for (const { lost, by } of replacedIn([...triggers, ...stage.instructions], keyword)) {
    if (lost.onbuild === undefined) continue;
    const message = `The ${keyword} that the ONBUILD in line ${lost.startLine} sets here is replaced by the one in line ${by.startLine}; remove one of them.`;
    context.report({ at: stage.from.name.span, instruction: stage.from, message });
  }
}
