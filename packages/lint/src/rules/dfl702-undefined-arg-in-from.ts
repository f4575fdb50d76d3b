import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { didYouMean } from "../linter/nearest.ts";
import type { VariableUse } from "../semantics/model.ts";
import { flagNamed, type Word } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL702",
  name: "undefined-arg-in-from",
  aliases: ["UndefinedArgInFrom"],
  category: "variables",
  severity: "error",
  scope: "all",
  summary: "FROM uses a variable that no ARG before the first FROM declares",
  docs: (): RuleDocs => ({
    why: `
      FROM sees the ARGs that stand before the first FROM, and the platform of the build; neither the ARGs nor the
      ENVs of stages. Anything else is empty: the build stops, or quietly takes another image. With a default in the
      braces it builds, but \`--build-arg\` cannot change it.
    `,
    bad: [
      {
        title: "A slip of the pen.",
        dockerfile: dockerfile`
          ARG VERSION=3.20
          FROM alpine:⟦$VERSIO⟧
        `,
      },
      {
        title: "Declared in a stage, so not for FROM.",
        dockerfile: dockerfile`
          FROM alpine:3.20 AS build
          ARG TAG=12
          FROM debian:⟦\${TAG}⟧
        `,
      },
      {
        title: "Only ever its default.",
        dockerfile: dockerfile`
          FROM --platform=⟦$BULDPLATFORM⟧ ⟦\${BASE:-alpine:3.20}⟧
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          ARG VERSION=3.20
          FROM alpine:\${VERSION}
          FROM alpine:\${VERSION%.*}
        `,
      },
      {
        title: "The platform is always there.",
        dockerfile: dockerfile`
          FROM --platform=$BUILDPLATFORM alpine:3.20
        `,
      },
      {
        title: "Declared without a default: whoever builds it gives one.",
        dockerfile: dockerfile`
          ARG BASE
          FROM \${BASE:-alpine:3.20}
        `,
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      const words = [flagNamed(from, "platform")?.value, from.image];
      for (const word of words) {
        if (word === undefined || !word.text.includes("$")) continue;
        for (const use of undefinedIn(word, context)) {
          const declared = declaredLater(use.name, context);
          const advice =
            declared === undefined
              ? `declare it with ARG before the first FROM.${didYouMean(use.name, context.model.state(from).variableNames())}`
              : `the ARG in line ${declared} belongs to a stage; put one before the first FROM.`;
          context.report({
            at: use.span,
            message: `"${use.name}" is ${use.guarded ? "never set here, so its default is all there is" : "empty here"}: ${advice}`,
          });
        }
      }
    },
  },
});

/** Each name once for each word. */
function undefinedIn(word: Word, { model, stage }: RuleContext): VariableUse[] {
  if (stage === undefined) return [];
  const uses = model.expand(word, stage.from).undefined;
  return uses.filter((use, index) => uses.findIndex(({ name }) => name === use.name) === index);
}

/** The line of the first ARG of that name in a stage. */
function declaredLater(name: string, { model }: RuleContext): number | undefined {
  for (const { instructions } of model.stages) {
    for (const instruction of instructions) {
      if (instruction.keyword !== "ARG") continue;
      if (instruction.declarations.some((one) => one.name.text === name)) return instruction.startLine;
    }
  }
  return undefined;
}
