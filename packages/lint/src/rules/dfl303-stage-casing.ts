import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

export const rule: Rule = defineRule({
  code: "DFL303",
  name: "stage-casing",
  aliases: ["StageNameCasing"],
  category: "stages",
  severity: { recommended: "info", strict: "warning" },
  scope: "all",
  fix: "safe",
  summary: "The name of a stage holds capitals",
  docs: (): RuleDocs => ({
    why: `
      BuildKit lowers the names of stages. \`COPY --from=Build\` and \`--target Build\` find the stage all the same, but
      \`FROM Build\` does not: it is taken for an image, and images have no capitals, so the build stops. In lower case
      the name is the same everywhere.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM golang:1.23 AS ⟦Build⟧
          RUN go build -o /app
          FROM scratch
          COPY --from=Build /app /app
        `,
        fixed: dockerfile`
          FROM golang:1.23 AS build
          RUN go build -o /app
          FROM scratch
          COPY --from=Build /app /app
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM golang:1.23 AS build-server
          FROM scratch
          COPY --from=build-server /app /app
        `,
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      // BuildKit counts the words before it reads them.
      const isNamed = from.args.length === 3 && (from.as !== undefined || context.compat === "buildkit");
      const name = isNamed ? from.args[2] : undefined;
      const lower = name?.text.toLowerCase();
      if (name === undefined || lower === undefined || lower === name.text) return;
      context.report({
        at: name.span,
        message: `BuildKit calls this stage "${lower}", and FROM ${name.text} does not find it; write it in lower case.`,
        fixes: [{ title: `Call it ${lower}`, edits: [{ span: name.span, newText: lower }] }],
      });
    },
  },
});
