import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { expandedWords } from "../semantics/expanded-words.ts";
import type { Span } from "../source/span.ts";
import type { ArgInstruction, EnvInstruction, Instruction, Word } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL705",
  name: "arg-shadowed-by-env",
  category: "variables",
  severity: "warning",
  scope: "all",
  onbuild: false,
  summary: "An ARG has no effect, since ENV of the same name wins",
  docs: (): RuleDocs => ({
    why: `
      ENV wins over ARG, whichever comes first. With both, \`--build-arg\` is taken without a word and changes
      nothing. Where the ARG is meant to give the ENV its value, say so: \`ENV NAME=$NAME\` below the ARG.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENV MODE=production
          ARG ⟦MODE⟧
          RUN ./configure --mode=$MODE
        `,
      },
      {
        title: "Nothing sees the ARG before the ENV replaces it.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ARG PORT=80 ⟦VERSION⟧=1
          ENV LANG=C \
              VERSION=2
          RUN ./build $VERSION
        `,
      },
      {
        title: "Set by the stage below.",
        dockerfile: dockerfile`
          FROM alpine:3.20 AS base
          ENV MODE=production
          FROM base
          ARG ⟦MODE⟧=development
        `,
      },
    ],
    good: [
      {
        title: "The way to give an ENV its value at build time.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ARG VERSION=1
          ENV VERSION=\${VERSION}
        `,
      },
      {
        title: "A RUN between them sees the ARG.",
        dockerfile: dockerfile`
          FROM debian:12
          ARG DEBIAN_FRONTEND=noninteractive
          RUN apt-get update
          ENV DEBIAN_FRONTEND=dialog
        `,
      },
      {
        title: "Stages have variables of their own.",
        dockerfile: dockerfile`
          FROM alpine:3.20 AS build
          ENV MODE=production
          FROM alpine:3.20
          ARG MODE
        `,
      },
    ],
  }),
  visit: {
    ARG(arg, context) {
      if (context.stage === undefined) return;
      for (const { name } of arg.declarations) {
        const before = context.model.state(arg).variable(name.text);
        if (before?.kind === "env" && before.instruction !== undefined) {
          report(name, before.instruction, before.word?.span, context);
          continue;
        }
        const env = envBelow(arg, name.text, context);
        if (env !== undefined) report(name, env.instruction, env.key.span, context);
      }
    },
  },
});

function report(name: Word, env: Instruction, place: Span | undefined, context: RuleContext): void {
  context.report({
    at: name.span,
    message: `ARG ${name.text} has no effect: ENV ${name.text} in line ${env.startLine} wins over it, so --build-arg ${name.text}=… changes nothing; take one of them out, or write ENV ${name.text}=$${name.text} below the ARG.`,
    related: place === undefined ? [] : [{ span: place, message: "The value that counts." }],
  });
}

/** The ENV that replaces an ARG before anything has seen it. */
function envBelow(
  arg: ArgInstruction,
  name: string,
  { stage, model }: RuleContext,
): { readonly instruction: EnvInstruction; readonly key: Word } | undefined {
  const instructions = stage?.instructions ?? [];
  for (let at = instructions.indexOf(arg) + 1; at < instructions.length; at += 1) {
    const instruction = instructions[at];
    // A RUN has every ARG in its environment, whether its text names it or not.
    if (instruction === undefined || instruction.keyword === "RUN") return undefined;
    const uses = (word: Word): boolean =>
      model.expand(word, instruction).uses.some((use) => use.name === name);
    if (expandedWords(instruction).some(uses)) return undefined;
    if (instruction.keyword !== "ENV") continue;
    const pair = instruction.pairs.find(({ key }) => key.text === name);
    if (pair !== undefined) return { instruction, key: pair.key };
  }
  return undefined;
}
