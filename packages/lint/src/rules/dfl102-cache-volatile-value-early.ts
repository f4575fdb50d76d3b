import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import type { Stage } from "../semantics/model.ts";
import { isVolatileName } from "../semantics/variables/volatile-names.ts";
import { callSpan, callWithPackages } from "../shell/package-managers/call-words.ts";
import { packageCallsOf, programsOf } from "../shell/commands.ts";
import { dependencyInstalls } from "../shell/dependencies/dependency-installs.ts";
import type { Span } from "../source/span.ts";
import { moveBelow } from "../syntax/move-lines.ts";
import type { ArgInstruction, EnvInstruction, Instruction, RunInstruction, Word } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL102",
  name: "cache-volatile-value-early",
  category: "cache",
  severity: "warning",
  scope: "reachable",
  fix: "suggestion",
  summary: "A value that differs from build to build is declared before a step that installs",
  docs: (): RuleDocs => ({
    why: `
      An ARG or ENV is part of the environment of every RUN below it, used or not, and the cache knows a RUN by its
      environment. With the commit or the date of the build at the top, no build finds the step that installs packages
      in the cache. Declare such a value as late as can be: where it is used, or at the end.

      Names tell: \`GIT_SHA\`, \`VCS_REF\`, \`BUILD_DATE\`, \`BUILD_NUMBER\`, \`CI_COMMIT_SHA\` … A version, which changes with
      a release only, is not meant, nor is a \`CACHEBUST\`, which does what it is for.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20
          ARG ⟦GIT_SHA⟧
          WORKDIR /app
          COPY package*.json ./
          RUN npm ci
          COPY . .
          LABEL org.opencontainers.image.revision=$GIT_SHA
        `,
        fixed: dockerfile`
          FROM node:20
          WORKDIR /app
          COPY package*.json ./
          RUN npm ci
          ARG GIT_SHA
          COPY . .
          LABEL org.opencontainers.image.revision=$GIT_SHA
        `,
      },
      {
        title: "What uses it moves with it.",
        dockerfile: dockerfile`
          FROM debian:12

          # when this image was built
          ARG ⟦BUILD_DATE⟧=unknown
          ENV BUILD_DATE=$BUILD_DATE

          RUN apt-get update \
              && apt-get install -y curl
          CMD ["bash"]
        `,
        fixed: dockerfile`
          FROM debian:12

          RUN apt-get update \
              && apt-get install -y curl
          # when this image was built
          ARG BUILD_DATE=unknown
          ENV BUILD_DATE=$BUILD_DATE
          CMD ["bash"]
        `,
      },
      {
        title: "A value that is edited for every build.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENV TZ=UTC ⟦BUILD_NUMBER⟧=2041
          RUN apk add --no-cache curl
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20
          COPY package*.json ./
          RUN npm ci
          ARG GIT_SHA
          RUN npm run build
        `,
      },
      {
        title: "The step that follows needs it.",
        dockerfile: dockerfile`
          FROM golang:1.23
          ARG GIT_COMMIT
          RUN go build -ldflags "-X main.commit=$GIT_COMMIT" .
          RUN apt-get update && apt-get install -y curl
        `,
      },
      {
        title: "Versions and switches are not volatile.",
        dockerfile: dockerfile`
          FROM debian:12
          ARG APP_VERSION=1.2.3
          ARG CACHEBUST
          ENV NODE_ENV=production
          RUN apt-get update && apt-get install -y curl
        `,
      },
      {
        title: "Before the first FROM it reaches no step.",
        dockerfile: dockerfile`
          ARG BUILD_DATE
          FROM debian:12
          RUN apt-get update && apt-get install -y curl
        `,
      },
    ],
  }),
  visit: {
    stage(stage, context) {
      if (!context.model.has("ARG") && !context.model.has("ENV")) return;
      const seen = new Set<string>();
      for (const [place, instruction] of stage.instructions.entries()) {
        if (instruction.keyword !== "ARG" && instruction.keyword !== "ENV") continue;
        for (const { name, value } of settingsOf(instruction)) {
          // An ENV that hands an ARG on is told with the ARG.
          if (!isVolatileName(name.text) || seen.has(name.text) || usesAny(value, seen)) continue;
          seen.add(name.text);
          const paying = payingSteps(name.text, place, stage, context);
          const [first] = paying;
          const last = paying.at(-1);
          if (first === undefined || last === undefined) continue;
          const line = context.source.lineAt(first.span.start);
          const lastLine = context.source.lineAt(last.run.span.start);
          context.report({
            at: name.span,
            instruction,
            message: `${name.text} differs from build to build and is part of the environment of every RUN below, so ${first.shown} (line ${line}) never comes from the cache; declare it after line ${lastLine}, where nothing installs any more.`,
            related: [{ span: first.span, message: "This step runs again for each value" }],
            fixes: fixesFor(name.text, place, last.run, stage, context),
          });
        }
      }
    },
  },
});

function settingsOf(
  instruction: ArgInstruction | EnvInstruction,
): readonly { readonly name: Word; readonly value: Word | undefined }[] {
  return instruction.keyword === "ARG"
    ? instruction.declarations
    : instruction.pairs.map(({ key, value }) => ({ name: key, value }));
}

function usesAny(value: Word | undefined, names: ReadonlySet<string>): boolean {
  return value !== undefined && [...names].some((name) => mentions(value.text, name));
}

/** Whether a text reads a variable. */
function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] === "{" ? text[at - 2] : text[at - 1];
    if (before === "$" && !/\w/.test(text[at + name.length] ?? "")) return true;
  }
  return false;
}

/** Whether an instruction reads a variable, be it in a heredoc. */
function reads({ logical, heredocs }: Instruction, name: string): boolean {
  return mentions(logical.text, name) || heredocs.some(({ content }) => mentions(content, name));
}

/** Whether an instruction names a variable in any way: programs read their environment without a dollar. */
function names({ logical, heredocs }: Instruction, name: string): boolean {
  return [logical.text, ...heredocs.map(({ content }) => content)].some((text) =>
    text.split(/\W+/).includes(name),
  );
}

/** Whether a RUN tells its whole environment. */
function showsAll(run: RunInstruction, context: RuleContext): boolean {
  const script = context.script(run);
  return script !== undefined && programsOf(script).some(({ name }) => name === "env" || name === "printenv");
}

interface PayingStep {
  readonly run: RunInstruction;
  readonly span: Span;
  /** What it does, for the message. */
  readonly shown: string;
}

/** The RUNs that install, up to the first one that uses the variable or might. */
function payingSteps(name: string, place: number, stage: Stage, context: RuleContext): PayingStep[] {
  const steps: PayingStep[] = [];
  for (let next = place + 1; next < stage.instructions.length; next += 1) {
    const instruction = stage.instructions[next];
    if (instruction?.keyword !== "RUN") continue;
    const step = payingStep(instruction, context);
    // A build may read it from its environment.
    if (step === undefined || names(instruction, name) || showsAll(instruction, context)) break;
    steps.push(step);
  }
  return steps;
}

function payingStep(run: RunInstruction, context: RuleContext): PayingStep | undefined {
  const script = context.script(run);
  if (script === undefined) return undefined;
  const install = dependencyInstalls(script)[0];
  if (install?.explicit === true) return { run, span: install.span, shown: install.name };
  const call = packageCallsOf(script).find(({ action }) => action === "install" || action === "upgrade");
  return call === undefined || install !== undefined
    ? undefined
    : { run, span: callSpan(call), shown: callWithPackages(call) };
}

/** Moves the declaration, and the ENV and LABEL that use it, below the last step that installs. */
function fixesFor(
  name: string,
  place: number,
  last: RunInstruction,
  stage: Stage,
  context: RuleContext,
): OfferedFix[] {
  const list = stage.instructions;
  const declaration = list[place];
  const until = list.indexOf(last);
  if (declaration === undefined || wordsSet(declaration) !== 1 || until === -1) return [];
  if (until - place > 200) return []; // nobody reads through a stage of that length
  const users = list.slice(place + 1, until).filter((one) => reads(one, name));
  if (users.some((one) => (one.keyword !== "ENV" && one.keyword !== "LABEL") || wordsSet(one) !== 1))
    return [];
  const group: readonly Instruction[] = [declaration, ...users];
  const between = list.slice(place + 1, until + 1).filter((one) => !group.includes(one));
  const set = users.flatMap((one) => (one.keyword === "ENV" ? namesSet(one) : []));
  if (between.some((one) => set.some((other) => names(one, other)))) return [];
  if (between.some((one) => isTangled(one, group))) return [];
  return [
    {
      title: `Declare ${name} after the last step that installs`,
      edits: moveBelow(group, last, context.source),
    },
  ];
}

/** How many names an instruction sets: one that sets more cannot move as a whole. */
function wordsSet(instruction: Instruction): number {
  return namesSet(instruction).length;
}

function namesSet(instruction: Instruction): readonly string[] {
  if (instruction.keyword === "ARG") return instruction.declarations.map(({ name }) => name.text);
  return instruction.keyword === "ENV" || instruction.keyword === "LABEL"
    ? instruction.pairs.map(({ key }) => key.text)
    : [];
}

/** Whether an instruction sets what one of the group sets, or reads, so that their order tells. */
function isTangled(other: Instruction, group: readonly Instruction[]): boolean {
  const names = namesSet(other);
  return group.some((one) => {
    const own = namesSet(one);
    return names.some((name) => own.includes(name) || reads(one, name));
  });
}
