import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import type { FromInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL301",
  name: "stage-duplicate",
  aliases: ["DL3024", "DuplicateStageName"],
  category: "stages",
  severity: { recommended: "error", hadolint: "error" },
  scope: "all",
  summary: "Two stages have the same name",
  docs: (): RuleDocs => ({
    why: `
      \`COPY --from=build\` takes the nearest stage of that name above it, so which files arrive depends on the order
      of the stages, and one of the two can no longer be reached by name, \`--target\` included. The case of the
      letters makes no difference: BuildKit lowers it.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          FROM node:20 AS ⟦build⟧
          FROM scratch
          COPY --from=build /app /app
        `,
      },
      {
        title: "Case makes no difference.",
        dockerfile: dockerfile`
          FROM golang:1.23 AS tools
          FROM node:20 AS ⟦Tools⟧
          FROM node:20 AS ⟦TOOLS⟧
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM golang:1.23 AS build-server
          FROM node:20 AS build-client
        `,
      },
      {
        title: "Stages without a name do not clash.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          FROM alpine:3.20
        `,
      },
    ],
  }),
  visit: {
    file(_, context) {
      const seen = new Map<string, FromInstruction>();
      for (const stage of context.model.stages) {
        const word = stage.from.as?.name;
        if (word === undefined) continue;
        // hadolint tells names apart by case.
        const name = context.compat === "hadolint" ? word.text : word.text.toLowerCase();
        const first = seen.get(name);
        if (first === undefined) {
          seen.set(name, stage.from);
          continue;
        }
        context.report({
          at: word.span,
          stage,
          instruction: stage.from,
          message: `Line ${first.startLine} already has a stage "${name}": what refers to "${name}" gets one or the other by where it stands; give this stage a name of its own.`,
          related: [{ span: first.as?.name.span ?? first.span, message: `The first stage "${name}"` }],
        });
      }
    },
  },
});
