import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { reportLostTriggers } from "../linter/lost-triggers.ts";
import { replacedIn } from "../semantics/last-wins.ts";
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
      if (context.compat === "buildkit") reportLostTriggers(stage, "HEALTHCHECK", context);
      if (context.model.has("HEALTHCHECK")) check(stage.instructions, context);
    },
    file(_, context) {
      // hadolint does not ask for a FROM.
      if (context.compat === "hadolint") check(context.model.preamble, context);
    },
  },
});

function check(instructions: readonly Instruction[], context: RuleContext): void {
  for (const { lost, by } of replacedIn(instructions, "HEALTHCHECK")) {
    context.report({
      // hadolint reports, and mutes, at the later one.
      at: context.compat === "hadolint" ? by.name.span : lost.name.span,
      instruction: lost,
      message: `This health check never runs: the HEALTHCHECK in line ${by.startLine} replaces it; remove it, or check both in one command.`,
      related: [{ span: by.name.span, message: "The HEALTHCHECK that counts" }],
      fixes: [
        { title: "Remove the HEALTHCHECK that never runs", edits: [removeLines(context.source, lost)] },
      ],
    });
  }
}
