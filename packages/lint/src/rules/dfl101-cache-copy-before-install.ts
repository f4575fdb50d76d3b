import { baseName } from "../source/path.ts";
import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { scratchMounts } from "../semantics/packages/cache-surroundings.ts";
import { copyAfterInstall } from "../semantics/paths/copy-after-install.ts";
import { projectFolder } from "../semantics/paths/project-folder.ts";
import { sourceCopyOf, type SourceCopy } from "../semantics/paths/source-copies.ts";
import type { Stage } from "../semantics/model.ts";
import { foldStages } from "../semantics/stages/stage-chain.ts";
import { keepsDependencies } from "../shell/dependencies/dependency-caches.ts";
import type { DependencyInstall, Ecosystem } from "../shell/dependencies/dependency-install.ts";
import { DEPENDENCY_CALL, dependencyInstalls } from "../shell/dependencies/dependency-installs.ts";
import type { Script } from "../shell/nodes.ts";
import type { Instruction, RunInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL101",
  name: "cache-copy-before-install",
  category: "cache",
  severity: "warning",
  scope: "reachable",
  fix: "suggestion",
  summary: "The source is copied before the dependencies are installed, so every change installs them again",
  docs: (): RuleDocs => ({
    why: `
      A step comes from the cache as long as nothing above it changed. \`COPY . .\` changes with every file, so an
      install below it runs again for each edit of a comment: minutes of downloads, and a layer of dependencies that is
      pushed and pulled anew each time. What changes seldom goes first: copy the manifest (\`package.json\` and its lock
      file, \`requirements.txt\`, \`go.mod\`, \`pom.xml\` …), install, then copy the rest.

      Tools that load what they lack while they build (go, cargo, Maven, Gradle, dotnet) are reported where neither an
      earlier step nor a cache mount keeps what they loaded.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20
          WORKDIR /app
          ⟦COPY . .⟧
          RUN npm ci
          CMD ["node", "server.js"]
        `,
        fixed: dockerfile`
          FROM node:20
          WORKDIR /app
          COPY package*.json ./
          RUN npm ci
          COPY . .
          CMD ["node", "server.js"]
        `,
      },
      {
        title: "A build in the same RUN needs the source, the install does not.",
        dockerfile: dockerfile`
          FROM node:20 AS build
          # everything
          ⟦COPY --chown=node . /app⟧
          WORKDIR /app
          RUN yarn install --frozen-lockfile \
              && yarn build
          FROM nginx:1.27
          COPY --from=build /app/dist /usr/share/nginx/html
        `,
        fixed: dockerfile`
          FROM node:20 AS build
          COPY --chown=node package.json yarn.lock /app/
          WORKDIR /app
          RUN yarn install --frozen-lockfile
          # everything
          COPY --chown=node . /app
          RUN yarn build
          FROM nginx:1.27
          COPY --from=build /app/dist /usr/share/nginx/html
        `,
      },
      {
        dockerfile: dockerfile`
          FROM python:3.12-slim
          ⟦COPY ./ /srv⟧
          RUN pip install --no-cache-dir -r /srv/requirements/prod.txt
        `,
        fixed: dockerfile`
          FROM python:3.12-slim
          COPY requirements/prod.txt /srv/requirements/
          RUN pip install --no-cache-dir -r /srv/requirements/prod.txt
          COPY ./ /srv
        `,
      },
      {
        title: "A build loads its modules, too.",
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          WORKDIR /src
          ⟦COPY . .⟧
          RUN go build -o /app .
          FROM scratch
          COPY --from=build /app /app
        `,
        fixed: dockerfile`
          FROM golang:1.23 AS build
          WORKDIR /src
          COPY go.mod go.sum ./
          RUN go mod download
          COPY . .
          RUN go build -o /app .
          FROM scratch
          COPY --from=build /app /app
        `,
      },
      {
        title: "A RUN that only cleans up stays with the install.",
        dockerfile: dockerfile`
          FROM node:20
          WORKDIR /app
          ⟦COPY . .⟧
          RUN npm ci
          RUN npm cache clean --force
          RUN npm run build
        `,
        fixed: dockerfile`
          FROM node:20
          WORKDIR /app
          COPY package*.json ./
          RUN npm ci
          RUN npm cache clean --force
          COPY . .
          RUN npm run build
        `,
      },
      {
        title: "Cut in two, the cache would stay in the layer of the install, so there is no fix.",
        dockerfile: dockerfile`
          FROM python:3.12-slim
          WORKDIR /app
          ⟦COPY . .⟧
          RUN pip install -r requirements.txt && python setup.py build && rm -rf ~/.cache/pip
        `,
      },
      {
        title: "The manifest was copied first, but so was the source.",
        dockerfile: dockerfile`
          FROM maven:3.9 AS build
          COPY pom.xml .
          ⟦COPY src ./src⟧
          RUN mvn -B package
          FROM scratch
          COPY --from=build target/app.jar /
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20
          WORKDIR /app
          COPY package.json package-lock.json ./
          RUN npm ci
          COPY . .
          RUN npm run build && npm prune --omit=dev
        `,
      },
      {
        title: "An earlier step has installed them, in a stage below, too.",
        dockerfile: dockerfile`
          FROM python:3.12-slim AS base
          COPY requirements.txt .
          RUN pip install --no-cache-dir -r requirements.txt
          FROM base
          COPY . /app
          RUN pip install --no-cache-dir -r /app/requirements-extra.txt
        `,
      },
      {
        title: "A tool is no dependency.",
        dockerfile: dockerfile`
          FROM node:20
          COPY . /app
          RUN npm install -g serve
        `,
      },
      {
        title: "Manifests without an ending, and a folder that the install needs.",
        dockerfile: dockerfile`
          FROM ruby:3.3-slim
          WORKDIR /app
          COPY Gemfile Gemfile.lock ./
          RUN bundle install
          COPY package.json yarn.lock patches ./
          RUN yarn install --frozen-lockfile
          COPY . .
        `,
      },
      {
        title: "cargo chef reads the whole source to find the manifests in it; it loads nothing.",
        dockerfile: dockerfile`
          FROM rust:1.82 AS plan
          COPY . .
          RUN cargo chef prepare --recipe-path recipe.json
          FROM rust:1.82
          COPY --from=plan recipe.json .
          RUN cargo chef cook --release
        `,
      },
      {
        title: "What was loaded is kept from build to build.",
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          COPY . /src
          RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
              cd /src && go build -o /app .
          FROM scratch
          COPY --from=build /app /app
        `,
      },
      {
        title: "The manifests are lent to the step, and nothing is copied before.",
        dockerfile: dockerfile`
          FROM node:20
          WORKDIR /app
          RUN --mount=type=bind,source=package.json,target=package.json \
              --mount=type=bind,source=package-lock.json,target=package-lock.json \
              npm ci
          COPY . .
        `,
      },
    ],
  }),
  visit: {
    stage(stage, context) {
      if (!stage.instructions.some((one) => installs(one, context))) return;
      const below =
        stage.base.stage &&
        foldStages(stage.base.stage, known, (one, under) => historyOf(one, under, context));
      historyOf(stage, below, context, report);
    },
  },
});

/** Whether a RUN installs dependencies at all. */
function installs(run: Instruction, context: RuleContext): boolean {
  const script = run.keyword === "RUN" ? context.script(run, DEPENDENCY_CALL) : undefined;
  return script !== undefined && dependencyInstalls(script).length > 0;
}

/** What has happened up to a place. */
interface History {
  readonly copies: readonly SourceCopy[];
  readonly installed: ReadonlySet<Ecosystem>;
}

/** Of the stages below, the first ones tell enough, and each stage keeps its own list. */
const MAX_COPIES = 100;

const known = new WeakMap<Stage, History>();

type Tell = typeof report;

/** Goes through a stage; `tell` hears of each first install of a kind that comes too late. */
function historyOf(stage: Stage, below: History | undefined, context: RuleContext, tell?: Tell): History {
  const copies = (below?.copies ?? []).slice(0, MAX_COPIES);
  const installed = new Set(below?.installed);
  for (const instruction of stage.instructions) {
    const copy = sourceCopyOf(instruction, context.model);
    if (copy !== undefined) copies.push(copy);
    const script = instruction.keyword === "RUN" ? context.script(instruction) : undefined;
    if (instruction.keyword !== "RUN" || script === undefined) continue;
    for (const install of dependencyInstalls(script)) {
      if (installed.has(install.ecosystem)) continue;
      installed.add(install.ecosystem);
      if (tell === undefined || isKept(install, instruction, context)) continue;
      const early = copies.find((one) => isTooEarly(one, install, instruction, script, context));
      if (early !== undefined) tell(early, copies, install, instruction, context);
    }
  }
  return { copies, installed };
}

/** Whether loading again costs nothing: a cache mount has it, or there is nothing to load. */
function isKept(install: DependencyInstall, run: RunInstruction, { model, context }: RuleContext): boolean {
  if (install.explicit) return false;
  if (keepsDependencies(install.ecosystem, scratchMounts(run, model))) return true;
  return install.ecosystem === "go" && context?.exists("go.mod") === true && !context.exists("go.sum");
}

function isTooEarly(
  copy: SourceCopy,
  install: DependencyInstall,
  run: RunInstruction,
  script: Script,
  { model, context }: RuleContext,
): boolean {
  if (copy.kind === "whole") return true;
  // Source beside the manifest is as bad as source around it.
  if (copy.kind === "source") return true;
  // A folder beside the manifest in one COPY is one that the install needs: patches, a local package.
  const named = copy.instruction.sources.map(({ text }) => baseName(text));
  if (install.manifests.some((one) => named.includes(one))) return false;
  const project = projectFolder(copy, install, run, script, model);
  if (project === undefined) return false;
  const manifest = [copy.path, project, install.manifests[0] ?? ""].filter((part) => part !== "").join("/");
  return context?.exists(manifest) ?? true;
}

function report(
  copy: SourceCopy,
  copies: readonly SourceCopy[],
  install: DependencyInstall,
  run: RunInstruction,
  context: RuleContext,
): void {
  const { instruction } = copy;
  const line = context.source.lineAt(install.span.start);
  const manifests = install.manifests
    .map((path) => (path.startsWith("/") ? baseName(path) : path))
    .join(" and ");
  const edits = copies.length === 1 ? copyAfterInstall(copy, install, run, context) : undefined;
  const words = [...instruction.sources, instruction.destination].map((word) => word?.text ?? "").join(" ");
  context.report({
    at: instruction.span,
    instruction,
    message: `${instruction.keyword} ${words} stands before ${install.name} (line ${line}), so a change to any copied file ${install.explicit ? "installs" : "loads"} all dependencies again; copy ${manifests} first, run ${install.step}, then copy the rest.`,
    related: [{ span: install.span, message: "This step runs again whenever a copied file changes" }],
    fixes:
      edits === undefined
        ? []
        : [{ title: `Copy ${manifests} first, the rest after ${install.step}`, edits }],
  });
}
