import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { replacedIn } from "../semantics/last-wins.ts";
import type { Stage } from "../semantics/model.ts";
import { checkedTriggers } from "../semantics/onbuild-triggers.ts";
import { removeLines } from "../syntax/line-edits.ts";
import type { Instruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL807",
  name: "multiple-healthcheck",
  aliases: ["DL3012", "MultipleInstructionsDisallowed"],
  category: "runtime",
  severity: { recommended: "warning", hadolint: "error" },
  scope: "all",
  fix: "safe",
  summary: "A stage has several HEALTHCHECKs, of which the last one counts",
  docs: (): RuleDocs => ({
    why: `
      The engine runs one health check: the last HEALTHCHECK of the stage. Those above it are lost without a word, so
      half of what was to be watched is not. Put all of it into one command. \`HEALTHCHECK NONE\` counts as one, too.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM nginx:1.27
          ⟦HEALTHCHECK⟧ CMD ["curl", "-fsS", "http://localhost"]
          HEALTHCHECK --interval=5s CMD ["curl", "-fsS", "http://localhost/ready"]
        `,
        fixed: dockerfile`
          FROM nginx:1.27
          HEALTHCHECK --interval=5s CMD ["curl", "-fsS", "http://localhost/ready"]
        `,
      },
      {
        dockerfile: dockerfile`
          FROM nginx:1.27
          ⟦HEALTHCHECK⟧ NONE
          EXPOSE 80
          HEALTHCHECK CMD ["curl", "-fsS", "http://localhost"]
        `,
        fixed: dockerfile`
          FROM nginx:1.27
          EXPOSE 80
          HEALTHCHECK CMD ["curl", "-fsS", "http://localhost"]
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM nginx:1.27 AS base
          HEALTHCHECK CMD ["curl", "-fsS", "http://localhost"]
          FROM base
          HEALTHCHECK NONE
        `,
      },
      {
        dockerfile: dockerfile`
          FROM nginx:1.27
          HEALTHCHECK CMD curl -fsS http://localhost && curl -fsS http://localhost/ready
        `,
      },
    ],
  }),
  visit: {
    stage(stage, context) {
      if (!context.model.has("HEALTHCHECK")) return;
      const triggers = context.compat === "buildkit" ? checkedTriggers(stage) : [];
      check([...triggers, ...stage.instructions], context, stage);
    },
    file(_, context) {
      // hadolint does not ask for a FROM.
      if (context.compat === "hadolint") check(context.model.preamble, context);
    },
  },
});

function check(instructions: readonly Instruction[], context: RuleContext, stage?: Stage): void {
  for (const { lost, by } of replacedIn(instructions, "HEALTHCHECK")) {
    // BuildKit reads what ONBUILD holds where it is triggered.
    if (lost.onbuild !== undefined && stage !== undefined) {
      const message = `The ${lost.keyword} that the ONBUILD in line ${lost.startLine} sets here is replaced by the one in line ${by.startLine}; remove one of them.`;
      context.report({ at: stage.from.name.span, instruction: stage.from, message });
      continue;
    }
    context.report({
      // hadolint reports, and mutes, at the later one.
      at: context.compat === "hadolint" ? by.name.span : lost.name.span,
      instruction: lost,
      message: `This health check never runs: the HEALTHCHECK in line ${by.startLine} replaces it; remove it, or check both in one command.`,
      related: [{ span: by.name.span, message: "The HEALTHCHECK that counts." }],
      fixes: [
        { title: "Remove the HEALTHCHECK that never runs", edits: [removeLines(context.source, lost)] },
      ],
    });
  }
}
