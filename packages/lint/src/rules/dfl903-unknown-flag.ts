import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

export const rule: Rule = defineRule({
  code: "DFL903",
  name: "unknown-flag",
  category: "syntax",
  severity: { recommended: "error", buildkit: "error" },
  scope: "all",
  summary: "The instruction has no such flag",
  docs: (): RuleDocs => ({
    why: `
      The build stops here. What begins with \`--\` right after an instruction is read as a flag of it, also where a
      program was to get it: \`CMD --debug\` is refused, \`CMD ["--debug"]\` is not.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          COPY ⟦--form⟧=build /app /app
        `,
      },
      {
        title: "Meant for the program.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENTRYPOINT ["/app"]
          CMD ⟦--debug⟧
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          COPY --link --chown=1000:1000 app /app
          CMD ["--debug"]
        `,
      },
      {
        title: "ARG drops flags without a word.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ARG --foo NAME
        `,
      },
    ],
  }),
  visit: {
    file({ problems }, context) {
      for (const { code, message, advice, span } of problems) {
        if (code !== "unknown-flag") continue;
        context.report({ at: span, message: `BuildKit refuses this: ${message}. ${advice}` });
      }
    },
  },
});
