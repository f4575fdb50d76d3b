import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

export const rule: Rule = defineRule({
  code: "DFL810",
  name: "maintainer-deprecated",
  aliases: ["DL4000", "MaintainerDeprecated"],
  category: "labels",
  severity: { recommended: "warning", hadolint: "error" },
  scope: "all",
  fix: "safe",
  summary: "MAINTAINER is deprecated; a label says the same",
  docs: (): RuleDocs => ({
    why: `
      The engine still reads MAINTAINER, but keeps it in a field of its own that nothing else looks at. The label
      \`org.opencontainers.image.authors\` is what registries and scanners show, and it can be overridden.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ⟦MAINTAINER⟧ Ada <ada@example.org>
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          LABEL org.opencontainers.image.authors="Ada <ada@example.org>"
        `,
      },
      {
        title: "What a label would expand is escaped.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ⟦MAINTAINER⟧ "Ada $ Co"
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          LABEL org.opencontainers.image.authors="Ada \$ Co"
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          LABEL org.opencontainers.image.authors="Ada <ada@example.org>"
        `,
      },
    ],
  }),
  visit: {
    MAINTAINER(maintainer, context) {
      const name = (maintainer.author?.text ?? "").replace(/^"(.*)"$/s, "$1");
      const { escape } = context.dockerfile;
      const authors = name.replace(/["$\\`]/g, (character) =>
        character === '"' || character === "$" || character === escape ? escape + character : character,
      );
      context.report({
        at: maintainer.name.span,
        message:
          "MAINTAINER is deprecated and shown by no registry; write LABEL org.opencontainers.image.authors instead.",
        fixes: [
          {
            title: "Replace MAINTAINER with a label",
            edits: [
              { span: maintainer.span, newText: `LABEL org.opencontainers.image.authors="${authors}"` },
            ],
          },
        ],
      });
    },
  },
});
