import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

export const rule: Rule = defineRule({
  code: "DFL906",
  name: "first-instruction",
  aliases: ["DL3061"],
  category: "syntax",
  severity: { recommended: "error", hadolint: "error", buildkit: "error" },
  scope: "all",
  onbuild: false,
  summary: "Something other than ARG stands before the first FROM",
  docs: (): RuleDocs => ({
    why: `
      Every instruction but ARG works on an image, and the first FROM says on which. Without one the builder
      stops at once. There is nothing to ignore: such a file does not build, unless another tool puts something in
      front of it.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          ⟦LABEL⟧ version=1
          FROM alpine:3.20
        `,
      },
      {
        title: "Each one.",
        dockerfile: dockerfile`
          ARG VERSION=3.20
          ⟦ENV⟧ LANG=C.UTF-8
          ⟦RUN⟧ apk add --no-cache curl
          FROM alpine:$VERSION
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          # syntax=docker/dockerfile:1
          # who needs it builds it
          ARG VERSION=3.20
          FROM alpine:$VERSION
          LABEL version=1
        `,
      },
    ],
  }),
  visit: {
    file(_, context) {
      for (const instruction of context.model.preamble) {
        const { keyword, name } = instruction;
        // What is no instruction at all is told by DFL902.
        if (keyword === "ARG" || keyword === "UNKNOWN") continue;
        context.report({
          at: name.span,
          instruction,
          message: `${keyword} stands before the first FROM, where only ARG may; put it below the FROM of its stage.`,
        });
      }
    },
  },
});
