import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { expandedWords } from "../semantics/variables/expanded-words.ts";
import type { Variable } from "../semantics/model.ts";
import type { Span } from "../source/span.ts";
import type { ArgInstruction, EnvInstruction, Word } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL705",
  name: "arg-shadowed-by-env",
  category: "variables",
  severity: "warning",
  scope: "all",
  onbuild: false,
  engine: "read",
  summary: "An ARG does not reach the image, since an ENV of the same name wins",
  docs: (): RuleDocs => ({
    why: `
      What containers see is the ENV. An ENV below an ARG leaves nothing of it: \`--build-arg\` is taken without a word
      and changes nothing. Where the ENV stands above, in a stage below this one or in the base image, it depends on the
      builder: BuildKit lets the ARG win until the stage ends, so that the build works with another value than the
      container, and the classic builder lets the ENV win here, too. Where the ARG is meant to give the ENV its value,
      say so: \`ENV NAME=$NAME\` below the ARG.
    `,
    engine: `
      An ENV of the base image wins, too; what that sets, an engine tells that has it. It also tells which builder it has.
    `,
    bad: [
      {
        title:
          "With BuildKit a build argument is configured for, and the image says production all the same.",
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
        title: "The classic builder never sees the ARG.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENV MODE=production
          ARG ⟦MODE⟧
          ENV MODE=$MODE
        `,
        engine: { builder: "classic" },
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
      {
        title: "The base image sets it, and the ARG gives it another value.",
        dockerfile: dockerfile`
          FROM node:20-slim
          ARG NODE_ENV=production
          ENV NODE_ENV=$NODE_ENV
        `,
        engine: { images: { "node:20-slim": { env: { NODE_ENV: "development" } } } },
      },
    ],
  }),
  visit: {
    stage(stage, context) {
      if (!context.model.has("ARG") || !stage.instructions.some(({ keyword }) => keyword === "ARG")) return;
      // The ARGs that nothing has seen yet, and those below an ENV of their name.
      const unseen = new Map<string, ArgPlace>();
      const below = new Map<string, ShadowedArg[]>();
      for (const instruction of stage.instructions) {
        // A RUN has every ARG in its environment, whether its text names it or not.
        if (instruction.keyword === "RUN") unseen.clear();
        for (const word of expandedWords(instruction)) {
          for (const { name } of context.model.expand(word, instruction).uses) unseen.delete(name);
        }
        if (instruction.keyword === "ENV") {
          replaceBy(instruction, unseen, context);
          for (const name of handedOn(instruction, context)) below.delete(name);
        }
        if (instruction.keyword === "ARG") {
          for (const { name } of instruction.declarations) {
            const env = context.model.state(instruction).environment(name.text);
            const arg = { instruction, name };
            if (env === undefined) unseen.set(name.text, arg);
            else below.set(name.text, [...(below.get(name.text) ?? []), { ...arg, env }]);
          }
        }
      }
      for (const args of below.values()) for (const arg of args) reportBelow(arg, context);
    },
  },
});

/** An ARG and the name in it. */
interface ArgPlace {
  readonly instruction: ArgInstruction;
  readonly name: Word;
}

/** An ARG below an ENV of its name. */
interface ShadowedArg extends ArgPlace {
  readonly env: Variable;
}

/** The names that an ENV sets to what an ARG says. The classic builder puts its own value in there. */
function handedOn(env: EnvInstruction, { model, engine }: RuleContext): string[] {
  if (engine?.builder.kind === "classic") return [];
  return env.pairs.flatMap(({ key, value }) =>
    model.expand(value, env).uses.some(({ name }) => name === key.text) ? [key.text] : [],
  );
}

function reportBelow({ instruction, name: { text, span }, env }: ShadowedArg, context: RuleContext): void {
  const builder = context.engine?.builder;
  const [place, isImage] = [env.word?.span, env.instruction === undefined];
  const who = isImage ? `the base image's ENV ${text}` : `ENV ${text} in line ${env.instruction?.startLine}`;
  const remedy = isImage
    ? `give it another name, or write ENV ${text}=$${text} below the ARG`
    : `take one of them out, or put the ARG above and write ENV ${text}=$${text} below it`;
  const effect =
    builder?.kind === "classic"
      ? `ARG ${text} has no effect: ${who} wins over it, so --build-arg ${text}=… changes nothing`
      : `ARG ${text} does not reach the image: containers see ${who}${builder === undefined ? ", and so does a build with the classic builder" : ""}; BuildKit takes the ARG until the stage ends`;
  const facts = isImage ? context.stage?.image.facts : undefined;
  context.report({
    at: span,
    instruction,
    message: `${effect}; ${builder?.kind === "classic" && isImage ? "give it another name" : remedy}.`,
    related: place === undefined ? [] : [{ span: place, message: "The value that counts" }],
    evidence: [
      ...(facts === undefined ? [] : [`The image sets ENV ${text}: ${facts.source}.`]),
      ...(builder?.kind === "classic" ? [builder.evidence] : []),
    ],
  });
}

function replaceBy(env: EnvInstruction, unseen: Map<string, ArgPlace>, context: RuleContext): void {
  for (const { key } of env.pairs) {
    const arg = unseen.get(key.text);
    if (arg === undefined) continue;
    unseen.delete(key.text);
    reportAbove(arg, env, key.span, context);
  }
}

function reportAbove(
  { instruction, name }: ArgPlace,
  env: EnvInstruction,
  place: Span,
  context: RuleContext,
): void {
  const { text } = name;
  context.report({
    at: name.span,
    instruction,
    message: `ARG ${text} has no effect: ENV ${text} in line ${env.startLine} wins over it, so --build-arg ${text}=… changes nothing; take one of them out, or write ENV ${text}=$${text} below the ARG.`,
    related: [{ span: place, message: "The value that counts" }],
  });
}
