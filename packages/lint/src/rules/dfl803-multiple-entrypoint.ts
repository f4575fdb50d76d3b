import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { reportLostTriggers } from "../linter/lost-triggers.ts";
import { replacedIn } from "../semantics/last-wins.ts";
import { removeLines } from "../syntax/line-edits.ts";
import type { Instruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL803",
  name: "multiple-entrypoint",
  aliases: ["DL4004", "MultipleInstructionsDisallowed"],
  category: "runtime",
  severity: { recommended: "warning", hadolint: "error" },
  scope: "all",
  fix: "safe",
  summary: "A stage has several ENTRYPOINTs, of which the last one counts",
  docs: (): RuleDocs => ({
    why: `
      A container has one entry point: the last ENTRYPOINT of its stage. Those above it are lost without a word. What
      they were to set up belongs into one script, which ends with \`exec "$@"\`.

      An ENTRYPOINT in a stage below is there to be replaced, and is left alone.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12-slim
          ⟦ENTRYPOINT⟧ ["/setup.sh"]
          ENTRYPOINT ["/server"]
        `,
        fixed: dockerfile`
          FROM debian:12-slim
          ENTRYPOINT ["/server"]
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12-slim
          # sets up the folder
          ⟦ENTRYPOINT⟧ mkdir -p /data && \
              /server
          USER 1000
          ENTRYPOINT ["/server"]
        `,
        fixed: dockerfile`
          FROM debian:12-slim
          # sets up the folder
          USER 1000
          ENTRYPOINT ["/server"]
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12-slim AS base
          ENTRYPOINT ["/server"]
          FROM base
          ENTRYPOINT ["/server", "--debug"]
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12-slim
          ENTRYPOINT ["/entrypoint.sh"]
          CMD ["/server"]
        `,
      },
    ],
  }),
  visit: {
    stage(stage, context) {
      if (context.compat === "buildkit") reportLostTriggers(stage, "ENTRYPOINT", context);
      if (context.model.has("ENTRYPOINT")) check(stage.instructions, context);
    },
    file(_, context) {
      // hadolint does not ask for a FROM.
      if (context.compat === "hadolint") check(context.model.preamble, context);
    },
  },
});

function check(instructions: readonly Instruction[], context: RuleContext): void {
  for (const { lost, by } of replacedIn(instructions, "ENTRYPOINT")) {
    context.report({
      // hadolint reports, and mutes, at the later one.
      at: context.compat === "hadolint" ? by.name.span : lost.name.span,
      instruction: lost,
      message: `This ENTRYPOINT is lost: the ENTRYPOINT in line ${by.startLine} replaces it; remove it, or do both in one script.`,
      related: [{ span: by.name.span, message: "The ENTRYPOINT that counts" }],
      fixes: [{ title: "Remove the ENTRYPOINT that is lost", edits: [removeLines(context.source, lost)] }],
    });
  }
}
