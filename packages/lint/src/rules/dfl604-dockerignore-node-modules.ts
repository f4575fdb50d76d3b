import {
  appendPatterns,
  isNamed,
  patternsFor,
  showAmount,
  sumOf,
  takenStakes,
} from "../linter/build-context/context-stakes.ts";
import { installsModules, namesAny } from "../linter/build-context/step-needs.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

export const rule: Rule = defineRule({
  code: "DFL604",
  name: "dockerignore-node-modules",
  category: "context",
  severity: "warning",
  scope: "reachable",
  fix: "safe",
  summary: "node_modules of this machine is copied, because .dockerignore does not keep it out",
  docs: (): RuleDocs => ({
    why: `
      The modules on this machine were installed for its system, with its development dependencies: compiled ones do
      not run in the image, and copied after \`npm ci\` they replace what was installed there. They are thousands of
      files, often more than all the rest, read and compared for every build. Ignore them, and install in the image.
      Without a \`.dockerignore\` at all, DFL601 says so.
    `,
    bad: [
      {
        files: {
          "package.json": "{}",
          "server.js": "",
          "node_modules/a/index.js": 900,
          "node_modules/b/b.node": 90_000,
        },
        dockerignore: ".git\n",
        dockerfile: dockerfile`
          FROM node:20
          WORKDIR /app
          COPY package.json ./
          RUN npm install
          COPY ⟦.⟧ .
        `,
        fixedDockerignore: ".git\nnode_modules\n",
      },
      {
        title: "A pattern without `**/` reaches the top folder only.",
        files: { "web/package.json": "{}", "web/node_modules/a/index.js": 900 },
        dockerignore: "node_modules\n",
        dockerfile: dockerfile`
          FROM node:20
          WORKDIR /srv
          COPY ⟦web⟧ .
          RUN npm ci
        `,
        fixedDockerignore: "node_modules\n**/node_modules\n",
      },
    ],
    good: [
      {
        files: { "package.json": "{}", "node_modules/a/index.js": 900 },
        dockerignore: "**/node_modules\n",
        dockerfile: dockerfile`
          FROM node:20
          COPY . /app
        `,
      },
      {
        title: "Only what is named is sent.",
        files: { "package.json": "{}", "src/a.js": "", "node_modules/a/index.js": 900 },
        dockerignore: ".git\n",
        dockerfile: dockerfile`
          FROM node:20
          COPY package.json /app/
          COPY src /app/src
        `,
      },
      {
        files: { "package.json": "{}", "node_modules/a/index.js": 900 },
        title: "The copy leaves them out itself.",
        dockerignore: ".git\n",
        dockerfile: dockerfile`
          # syntax=docker/dockerfile:1.7-labs
          FROM node:20
          COPY --exclude=node_modules . /app
        `,
      },
    ],
  }),
  visit: {
    file(_, context) {
      const facts = context.context;
      if (facts?.ignoreFile === undefined || facts.ignoreProblem !== undefined) return;
      for (const { taken, stakes } of takenStakes(facts, context.model, ["modules"])) {
        const modules = stakes.filter(
          (stake) => stake.path.endsWith("node_modules") && !isNamed(taken, stake),
        );
        const [first] = modules;
        if (first === undefined) continue;
        const patterns = patternsFor(modules);
        const others = modules.length > 1 ? ` and ${modules.length - 1} more` : "";
        const installs = installsModules(taken.instruction, context);
        context.report({
          at: taken.span,
          instruction: taken.instruction,
          message: `${first.path}${others} goes into the build (${showAmount(sumOf(modules), facts.truncated)}), because ${facts.ignoreFile.path} does not keep it out. These modules were installed for this machine${installs ? " and replace those that the build installs" : ""}; add ${patterns.join(", ")} to ${facts.ignoreFile.path}${installs ? "" : " and install them in the image"}.`,
          evidence: modules.map((stake) => `${stake.path}: ${showAmount(stake, facts.truncated)}.`),
          fixes: [
            {
              title: `Add ${patterns.join(", ")} to ${facts.ignoreFile.path}`,
              target: "dockerignore",
              // Nothing else would bring modules into the image.
              ...((!installs || namesAny(modules, context)) && { applicability: "unsafe" }),
              edits: [appendPatterns(facts, patterns)],
            },
          ],
        });
      }
    },
  },
});
