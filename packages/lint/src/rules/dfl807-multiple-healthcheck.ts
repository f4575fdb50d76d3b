import { replacedVisitors } from "../linter/replaced.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

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
  visit: replacedVisitors("HEALTHCHECK", {
    problem: "This health check never runs",
    advice: "remove it, or check both in one command",
    fix: "Remove the HEALTHCHECK that never runs",
  }),
});
