import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { startedBelow } from "../semantics/packages/cache-readers.ts";
import { cacheSurroundings } from "../semantics/packages/cache-surroundings.ts";
import type { Stage } from "../semantics/model.ts";
import { foldStages } from "../semantics/stages/stage-chain.ts";
import { isBase } from "../semantics/stages/stage-graph.ts";
import { appendCommand } from "../shell/edits/append-command.ts";
import { callSpan, callWithPackages } from "../shell/package-managers/call-words.ts";
import { optionOf, packageCallOf, packageCallsOf, type PackageCall } from "../shell/commands.ts";
import { hadolintCommands, hasArgument } from "../shell/hadolint-command.ts";
import { callsThatLeaveCaches } from "../shell/package-managers/left-cache.ts";
import type { Script } from "../shell/nodes.ts";
import { rightsOf } from "../shell/programs/rights.ts";
import type { Instruction, RunInstruction } from "../syntax/nodes.ts";

/** What only yarn 2 and later have; there the cache may be where packages are run from. */
const BERRY =
  /\.yarnrc\.yml|\.yarn\b|\byarn set version\b|\bcorepack\b|--immutable\b|--inline-builds\b|\bworkspaces focus\b/;

export const rule: Rule = defineRule({
  code: "DFL407",
  name: "yarn-cache",
  aliases: ["DL3060"],
  category: "layers",
  severity: { recommended: "warning", hadolint: "info" },
  scope: "shipped",
  fix: "safe",
  summary: "yarn leaves the packages it downloaded in the layer",
  docs: (): RuleDocs => ({
    why: `
      yarn keeps every package it downloads in a cache of its own (\`/usr/local/share/.cache/yarn\` for root), beside
      the copy in \`node_modules\`: the layer holds each package twice, often hundreds of megabytes that no container
      reads. \`yarn cache clean\` in the same RUN deletes them; a cache mount over the folder keeps them for the next
      build instead.

      Projects with yarn 2 or later (a \`.yarnrc.yml\`, corepack, \`--immutable\`) are left alone: they may run their
      packages out of the cache.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          COPY package.json yarn.lock ./
          RUN ⟦yarn install⟧ --frozen-lockfile --production
        `,
        fixed: dockerfile`
          FROM node:20-slim
          COPY package.json yarn.lock ./
          RUN yarn install --frozen-lockfile --production && yarn cache clean
        `,
      },
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          RUN yarn config set network-timeout 300000 && \
            # serves the files
            ⟦yarn global add⟧ serve@14 && \
            ⟦yarn⟧
        `,
        fixed: dockerfile`
          FROM node:20-slim
          RUN yarn config set network-timeout 300000 && \
            # serves the files
            yarn global add serve@14 && \
            yarn && \
            yarn cache clean
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          RUN yarn install --frozen-lockfile && yarn cache clean
          RUN yarn add express && rm -rf /usr/local/share/.cache
          RUN yarn add lodash && rm -rf "$(yarn cache dir)"
          RUN YARN_CACHE_FOLDER=/tmp/yarn yarn install && rm -rf /tmp/yarn
        `,
      },
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          RUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install --frozen-lockfile
          RUN --mount=type=cache,target=/cache yarn install --cache-folder /cache
        `,
      },
      {
        title: "yarn 2 or later.",
        dockerfile: dockerfile`
          FROM node:20-slim
          COPY package.json yarn.lock .yarnrc.yml ./
          RUN yarn install
        `,
      },
      {
        title: "Nothing of this stage is shipped but what is copied.",
        dockerfile: dockerfile`
          FROM node:20 AS build
          RUN yarn install && yarn build
          FROM nginx:1.27
          COPY --from=build /dist /usr/share/nginx/html
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run);
      if (script === undefined) return;
      const calls = packageCallsOf(script).filter(({ manager }) => manager === "yarn");
      if (calls.length === 0) return;
      const found =
        context.compat === "hadolint"
          ? leftForHadolint(calls, run, script, context)
          : leftIn(run, script, context);
      for (const [index, call] of found.entries()) {
        const clean = `${rightsOf(call.call)}yarn cache clean`;
        const isNeeded = readsCacheBelow(run.span.end, context.model.stageOf(run), context);
        const edit =
          index === 0 && !isNeeded ? appendCommand(run, script, clean, context.dockerfile) : undefined;
        context.report({
          at: callSpan(call),
          message: `${callWithPackages(call)} keeps every package it downloads a second time, in yarn's cache, and this layer ships it; end this RUN with ${clean}.`,
          fixes: edit === undefined ? [] : [{ title: `Add ${clean}`, edits: [edit] }],
        });
      }
    },
  },
});

const readsCacheBelow = startedBelow((program) => {
  const call = packageCallOf(program);
  return call?.manager === "yarn" && optionOf(call, "--offline") !== undefined;
});

function leftIn(run: RunInstruction, script: Script, context: RuleContext): readonly PackageCall[] {
  if (isBerry(run, context)) return [];
  const left = callsThatLeaveCaches("yarn", script, cacheSurroundings(run, script, context.model));
  const removal = left.length === 0 ? -1 : lastRemoval(script);
  return left.filter(({ call }) => removal <= call.command.index);
}

/** The index of the last `rm -rf "$(yarn cache dir)"`; -1 where there is none. */
function lastRemoval({ commands }: Script): number {
  return commands.findLastIndex(
    ({ name, words }) => name === "rm" && words.some(({ text }) => text.includes("yarn cache dir")),
  );
}

// Where a stage first shows that it has yarn 2 or later; what it is based on counts as before.
const berries = new WeakMap<Stage, number>();

function isBerry(run: RunInstruction, { stage }: RuleContext): boolean {
  if (stage === undefined) return hasBerry(run);
  const from = foldStages(stage, berries, (one, below) => {
    if (below !== undefined && below !== Infinity) return 0;
    return one.instructions.find(hasBerry)?.span.start ?? Infinity;
  });
  return from <= run.span.start;
}

function hasBerry(instruction: Instruction): boolean {
  return (
    BERRY.test(instruction.logical.text) || instruction.heredocs.some(({ content }) => BERRY.test(content))
  );
}

/** As hadolint decides it: only stages that end up somewhere count, and only `yarn … install`. */
function leftForHadolint(
  calls: readonly PackageCall[],
  run: RunInstruction,
  script: Script,
  { model, stage }: RuleContext,
): PackageCall[] {
  const isUsed = stage === undefined || stage === model.stages.at(-1) || isBase(stage, model);
  if (!isUsed && run.onbuild === undefined) return [];
  const { mounts } = cacheSurroundings(run, script, model);
  if (mounts.some((target) => target.includes(".cache/yarn"))) return [];
  const commands = hadolintCommands(script).filter(({ name }) => name === "yarn");
  const at = commands.findIndex((command) => hasArgument(command, "install"));
  const install = commands[at];
  if (install === undefined || commands.slice(at + 1).some((one) => hasArgument(one, "cache", "clean")))
    return [];
  return calls.filter(({ call }) => call.command.index === install.command.index).slice(0, 1);
}
