import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { didYouMean } from "../linter/nearest.ts";
import type { Model, Stage, VariableUse } from "../semantics/model.ts";
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
    file(_, context) {
      const { model } = context;
      let lines: ReadonlyMap<string, number> | undefined;
      for (const stage of model.stages) {
        const { from } = stage;
        for (const word of [flagNamed(from, "platform")?.value, from.image]) {
          if (word === undefined || !word.text.includes("$")) continue;
          for (const { name, span, guarded } of undefinedIn(word, stage, model)) {
            lines ??= argLines(model);
            const line = lines.get(name);
            const advice =
              line === undefined
                ? `; declare it with ARG before the first FROM.${didYouMean(name, model.state(from).variableNames(SUGGESTED))}`
                : `: the ARG in line ${line} belongs to a stage; put one before the first FROM.`;
            context.report({
              at: span,
              stage,
              instruction: from,
              message: `"${name}" is ${guarded ? "never set here, so its default is all there is" : "empty here"}${advice}`,
            });
          }
        }
      }
    },
  },
});

/** How many ARGs are looked at for one that was meant: more than any person writes. */
const SUGGESTED = 100;

/** Each name once for each word. */
function undefinedIn(word: Word, stage: Stage, model: Model): VariableUse[] {
  const uses = model.expand(word, stage.from).undefined;
  return uses.filter((use, index) => uses.findIndex(({ name }) => name === use.name) === index);
}

/** The lines of the first ARG of each name in a stage. */
function argLines({ stages }: Model): Map<string, number> {
  const lines = new Map<string, number>();
  for (const { instructions } of stages) {
    for (const instruction of instructions) {
      if (instruction.keyword !== "ARG") continue;
      for (const { name } of instruction.declarations) {
        if (!lines.has(name.text)) lines.set(name.text, instruction.startLine);
      }
    }
  }
  return lines;
}
