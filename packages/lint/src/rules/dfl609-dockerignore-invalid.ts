import { ignoreLines } from "../linter/build-context/ignore-lines.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

export const rule: Rule = defineRule({
  code: "DFL609",
  name: "dockerignore-invalid",
  category: "context",
  severity: "error",
  scope: "all",
  summary: "The builder refuses a pattern of .dockerignore",
  docs: (): RuleDocs => ({
    why: `
      A bracket without its end, a \`\\\` at the end of a line or a lone \`!\` is no pattern. The build stops before it
      begins, also where nothing is copied. Other rules about the context keep quiet until it is mended.
    `,
    bad: [
      { dockerignore: "node_modules\n⟦a[⟧\n", dockerfile: dockerfile`FROM alpine:3.20` },
      { dockerignore: "*.log\n  ⟦!⟧\n", dockerfile: dockerfile`FROM alpine:3.20` },
      {
        title: "A range that runs backwards.",
        dockerignore: "⟦[z-a].txt⟧",
        dockerfile: dockerfile`FROM alpine:3.20`,
      },
    ],
    good: [{ dockerignore: "*.log\n!a.log\n[a-z].txt\n\\#b\n", dockerfile: dockerfile`FROM alpine:3.20` }],
  }),
  visit: {
    ignoreFile({ text, path }, context) {
      const problem = context.context?.ignoreProblem;
      if (problem === undefined) return;
      const line = ignoreLines(text).get(problem.line);
      context.report({
        target: "dockerignore",
        at: line?.span ?? { start: 0, end: 0 },
        message: `The builder refuses ${path} (${problem.message}) and builds nothing; mend the pattern, or put \\ before a character that is meant as it stands.`,
      });
    },
  },
});
