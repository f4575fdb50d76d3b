import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { FromInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL905",
  name: "keyword-casing",
  aliases: ["ConsistentInstructionCasing", "FromAsCasing"],
  category: "syntax",
  severity: { recommended: "off", strict: "style" },
  scope: "all",
  fix: "safe",
  onbuild: false,
  summary: "Keywords of one file are written in different cases",
  docs: (): RuleDocs => ({
    why: `
      Instructions may be written in any case, and all capitals is the custom. One file should keep to one way, so
      that instructions can be told from arguments at a glance. The way that most instructions have wins, capitals on a
      tie; AS follows its FROM.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ⟦run⟧ apk add --no-cache curl
          ⟦Copy⟧ app /app
          CMD ["/app"]
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache curl
          COPY app /app
          CMD ["/app"]
        `,
      },
      {
        title: "AS as its FROM.",
        dockerfile: dockerfile`
          FROM alpine:3.20 ⟦as⟧ build
          ⟦from⟧ alpine:3.20 ⟦AS⟧ other
          FROM alpine:3.20 ⟦As⟧ third
        `,
        fixed: dockerfile`
          FROM alpine:3.20 AS build
          FROM alpine:3.20 AS other
          FROM alpine:3.20 AS third
        `,
      },
      {
        title: "Mostly small letters.",
        dockerfile: dockerfile`
          from alpine:3.20
          run true
          ⟦CMD⟧ ["/app"]
        `,
        fixed: dockerfile`
          from alpine:3.20
          run true
          cmd ["/app"]
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          from alpine:3.20 as build
          run true
        `,
      },
      {
        title: "ARGs before the first FROM and what stands in ONBUILD do not count.",
        dockerfile: dockerfile`
          arg VERSION=3.20
          FROM alpine:$VERSION
          ONBUILD run true
        `,
      },
    ],
  }),
  visit: {
    file(_, context) {
      const { stages } = context.model;
      const lower = isMostlyLower(context);
      const write = (text: string): string => (lower ? text.toLowerCase() : text.toUpperCase());
      for (const stage of stages) {
        for (const instruction of [stage.from, ...stage.instructions]) {
          const { name, keyword } = instruction;
          if (keyword === "FROM") checkAs(instruction, lower, context);
          if (keyword === "UNKNOWN" || name.text === write(name.text)) continue;
          context.report({
            at: name.span,
            instruction,
            aliases: ["ConsistentInstructionCasing"],
            message: `${name.text} is not written as the other instructions of this file are; write ${write(name.text)}.`,
            fixes: [
              { title: `Write ${write(name.text)}`, edits: [{ span: name.span, newText: write(name.text) }] },
            ],
          });
        }
      }
    },
  },
});

function isMostlyLower({ model }: RuleContext): boolean {
  let balance = 0;
  for (const stage of model.stages) {
    for (const { name, keyword } of [stage.from, ...stage.instructions]) {
      if (keyword === "UNKNOWN") continue;
      if (name.text === name.text.toLowerCase()) balance += 1;
      else if (name.text === name.text.toUpperCase()) balance -= 1;
    }
  }
  return balance > 0;
}

/** BuildKit compares AS with its own FROM, unless that is written in mixed case. */
function checkAs(from: FromInstruction, lower: boolean, context: RuleContext): void {
  // BuildKit does so before it looks which word stands there.
  const isRead = from.as !== undefined || (context.compat === "buildkit" && from.args.length > 2);
  const word = isRead ? from.args[1] : undefined;
  if (word === undefined) return;
  const name = from.name.text;
  const isLower = name === name.toLowerCase();
  if (!isLower && name !== name.toUpperCase()) return;
  const wanted = isLower ? word.text.toLowerCase() : word.text.toUpperCase();
  if (word.text === wanted) return;
  context.report({
    at: word.span,
    instruction: from,
    aliases: ["FromAsCasing"],
    message: `${word.text} is not written as its ${name} is; write ${wanted}.`,
    // Where FROM itself is about to change, its fix mends both.
    ...(isLower === lower && {
      fixes: [{ title: `Write ${wanted}`, edits: [{ span: word.span, newText: wanted }] }],
    }),
  });
}
