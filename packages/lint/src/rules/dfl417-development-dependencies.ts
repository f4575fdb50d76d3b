import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { insertion } from "../source/edit.ts";
import { cacheSurroundings } from "../semantics/packages/cache-surroundings.ts";
import type { Model, Stage } from "../semantics/model.ts";
import { stagesNeededBy } from "../semantics/stages/stage-graph.ts";
import type { DependencyInstall } from "../shell/dependencies/dependency-install.ts";
import { dependencyInstalls } from "../shell/dependencies/dependency-installs.ts";
import { productionOf, type Production } from "../shell/dependencies/development-dependencies.ts";
import type { Script } from "../shell/nodes.ts";
import type { RunInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL417",
  name: "development-dependencies",
  category: "packages",
  severity: { recommended: "off", strict: "info" },
  scope: "shipped",
  fix: "suggestion",
  summary: "The image ships what only developing needs",
  docs: (): RuleDocs => ({
    why: `
      Test runners, compilers and linters are often the larger half of a project's dependencies: more to pull, more to scan,
      and more that can have holes. Leave them out where the image is put together (\`npm ci --omit=dev\`,
      \`pnpm install --prod\`, \`composer install --no-dev\`, \`poetry install --only=main\`, \`uv sync --no-dev\`), and build
      what needs them in a stage of its own.

      Off in \`recommended\`: nobody can tell from the file alone whether a project has such dependencies at all.
      Stages that do not ship, stages with a name such as \`dev\` or \`test\`, and those that prune later are left alone. The
      fix is offered where no later step of the stage may need the tools.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          WORKDIR /app
          COPY package.json package-lock.json ./
          RUN ⟦npm ci⟧
          COPY . .
          CMD ["node", "server.js"]
        `,
        fixed: dockerfile`
          FROM node:20-slim
          WORKDIR /app
          COPY package.json package-lock.json ./
          RUN npm ci --omit=dev
          COPY . .
          CMD ["node", "server.js"]
        `,
      },
      {
        title: "A later step needs them here: build in another stage.",
        dockerfile: dockerfile`
          FROM node:20-slim
          COPY . .
          RUN ⟦pnpm install⟧ --frozen-lockfile && pnpm run build
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim AS build
          RUN npm ci && npm run build
          FROM node:20-slim
          RUN npm ci --omit=dev
          COPY --from=build /app/dist /app/dist
        `,
      },
      {
        title: "By a variable, or taken out again.",
        dockerfile: dockerfile`
          FROM node:20-slim AS base
          ENV NODE_ENV=production
          FROM base
          RUN npm ci
          RUN composer install --no-dev && uv sync --no-dev && poetry install --without dev
        `,
      },
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          RUN npm ci && npm run build && npm prune --omit=dev
        `,
      },
      {
        title: "For developing.",
        dockerfile: dockerfile`
          FROM node:20-slim AS dev
          RUN npm ci
          CMD ["npm", "run", "dev"]
        `,
      },
    ],
  }),
  visit: {
    stage(stage, context) {
      if (stage.name !== undefined && FOR_WORK.test(stage.name)) return;
      const runs = stage.instructions.flatMap((run): (readonly [RunInstruction, Script])[] => {
        const script = run.keyword === "RUN" ? context.script(run) : undefined;
        return run.keyword === "RUN" && script !== undefined ? [[run, script]] : [];
      });
      const last = new Map(
        runs.flatMap(([, script], at) => dependencyInstalls(script).map((one) => [one.ecosystem, at])),
      );
      for (const [at, [run, script]] of runs.entries()) {
        // Of several installs by one tool the last one decides what is there.
        const installs = dependencyInstalls(script).filter(({ ecosystem }) => last.get(ecosystem) === at);
        if (installs.length === 0) continue;
        const later = runs.slice(at, at + LOOKED_AT).map(([, one]) => one.text);
        const isUndone = undoneIn(later);
        for (const install of installs) {
          const production = productionOf(install);
          if (production === undefined) continue;
          if (isProduction(install, production, run, script, context) || isUndone(production)) continue;
          const needed = isNeeded(stage, script, install, later) || isWorkedOn(stage, context.model);
          const edit = insertion(install.span.end, ` ${production.option}`);
          context.report({
            at: install.span,
            instruction: run,
            message: `${install.name} installs what only developing needs, too, and the image ships it; ${needed ? "build in a stage of its own, and install here" : "call it"} with ${production.option}.`,
            fixes:
              needed || script.form === "exec" ? [] : [{ title: `Add ${production.option}`, edits: [edit] }],
          });
        }
      }
    },
  },
});

/** How many RUNs after an install are searched for what takes things out again. */
const LOOKED_AT = 50;
const FOR_WORK =
  /(?:^|[-_.])(?:dev|devel|development|devcontainer|debug|tests?|testing|ci|lint|e2e|build|builder|watch|local)(?:$|[-_.])/;

function isProduction(
  { call }: DependencyInstall,
  { says, variables }: Production,
  run: RunInstruction,
  script: Script,
  { model }: RuleContext,
): boolean {
  const words = call.args.map(({ value, prefix }) => value ?? prefix).join(" ");
  // What depends on a variable may say it.
  if (says.test(words) || call.args.some(({ variables: names }) => names.length > 0)) return true;
  const around = cacheSurroundings(run, script, model);
  for (const [name, value] of Object.entries(variables)) {
    const given = call.environment.get(name) ?? around.environment(name);
    if (given !== undefined ? value.test(given) : model.state(run).variable(name) !== undefined) return true;
  }
  return false;
}

/** Whether a RUN takes out again what a tool installs for developing; each tool is looked for once. */
function undoneIn(texts: readonly string[]): (production: Production) => boolean {
  const known = new Map<RegExp | undefined, boolean>();
  return ({ prune }) => {
    let isUndone = known.get(prune);
    if (isUndone === undefined) {
      isUndone = texts.some(
        (text) => prune?.test(text) === true || /\brm\b[^;&|]*(?:node_modules|vendor|\.venv)/.test(text),
      );
      known.set(prune, isUndone);
    }
    return isUndone;
  };
}

const workedOn = new WeakMap<Model, ReadonlySet<Stage>>();

/** Whether a RUN of another stage finds what this one installs. */
function isWorkedOn(stage: Stage, model: Model): boolean {
  let known = workedOn.get(model);
  if (known === undefined) {
    const working = model.stages.filter(({ instructions }) =>
      instructions.some(({ keyword }) => keyword === "RUN"),
    );
    const found = working.flatMap(({ dependencies }) => dependencies.flatMap(({ stage: one }) => one ?? []));
    workedOn.set(model, (known = stagesNeededBy(found)));
  }
  return known.has(stage);
}

/** Whether a command after the install may use what is left out: a script of the project, a compiler, a test. */
function isNeeded(
  stage: Stage,
  script: Script,
  { call }: DependencyInstall,
  later: readonly string[],
): boolean {
  if (call.command.index < script.commands.length - 1 || later.length > 1) return true;
  return stage.instructions.some(
    ({ keyword, logical }) =>
      (keyword === "CMD" || keyword === "ENTRYPOINT") &&
      /\b(?:npm|pnpm|yarn|bun|npx|tsx|ts-node|nodemon|vite|webpack|jest|vitest)\b/.test(logical.text),
  );
}
