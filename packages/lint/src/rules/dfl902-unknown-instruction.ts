import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

export const rule: Rule = defineRule({
  code: "DFL902",
  name: "unknown-instruction",
  category: "syntax",
  severity: { recommended: "error", buildkit: "error" },
  scope: "all",
  summary: "There is no such instruction",
  docs: (): RuleDocs => ({
    why: `
      The build stops here. Mostly it is a slip of the pen, or the rest of a RUN whose line above lacks its \`\\\`.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ⟦CPOY⟧ app /app
        `,
      },
      {
        title: "The line above does not go on.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache curl
              ⟦&&⟧ curl -fsS https://example.org
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          copy app /app
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache curl \
              && curl -fsS https://example.org
        `,
      },
    ],
  }),
  visit: {
    file({ problems }, context) {
      for (const { code, message, advice, span } of problems) {
        if (code !== "unknown-instruction") continue;
        context.report({ at: span, message: `BuildKit refuses this: ${message}. ${advice}` });
      }
    },
  },
});
