import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { Word } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL709",
  name: "double-equals",
  category: "variables",
  severity: "error",
  scope: "all",
  fix: "suggestion",
  summary: "A value of ENV, ARG or LABEL begins with a second =",
  docs: (): RuleDocs => ({
    why: `
      Everything behind the first \`=\` is the value, so \`ENV PORT==3000\` sets PORT to \`=3000\`. The build says
      nothing; the program fails when it reads the number. Write one \`=\`, or quotes if the value really begins with
      one.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          ENV PORT=⟦=⟧3000 HOST=0.0.0.0
        `,
        fixed: dockerfile`
          FROM node:20-slim
          ENV PORT=3000 HOST=0.0.0.0
        `,
      },
      {
        dockerfile: dockerfile`
          ARG VERSION=⟦==⟧20
          FROM node:20-slim
        `,
        fixed: dockerfile`
          ARG VERSION=20
          FROM node:20-slim
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          ENV PORT=3000 FLAGS=--level=3
        `,
      },
      {
        title: "Quoted, so it is meant.",
        dockerfile: dockerfile`
          FROM node:20-slim
          ENV SEPARATOR="=="
        `,
      },
    ],
  }),
  visit: {
    ENV({ pairs, keyword }, context) {
      for (const { key, value, legacy } of pairs) if (!legacy) check(keyword, key, value, context);
    },
    LABEL({ pairs, keyword }, context) {
      for (const { key, value, legacy } of pairs) if (!legacy) check(keyword, key, value, context);
    },
    ARG({ declarations, keyword }, context) {
      for (const { name, value } of declarations)
        if (value !== undefined) check(keyword, name, value, context);
    },
  },
});

function check(keyword: string, key: Word, value: Word, context: RuleContext): void {
  const length = /^=+/.exec(value.text)?.[0].length ?? 0;
  if (length === 0 || length === value.text.length) return;
  const at = value.slice(0, length).span;
  context.report({
    at,
    message: `${keyword} ${key.text} is set to "${value.text}", with an "=" in front, and whatever reads it gets that; write ${key.text}=${value.text.slice(length)}.`,
    fixes: [{ title: `Write ${key.text}=${value.text.slice(length)}`, edits: [{ span: at, newText: "" }] }],
  });
}
