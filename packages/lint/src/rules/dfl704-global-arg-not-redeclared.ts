import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { baseEnvironment } from "../semantics/images/base-environment.ts";
import { expandedWords } from "../semantics/variables/expanded-words.ts";
import type { Model, Variable } from "../semantics/model.ts";
import { shellUses } from "../semantics/variables/shell-uses.ts";
import type { Span } from "../source/span.ts";
import { insertAbove } from "../syntax/line-edits.ts";
import type { Instruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL704",
  name: "global-arg-not-redeclared",
  category: "variables",
  severity: "error",
  scope: "all",
  fix: "safe",
  onbuild: false,
  summary: "A stage uses an ARG that stands before the first FROM without declaring it again",
  docs: (): RuleDocs => ({
    why: `
      What stands before the first FROM belongs to no stage: its ARGs are seen by FROM, and by a stage only if it says
      \`ARG NAME\` once more, without a value. Otherwise the variable is empty there, in COPY as in RUN, and nothing
      stops the build: \`download/v\${VERSION}\` asks for the wrong file.

      The fix puts the ARG right above its first use, where the layers before it keep their cache.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          ARG VERSION=1.2
          FROM alpine:3.20
          RUN apk add --no-cache curl
          # the tool
          RUN curl -fsSLO https://example.org/v⟦\${VERSION}⟧.tar.gz && \
              tar xf v\${VERSION}.tar.gz
        `,
        fixed: dockerfile`
          ARG VERSION=1.2
          FROM alpine:3.20
          RUN apk add --no-cache curl
          ARG VERSION
          # the tool
          RUN curl -fsSLO https://example.org/v\${VERSION}.tar.gz && \
              tar xf v\${VERSION}.tar.gz
        `,
      },
      {
        title: "Each stage for itself.",
        dockerfile: dockerfile`
          ARG APP=/srv PORT=80
          FROM node:20-slim AS build
          ARG APP
          WORKDIR $APP
          FROM node:20-slim
          COPY --from=build /x ⟦$APP⟧/x
          LABEL port="⟦$PORT⟧" app="$APP"
        `,
        fixed: dockerfile`
          ARG APP=/srv PORT=80
          FROM node:20-slim AS build
          ARG APP
          WORKDIR $APP
          FROM node:20-slim
          ARG APP
          COPY --from=build /x $APP/x
          ARG PORT
          LABEL port="$PORT" app="$APP"
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          ARG VERSION=3.20
          FROM alpine:$VERSION
          ARG VERSION
          RUN echo "$VERSION"
        `,
      },
      {
        title: "Only FROM uses it; the other one is the script's own.",
        dockerfile: dockerfile`
          ARG VERSION=3.20
          ARG i=1
          FROM alpine:$VERSION
          RUN for i in a b; do echo "$i"; done && echo '$VERSION'
        `,
      },
      {
        title: "The image defines it, and so does ENV.",
        dockerfile: dockerfile`
          ARG NODE_VERSION=20
          ARG MODE=dev
          FROM node:\${NODE_VERSION}-slim
          ENV MODE=production
          RUN echo "$NODE_VERSION $MODE"
        `,
      },
      {
        title: "Declared by the stage it is based on.",
        dockerfile: dockerfile`
          ARG VERSION=1
          FROM alpine:3.20 AS base
          ARG VERSION
          FROM base
          RUN echo "$VERSION"
        `,
      },
    ],
  }),
  visit: {
    stage(stage, context) {
      const globals = globalArgs(context.model);
      if (globals.size === 0) return;
      const { names } = baseEnvironment(stage.image);
      const reported = new Set<string>();
      for (const instruction of stage.instructions) {
        for (const { name, span } of usesOf(instruction, context)) {
          const global = globals.get(name);
          if (global === undefined || reported.has(name) || names.has(name)) continue;
          if (context.model.state(instruction).variable(name) !== undefined) continue;
          reported.add(name);
          context.report({
            at: span,
            instruction,
            message: `"${name}" is empty here: its ARG in line ${global.instruction?.startLine ?? 1} stands before the first FROM, which only FROM sees; add "ARG ${name}" to this stage.`,
            related:
              global.word === undefined
                ? []
                : [{ span: global.word.span, message: "The ARG that FROM sees" }],
            fixes: [
              {
                title: `Add ARG ${name} above its first use`,
                edits: [insertAbove(context.source, instruction, `ARG ${name}`)],
              },
            ],
          });
        }
      }
    },
  },
});

function globalArgs(model: Model): Map<string, Variable> {
  const globals = new Map<string, Variable>();
  const [first] = model.stages;
  if (first === undefined) return globals;
  for (const instruction of model.preamble) {
    if (instruction.keyword !== "ARG") continue;
    for (const { name } of instruction.declarations) {
      const variable = model.state(first.from).variable(name.text);
      if (variable !== undefined) globals.set(name.text, variable);
    }
  }
  return globals;
}

function* usesOf(
  instruction: Instruction,
  context: RuleContext,
): Generator<{ readonly name: string; readonly span: Span }> {
  for (const word of expandedWords(instruction)) yield* context.model.expand(word, instruction).undefined;
  // What CMD and ENTRYPOINT see is the environment of the container, where there are no ARGs at all.
  if (instruction.keyword !== "RUN" || !hasDollar(instruction)) return;
  const code = context.script(instruction);
  if (code !== undefined) yield* shellUses(code, context.source);
}

function hasDollar({ logical, heredocs }: Instruction): boolean {
  return logical.text.includes("$") || heredocs.some(({ content }) => content.includes("$"));
}
