import {
  appendPatterns,
  isNamed,
  patternsFor,
  showAmount,
  sumOf,
  takenStakes,
} from "../linter/build-context/context-stakes.ts";
import { namesAny, runsGit } from "../linter/build-context/step-needs.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

export const rule: Rule = defineRule({
  code: "DFL602",
  name: "dockerignore-git",
  category: "context",
  severity: "warning",
  scope: "reachable",
  fix: "safe",
  summary: "The history of the repository is copied, because .dockerignore does not keep it out",
  docs: (): RuleDocs => ({
    why: `
      \`.git\` holds every version of every file, also of those that were deleted because they held a secret. It is
      often larger than the source, and every commit, fetch and branch changes it, so the layer that holds it and
      all below it are made anew each time. Without a \`.dockerignore\` at all, DFL601 says so.

      A build that runs \`git\` itself, to ask for the version, needs the folder, and is left alone.
    `,
    bad: [
      {
        files: { "app.py": "", ".git/HEAD": "", ".git/objects/ab/cd": 5000 },
        dockerignore: "*.md\n",
        dockerfile: dockerfile`
          FROM python:3.12-slim
          COPY ⟦.⟧ /app
        `,
        fixedDockerignore: "*.md\n.git\n",
      },
      {
        title: "An exception brings it back.",
        files: { "app.py": "", ".git/HEAD": "" },
        dockerignore: "*\n!app.py\n!.git",
        dockerfile: dockerfile`
          FROM python:3.12-slim
          COPY ⟦.⟧ /app
        `,
        fixedDockerignore: "*\n!app.py\n!.git\n.git\n",
      },
    ],
    good: [
      {
        files: { "app.py": "", ".git/HEAD": "" },
        dockerignore: "**/.git\n",
        dockerfile: dockerfile`
          FROM python:3.12-slim
          COPY . /app
        `,
      },
      {
        title: "The build asks git for the version.",
        files: { "main.go": "", ".git/HEAD": "" },
        dockerignore: "*.md\n",
        dockerfile: dockerfile`
          FROM golang:1.23
          COPY . /src
          RUN git -C /src describe --tags > /version
        `,
      },
      {
        files: { "app/main.py": "", ".git/HEAD": "" },
        dockerignore: "*.md\n",
        dockerfile: dockerfile`
          FROM python:3.12-slim
          COPY app /app
        `,
      },
    ],
  }),
  visit: {
    file(_, context) {
      const facts = context.context;
      if (facts?.ignoreFile === undefined || facts.ignoreProblem !== undefined) return;
      const [first] = takenStakes(facts, context.model, ["history"]);
      const stakes = first?.stakes.filter((stake) => !isNamed(first.taken, stake)) ?? [];
      if (first === undefined || stakes.length === 0 || runsGit(context)) return;
      const patterns = patternsFor(stakes);
      const names = stakes.map(({ path }) => path).join(", ");
      context.report({
        at: first.taken.span,
        instruction: first.taken.instruction,
        message: `${names} goes into the build (${showAmount(sumOf(stakes), facts.truncated)}), because ${facts.ignoreFile.path} does not keep it out. The image then holds the whole history, and every commit re-runs what follows; add ${patterns.join(", ")} to ${facts.ignoreFile.path}.`,
        evidence: stakes.map((stake) => `${stake.path}: ${showAmount(stake, facts.truncated)}.`),
        fixes: [
          {
            title: `Add ${patterns.join(", ")} to ${facts.ignoreFile.path}`,
            target: "dockerignore",
            ...(namesAny(stakes, context) && { applicability: "unsafe" }),
            edits: [appendPatterns(facts, patterns)],
          },
        ],
      });
    },
  },
});
