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
  engine: "read",
  summary: "An ARG has no effect, since ENV of the same name wins",
  docs: (): RuleDocs => ({
    why: `
      ENV wins over ARG, whichever comes first. With both, \`--build-arg\` is taken without a word and changes
      nothing. Where the ARG is meant to give the ENV its value, say so: \`ENV NAME=$NAME\` below the ARG.
    `,
    engine: `
      An ENV of the base image wins, too; what that sets, an engine tells that has it.
    `,
    bad: [
      {
        title: "The base image sets it.",
        dockerfile: dockerfile`
          FROM node:20-slim
          ARG ⟦NODE_VERSION⟧=22
          RUN install-node $NODE_VERSION
        `,
        engine: { images: { "node:20-slim": { env: { NODE_VERSION: "20.19.0" } } } },
      },
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
    stage(stage, context) {
      // The ARGs that nothing has seen yet.
      const unseen = new Map<string, ArgPlace>();
      for (const instruction of stage.instructions) {
        // A RUN has every ARG in its environment, whether its text names it or not.
        if (instruction.keyword === "RUN") unseen.clear();
        for (const word of unseen.size === 0 ? [] : expandedWords(instruction)) {
          for (const { name } of context.model.expand(word, instruction).uses) unseen.delete(name);
        }
        if (instruction.keyword === "ENV") replaceBy(instruction, unseen, context);
        if (instruction.keyword === "ARG") {
          for (const { name } of instruction.declarations) {
            const before = context.model.state(instruction).variable(name.text);
            const arg = { instruction, name };
            if (before?.kind !== "env") unseen.set(name.text, arg);
            else if (before.instruction === undefined) reportImage(arg, context);
            else report(arg, before.instruction, before.word?.span, context);
          }
        }
      }
    },
  },
});

/** An ARG and the name in it. */
interface ArgPlace {
  readonly instruction: ArgInstruction;
  readonly name: Word;
}

/** The base image sets the ENV, as an engine tells. */
function reportImage({ instruction, name: { text, span } }: ArgPlace, context: RuleContext): void {
  const facts = context.stage?.image.facts;
  context.report({
    at: span,
    instruction,
    message: `ARG ${text} has no effect: the base image sets ENV ${text}, which wins over it, so --build-arg ${text}=… changes nothing; give it another name.`,
    evidence: facts === undefined ? [] : [`The image sets ENV ${text}: ${facts.source}.`],
  });
}

function replaceBy(env: EnvInstruction, unseen: Map<string, ArgPlace>, context: RuleContext): void {
  for (const { key } of env.pairs) {
    const arg = unseen.get(key.text);
    if (arg === undefined) continue;
    unseen.delete(key.text);
    report(arg, env, key.span, context);
  }
}

function report(
  { instruction, name }: ArgPlace,
  env: Instruction,
  place: Span | undefined,
  context: RuleContext,
): void {
  const { text } = name;
  context.report({
    at: name.span,
    instruction,
    message: `ARG ${text} has no effect: ENV ${text} in line ${env.startLine} wins over it, so --build-arg ${text}=… changes nothing; take one of them out, or write ENV ${text}=$${text} below the ARG.`,
    related: place === undefined ? [] : [{ span: place, message: "The value that counts." }],
  });
}
