import { replacedVisitors } from "../linter/replaced.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

export const rule: Rule = defineRule({
  code: "DFL802",
  name: "multiple-cmd",
  aliases: ["DL4003", "MultipleInstructionsDisallowed"],
  category: "runtime",
  severity: { recommended: "warning", hadolint: "warning" },
  scope: "all",
  fix: "safe",
  summary: "A stage has several CMDs, of which the last one counts",
  docs: (): RuleDocs => ({
    why: `
      A container starts one command: the last CMD of its stage. Those above it are lost without a word, which
      surprises whoever expects them to run one after the other. To run several things, start them from one script.

      A CMD in a stage below is there to be replaced, and is left alone.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          ⟦CMD⟧ ["node", "migrate.js"]
          CMD ["node", "server.js"]
        `,
        fixed: dockerfile`
          FROM node:20-slim
          CMD ["node", "server.js"]
        `,
      },
      {
        title: "In any stage, however long.",
        dockerfile: dockerfile`
          FROM node:20-slim AS build
          ⟦CMD⟧ ["node", \
               "a.js"]
          RUN npm ci
          ⟦CMD⟧ ["node", "b.js"]
          CMD ["node", "c.js"]
          FROM node:20-slim
          CMD ["node", "d.js"]
        `,
        fixed: dockerfile`
          FROM node:20-slim AS build
          RUN npm ci
          CMD ["node", "c.js"]
          FROM node:20-slim
          CMD ["node", "d.js"]
        `,
      },
    ],
    good: [
      {
        title: "That of the stage below is replaced on purpose.",
        dockerfile: dockerfile`
          FROM node:20-slim AS base
          CMD ["node"]
          FROM base
          CMD ["node", "server.js"]
        `,
      },
      {
        title: "One for this image, one for those that are built on it.",
        dockerfile: dockerfile`
          FROM node:20-slim
          ONBUILD CMD ["node", "app.js"]
          CMD ["node"]
        `,
      },
    ],
  }),
  visit: replacedVisitors("CMD", {
    problem: "This CMD never runs",
    advice: "remove it, or start both from one script",
    fix: "Remove the CMD that never runs",
  }),
});
