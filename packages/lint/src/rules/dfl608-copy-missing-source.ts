import type { ContextFacts } from "../linter/facts/context-facts.ts";
import { didYouMean } from "../linter/nearest.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { takenPaths, type TakenPath } from "../semantics/paths/taken-paths.ts";

/** How many folders above the context are looked into. */
const LEVELS = 4;

const OPTIONS = {
  outputs: {
    type: "strings",
    default: ["dist", "build", "target", "out", "bin", "publish", "release", "artifacts", "_output"],
    description: "Folders that something makes before the image is built; what lies in them may be missing.",
  },
} as const;

export const rule: Rule = defineRule({
  code: "DFL608",
  name: "copy-missing-source",
  category: "context",
  severity: "error",
  scope: "reachable",
  summary: "COPY or ADD takes a file that the context does not hold",
  options: OPTIONS,
  docs: (): RuleDocs => ({
    why: `
      The build stops with "not found": a slip of the pen, a file that was renamed, or a path that leads out of the
      context, where \`../\` stops at its top. The rule looks at the real folder.

      Patterns are left alone, since they may match nothing. So are folders that something makes before the build
      (\`outputs\`). Where all that the file copies lies in a folder above that looks like the top of a project, that one is
      the context; tell with \`--context\`. What the ignore file keeps out, DFL605 tells.
    `,
    bad: [
      {
        files: { "package.json": "{}", "src/server.js": "" },
        dockerfile: dockerfile`
          FROM node:20-slim
          COPY package.json ⟦package-lock.json⟧ ./
          COPY ⟦src/sever.js⟧ ./
          RUN ⟦--mount=type=bind,source=.npmrc,target=/app/.npmrc⟧ npm ci
        `,
      },
      {
        title: "There is nothing above the context.",
        files: { "app.py": "" },
        dockerfile: dockerfile`
          FROM python:3.12-slim
          COPY ⟦../shared⟧ /shared
          COPY app.py /app/
        `,
      },
    ],
    good: [
      {
        files: { "package.json": "{}", "src/server.js": "", "notes.md": "" },
        dockerignore: "*.md\n",
        dockerfile: dockerfile`
          FROM node:20-slim AS build
          ARG CONFIG
          COPY package.json yarn.loc[k] *.lock ./
          COPY src /app/src
          COPY ./dist/app.js $CONFIG notes.md /app/
          FROM node:20-slim
          COPY --from=build /app /app
          ADD https://example.org/a.tar /a/
        `,
      },
      {
        title: "Without a context nothing is known.",
        dockerfile: dockerfile`
          FROM node:20-slim
          COPY package.json ./
        `,
      },
    ],
  }),
  visit: {
    file(_, context) {
      const facts = context.context;
      if (facts === undefined || facts.ignoreProblem !== undefined) return;
      const taken = context.model.stages
        .filter(({ reachable }) => reachable)
        .flatMap((stage) => takenPaths(stage, context.model))
        .filter(({ path }) => path !== "" && !/[*?[\\]/.test(path));
      const exists = new Known(facts);
      const missing = taken.filter(({ path }) => !exists.has(path));
      if (missing.length === 0) return;
      if (isContextAbove(taken, facts)) return;
      const listed = new Map<string, readonly string[]>();
      for (const { path, span, instruction } of missing) {
        if (context.options.outputs.includes(path.split("/", 1)[0] ?? "")) continue;
        if (facts.ignore.ignores(path)) continue;
        const slash = path.lastIndexOf("/");
        const folder = path.slice(0, Math.max(0, slash));
        const names = listed.get(folder) ?? facts.source.list(folder).map(({ name }) => name);
        listed.set(folder, names);
        const isOutside = context.source.slice(span).includes("../") && facts.source.exists(`../${path}`);
        context.report({
          at: span,
          instruction,
          message: isOutside
            ? `${path} lies outside of the context (${facts.path}), where the builder cannot reach it, so the build stops here; build with a context that holds it.`
            : `The context (${facts.path}) holds no ${path}, so the build stops here; add it, or copy what is there.${didYouMean(path.slice(slash + 1), names)}`,
        });
      }
    },
  },
});

/** Which paths exist; each is looked up once. */
class Known {
  readonly #facts: ContextFacts;
  readonly #found = new Map<string, boolean>();

  constructor(facts: ContextFacts) {
    this.#facts = facts;
  }

  has(path: string): boolean {
    const known = this.#found.get(path) ?? this.#facts.exists(path);
    this.#found.set(path, known);
    return known;
  }
}

/** What lies at the top of a project. */
const TOP_FILES = [
  ".git",
  ".dockerignore",
  "compose.yaml",
  "compose.yml",
  "docker-compose.yml",
  "docker-compose.yaml",
  "docker-bake.hcl",
  "docker-bake.json",
  "package.json",
  "pyproject.toml",
  "go.mod",
  "Cargo.toml",
  "pom.xml",
  "Makefile",
];

/** Whether a folder above holds all of it: the Dockerfile lies in a folder of its own, as `docker build -f` allows. */
function isContextAbove(taken: readonly TakenPath[], { source }: ContextFacts): boolean {
  for (let level = 1; level <= LEVELS; level += 1) {
    const above = "../".repeat(level);
    const isTop = TOP_FILES.some((name) => source.exists(above + name));
    if (isTop && taken.every(({ path }) => source.exists(above + path))) return true;
    if (source.exists(`${above}.git`)) return false;
  }
  return false;
}
