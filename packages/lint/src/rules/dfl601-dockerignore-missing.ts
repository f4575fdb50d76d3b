import {
  appendPatterns,
  isNamed,
  patternsFor,
  showAmount,
  sumOf,
  takenStakes,
  type Stake,
} from "../linter/build-context/context-stakes.ts";
import { installsModules, namesAny, runsGit } from "../linter/build-context/step-needs.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

const SHOWN = 5;

export const rule: Rule = defineRule({
  code: "DFL601",
  name: "dockerignore-missing",
  category: "context",
  severity: "warning",
  scope: "reachable",
  fix: "safe",
  summary: "Files nobody wants in the image are copied, for want of a .dockerignore",
  docs: (): RuleDocs => ({
    why: `
      \`COPY . .\` takes everything that lies in the context: the repository's history, modules installed for this
      machine, caches, logs, files with secrets. All of it is sent to the builder, becomes part of a layer, and any
      change to it (every commit changes \`.git\`) re-runs all steps below. A \`.dockerignore\` beside the Dockerfile
      keeps it out.

      The rule looks at the real folder. It is silent where nothing unwanted lies there, where only named files are
      copied, and where the context is not known.
    `,
    bad: [
      {
        files: {
          "package.json": "{}",
          "server.js": "",
          ".git/HEAD": "ref: refs/heads/main",
          ".git/objects/pack/pack-1.pack": 40_000_000,
          "node_modules/left-pad/index.js": 1200,
          ".env": "TOKEN=1",
        },
        dockerfile: dockerfile`
          FROM node:20
          WORKDIR /app
          COPY package.json ./
          RUN npm install
          COPY ⟦.⟧ .
        `,
        fixedDockerignore: ".env\n.git\nnode_modules\n",
      },
      {
        title: "What lies deeper counts, too.",
        files: { "web/index.html": "", "web/node_modules/a/index.js": 10, "api/node_modules/b/index.js": 10 },
        dockerfile: dockerfile`
          FROM node:20
          COPY ⟦*⟧ /srv/
        `,
        fixedDockerignore: "**/node_modules\n",
      },
    ],
    good: [
      {
        title: "There is nothing to keep out.",
        files: { "requirements.txt": "", "app.py": "" },
        dockerfile: dockerfile`
          FROM python:3.12-slim
          COPY . /app
        `,
      },
      {
        title: "Only what is named is sent.",
        files: { "app/main.py": "", ".git/HEAD": "" },
        dockerfile: dockerfile`
          FROM python:3.12-slim
          COPY app /app
        `,
      },
      {
        files: { "app.py": "", ".git/HEAD": "" },
        dockerignore: ".git\n",
        dockerfile: dockerfile`
          FROM python:3.12-slim
          COPY . /app
        `,
      },
    ],
  }),
  visit: {
    file(_, context) {
      const facts = context.context;
      if (facts === undefined || facts.ignoreFile !== undefined) return;
      const taken = takenStakes(facts, context.model, ["history", "modules", "secret", "litter"]);
      const unnamed = taken.map(({ taken: path, stakes }) => ({
        taken: path,
        stakes: stakes.filter((stake) => !isNamed(path, stake)),
      }));
      const first = unnamed.find(({ stakes }) => stakes.length > 0);
      if (first === undefined) return;
      const stakes = unnamed.flatMap((one) => one.stakes);
      const patterns = patternsFor(stakes);
      const isMissed =
        namesAny(stakes, context) ||
        unnamed.some(({ taken: { instruction }, stakes: own }) =>
          own.some(
            ({ kind, path }) =>
              (kind === "history" && runsGit(context)) ||
              (path.endsWith("node_modules") && !installsModules(instruction, context)),
          ),
        );
      context.report({
        at: first.taken.span,
        instruction: first.taken.instruction,
        message: `There is no .dockerignore, so ${showAmount(sumOf(stakes), facts.truncated)} that nobody wants in the image go into the build: ${list(stakes)}. They slow down every build, end up in a layer, and re-run what follows whenever one of them changes; write a .dockerignore with ${patterns.slice(0, SHOWN).join(", ")}.`,
        evidence: stakes.map((stake) => `${stake.path}: ${showAmount(stake, facts.truncated)}.`),
        fixes: [
          {
            title: `Write a .dockerignore with ${patterns.length === 1 ? patterns[0] : `${patterns.length} patterns`}`,
            target: "dockerignore",
            // A step may ask for the history, and nothing else may bring the modules.
            ...(isMissed && { applicability: "unsafe" }),
            edits: [appendPatterns(facts, patterns)],
          },
        ],
      });
    },
  },
});

function list(stakes: readonly Stake[]): string {
  const shown = [...stakes]
    .sort((left, right) => right.bytes - left.bytes)
    .slice(0, SHOWN)
    .map(
      (stake) => `${stake.path} (${showAmount(stake)}${stake.kind === "secret" ? ", may hold secrets" : ""})`,
    );
  const more = stakes.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
