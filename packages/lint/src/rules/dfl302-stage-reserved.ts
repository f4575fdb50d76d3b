import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

export const rule: Rule = defineRule({
  code: "DFL302",
  name: "stage-reserved",
  aliases: ["DL3063", "ReservedStageName"],
  category: "stages",
  severity: { recommended: "warning", hadolint: "warning" },
  scope: "all",
  summary: "A stage has a name that the builder uses itself",
  docs: (): RuleDocs => ({
    why: `
      \`scratch\` is the empty image, and \`context\` the folder that is built. A stage of one of these names hides the
      other meaning from some instructions and not from others: after \`FROM alpine AS scratch\` a \`FROM scratch\` is
      no longer empty. Give it a name that says what it makes.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20 AS ⟦scratch⟧
          RUN apk add --no-cache git
        `,
      },
      {
        title: "Case makes no difference.",
        dockerfile: dockerfile`
          FROM alpine:3.20 AS ⟦Context⟧
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20 AS tools
          FROM scratch
          COPY --from=tools /bin/sh /bin/sh
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20 AS build-context
        `,
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      const name = from.as?.name;
      if (name === undefined) return;
      const text = context.compat === "hadolint" ? name.text : name.text.toLowerCase();
      if (text !== "scratch" && text !== "context") return;
      const meaning = text === "scratch" ? "the empty image" : "the folder that is built";
      context.report({
        at: name.span,
        message: `The builder calls ${meaning} "${text}", so what refers to it may get this stage instead; give the stage a name that says what it makes.`,
      });
    },
  },
});
