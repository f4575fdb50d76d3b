import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { insertion } from "../source/edit.ts";
import type { SourceFile } from "../source/source-file.ts";
import { cacheSurroundings } from "../semantics/packages/cache-surroundings.ts";
import { isRootUser } from "../semantics/root-user.ts";
import type { DependencyInstall, Ecosystem } from "../shell/dependencies/dependency-install.ts";
import { dependencyInstalls } from "../shell/dependencies/dependency-installs.ts";
import type { Script } from "../shell/nodes.ts";
import { wholeLines } from "../syntax/line-edits.ts";
import type { RunInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL409",
  name: "cache-mount-missing",
  category: "layers",
  severity: { recommended: "off", strict: "info" },
  scope: "reachable",
  fix: "suggestion",
  summary: "Dependencies are loaded anew whenever one of them changes",
  docs: (): RuleDocs => ({
    why: `
      A layer is cached as a whole: one more line in the manifest, and every dependency is loaded again. A cache mount
      keeps what the tool has loaded from build to build on the machine that builds, and out of the image:
      \`RUN --mount=type=cache,target=/root/.npm npm ci\`.

      Off in \`recommended\`, since builders that start empty each time (most hosted CI) gain nothing. Looked at are tools
      that install from a manifest and keep their downloads apart from what they install: npm, pnpm, yarn, bun, pip,
      Poetry, uv and Composer. Steps that are told to keep no cache are left alone, and other users than root, whose home
      is not known; \`HOME\` is heeded.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          COPY package.json package-lock.json ./
          RUN ⟦npm ci⟧ --omit=dev
        `,
        fixed: dockerfile`
          FROM node:20-slim
          COPY package.json package-lock.json ./
          RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev
        `,
      },
      {
        dockerfile: dockerfile`
          FROM python:3.12-slim
          COPY requirements.txt .
          RUN ⟦pip install⟧ -r requirements.txt
        `,
        fixed: dockerfile`
          FROM python:3.12-slim
          COPY requirements.txt .
          RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          RUN --mount=type=cache,target=/root/.npm npm ci
        `,
      },
      {
        title: "No cache is wanted.",
        dockerfile: dockerfile`
          FROM python:3.12-slim
          RUN pip install --no-cache-dir -r requirements.txt
          ENV UV_NO_CACHE=1
          RUN uv sync --no-dev && npm ci && npm cache clean --force
        `,
      },
      {
        title: "Whose home?",
        dockerfile: dockerfile`
          FROM node:20-slim
          USER node
          RUN npm ci
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run);
      const user = context.model.state(run).user;
      if (script === undefined || script.form === "exec" || run.onbuild !== undefined) return;
      if (user !== undefined && (user.value === undefined || !isRootUser(user.value))) return;
      const told = new Set<Ecosystem>();
      for (const install of dependencyInstalls(script)) {
        const cache = CACHES[install.ecosystem];
        if (cache === undefined || !install.explicit || told.has(install.ecosystem)) continue;
        if (isSettled(install, cache, run, script, context)) continue;
        const target = targetOf(cache, install, run, script, context);
        if (target === undefined) continue;
        told.add(install.ecosystem);
        context.report({
          at: install.span,
          message: `${install.name} loads every package again as soon as one of them changes; keep them from build to build with --mount=type=cache,target=${target}.`,
          fixes: fixFor(target, run, context.source),
        });
      }
    },
  },
});

interface Cache {
  /** The folder; `~` is the home of the user. */
  readonly target: string;
  /** What in a script says that the cache is off, elsewhere or emptied. */
  readonly settled: RegExp;
  /** Variables that move it or turn it off. */
  readonly variables: readonly string[];
}

const CACHES: Partial<Record<Ecosystem, Cache>> = {
  npm: {
    target: "~/.npm",
    settled: /npm cache clean|--cache\b|\.npm\b|--no-cache/,
    variables: ["NPM_CONFIG_CACHE", "npm_config_cache"],
  },
  pnpm: {
    target: "~/.local/share/pnpm/store",
    settled: /store prune|--store-dir|store-dir/,
    variables: ["PNPM_HOME", "XDG_DATA_HOME"],
  },
  yarn: {
    target: "/usr/local/share/.cache/yarn",
    settled: /cache clean|--cache-folder|--immutable|\.yarn/,
    variables: ["YARN_CACHE_FOLDER"],
  },
  bun: {
    target: "~/.bun/install/cache",
    settled: /--no-cache|--cache-dir|pm cache rm/,
    variables: ["BUN_INSTALL_CACHE_DIR", "BUN_INSTALL"],
  },
  pip: {
    target: "~/.cache/pip",
    settled: /--no-cache-dir|--cache-dir|cache purge|\.cache/,
    variables: ["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "XDG_CACHE_HOME"],
  },
  poetry: {
    target: "~/.cache/pypoetry",
    settled: /--no-cache|cache clear|\.cache|cache-dir/,
    variables: ["POETRY_CACHE_DIR", "POETRY_NO_CACHE", "XDG_CACHE_HOME"],
  },
  uv: {
    target: "~/.cache/uv",
    settled: /--no-cache|--cache-dir|cache clean|\.cache/,
    variables: ["UV_NO_CACHE", "UV_CACHE_DIR", "XDG_CACHE_HOME"],
  },
  composer: {
    target: "~/.composer/cache",
    settled: /--no-cache|clear-?cache|\.composer/,
    variables: ["COMPOSER_CACHE_DIR", "COMPOSER_HOME", "XDG_CACHE_HOME"],
  },
};

function isSettled(
  { call }: DependencyInstall,
  { settled, variables }: Cache,
  run: RunInstruction,
  script: Script,
  { model }: RuleContext,
): boolean {
  const around = cacheSurroundings(run, script, model);
  // Any cache mount says that somebody has thought of it.
  if (around.mounts.length > 0 || settled.test(script.text)) return true;
  return variables.some(
    (name) =>
      call.environment.has(name) ||
      around.environment(name) !== undefined ||
      model.state(run).variable(name) !== undefined,
  );
}

/** The folder of the cache; undefined where the home that holds it is not known. */
function targetOf(
  { target }: Cache,
  { call }: DependencyInstall,
  run: RunInstruction,
  script: Script,
  { model }: RuleContext,
): string | undefined {
  if (!target.startsWith("~")) return target;
  if (call.environment.has("HOME") || script.sets("HOME")) return undefined;
  const home = model.state(run).variable("HOME");
  const folder = home === undefined ? "/root" : home.value;
  return folder !== undefined && /^\/[\w./-]*$/.test(folder)
    ? folder.replace(/\/$/, "") + target.slice(1)
    : undefined;
}

function fixFor(target: string, run: RunInstruction, source: SourceFile): OfferedFix[] {
  const at = run.flags.at(-1)?.span.end ?? run.name.span.end;
  const newText = ` --mount=type=cache,target=${target}`;
  // What turns the cache off or empties it at the end would leave nothing to keep: the edit takes the whole lines, so
  // that no other one goes with it. Where the file ends without a line break, another one would only touch them.
  const rest = { start: at, end: wholeLines(run, source).end };
  const edits = [{ span: rest, newText: newText + source.slice(rest) }];
  if (rest.end === run.span.end) edits.push(insertion(rest.end, ""));
  return [{ title: `Mount a cache on ${target}`, edits }];
}
