import { mergeRuns } from "../shell/edits/merge-runs.ts";
import type { RunInstruction } from "../syntax/nodes.ts";
import type { OfferedFix, RuleContext } from "./rule.ts";

/** The fix that does in one RUN what two in a row do; none where the second one would then run differently. */
export function mergeFix(
  first: RunInstruction,
  second: RunInstruction,
  context: Pick<RuleContext, "dockerfile" | "script">,
  title = "Do both in one RUN",
): OfferedFix[] {
  const scripted = (run: RunInstruction) => ({ run, script: context.script(run) });
  const merged = mergeRuns(scripted(first), scripted(second), context.dockerfile);
  return merged === undefined ? [] : [{ title, applicability: "suggestion", edits: [merged] }];
}
