import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { readDirectives } from "../linter/comments/directives.ts";

export const rule: Rule = defineRule({
  code: "DFL912",
  name: "inline-ignore",
  aliases: ["DL1001"],
  category: "syntax",
  severity: { recommended: "off", strict: "off", hadolint: "off" },
  scope: "all",
  summary: "A comment mutes findings of the next instruction",
  docs: (): RuleDocs => ({
    why: `
      A comment that mutes a finding is seen by those who read the file, not by those who answer for all of them. Where
      exceptions are to be granted in one place, the configuration, this rule shows the others. It is off in every
      preset; \`select\` it, or give it a level.

      Directives for a stage or the whole file are not reported, as they are easily found. To have every
      directive give a reason instead, use \`inline: {require-reason: true}\`.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ⟦# hadolint ignore=DL3018⟧
          RUN apk add --no-cache curl
          ⟦# dflint ignore=DFL421 -- it has no versions⟧
          RUN apk add --no-cache git
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          # hadolint global ignore=DL3018
          # dflint ignore-file=DFL421
          FROM alpine:3.20
          # to download
          RUN apk add --no-cache curl
        `,
      },
    ],
  }),
  visit: {
    file(file, context) {
      for (const { kind, dialect, span, names } of readDirectives(file)) {
        if (kind !== "ignore" || (context.compat === "hadolint" && dialect !== "hadolint")) continue;
        const list = names.map(({ text }) => text).join(", ");
        context.report({
          at: span,
          message: `This comment mutes ${list} here; mend what is reported, or grant the exception in the configuration.`,
        });
      }
    },
  },
});
