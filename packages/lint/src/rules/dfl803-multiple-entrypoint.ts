import { replacedVisitors } from "../linter/replaced.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

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
  visit: replacedVisitors("ENTRYPOINT", {
    problem: "This ENTRYPOINT is lost",
    advice: "remove it, or do both in one script",
    fix: "Remove the ENTRYPOINT that is lost",
  }),
});
