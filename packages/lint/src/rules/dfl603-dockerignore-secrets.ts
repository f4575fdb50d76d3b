import {
  appendPatterns,
  isExcepted,
  isNamed,
  patternsFor,
  takenStakes,
  type Stake,
} from "../linter/build-context/context-stakes.ts";
import { namesAny } from "../linter/build-context/step-needs.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

const SHOWN = 5;

export const rule: Rule = defineRule({
  code: "DFL603",
  name: "dockerignore-secrets",
  category: "context",
  severity: "warning",
  scope: "reachable",
  fix: "safe",
  summary: "A file that by its name holds secrets is copied into the build",
  docs: (): RuleDocs => ({
    why: `
      What a layer holds can be read by everybody who can pull the image, for ever: deleting the file in a later
      step only hides it. Names that give a file away are \`.env\`, private keys (\`id_ed25519\`, \`*.pem\`, \`*.p12\`),
      \`.netrc\`, \`.pypirc\`, \`.aws\`, \`.kube\`, \`terraform.tfstate\` and their like. Keep them out with a
      \`.dockerignore\`; a step that needs one gets it by \`RUN --mount=type=secret\`, the running container by its
      environment or a volume.

      Templates (\`.env.example\`), public halves of key pairs (\`ca.pem\`, \`server.pub\`) and folders of tests are not
      meant.
    `,
    bad: [
      {
        files: { "server.js": "", ".env": "TOKEN=abc", ".env.example": "TOKEN=", "deploy/id_ed25519": 400 },
        dockerignore: "node_modules\n",
        dockerfile: dockerfile`
          FROM node:20
          COPY ⟦.⟧ /app
        `,
        fixedDockerignore: "node_modules\n.env\n**/id_ed25519\n",
      },
      {
        title: "Copied by name: nothing to ignore, but no better.",
        files: { "server.js": "", ".env": "TOKEN=abc" },
        dockerfile: dockerfile`
          FROM node:20
          COPY server.js ⟦.env⟧ /app/
        `,
      },
      {
        title: "Without any ignore file.",
        files: { "main.py": "", "prod.pem": 1700 },
        dockerfile: dockerfile`
          FROM python:3.12-slim
          ADD ⟦.⟧ /app
        `,
        fixedDockerignore: "prod.pem\n",
      },
    ],
    good: [
      {
        files: { "server.js": "", ".env": "TOKEN=abc" },
        dockerignore: ".env*\n",
        dockerfile: dockerfile`
          FROM node:20
          COPY . /app
        `,
      },
      {
        title: "Templates, certificates and keys of tests.",
        files: { ".env.example": "", "ca.pem": 900, "tests/server.key": 900, "server.js": "" },
        dockerfile: dockerfile`
          FROM node:20
          COPY . /app
        `,
      },
      {
        title: "A mounted secret is in no layer.",
        files: { "main.py": "", ".netrc": 40 },
        dockerfile: dockerfile`
          FROM python:3.12-slim
          COPY main.py /app/
          RUN --mount=type=secret,id=netrc,target=/root/.netrc pip install --no-cache-dir private
        `,
      },
    ],
  }),
  visit: {
    file(_, context) {
      const facts = context.context;
      if (facts === undefined || facts.ignoreProblem !== undefined) return;
      for (const { taken, stakes } of takenStakes(facts, context.model, ["secret"])) {
        // What is only mounted while a step runs stays out of the image.
        if (taken.instruction.keyword === "RUN") continue;
        const unnamed = stakes.filter((stake) => !isNamed(taken, stake) && !isExcepted(stake, facts));
        const patterns = patternsFor(unnamed);
        const ignoreFile = facts.ignoreFile?.path ?? ".dockerignore";
        const advice =
          unnamed.length > 0
            ? `add ${patterns.slice(0, SHOWN).join(", ")} to ${ignoreFile}`
            : "give it to the step that needs it by RUN --mount=type=secret, or to the container when it starts";
        context.report({
          at: taken.span,
          instruction: taken.instruction,
          message: `${taken.instruction.keyword} puts ${list(stakes)} into a layer, where everybody who pulls the image can read ${stakes.length === 1 ? "it" : "them"}, even if a later step deletes ${stakes.length === 1 ? "it" : "them"}; ${advice}.`,
          evidence: stakes.map(({ path, bytes }) => `${path}: ${bytes} bytes.`),
          fixes:
            unnamed.length === 0
              ? []
              : [
                  {
                    title: `Add ${patterns.slice(0, SHOWN).join(", ")} to ${ignoreFile}`,
                    target: "dockerignore",
                    ...(namesAny(unnamed, context) && { applicability: "unsafe" }),
                    edits: [appendPatterns(facts, patterns)],
                  },
                ],
        });
      }
    },
  },
});

function list(stakes: readonly Stake[]): string {
  const names = stakes.slice(0, SHOWN).map(({ path }) => path);
  const more = stakes.length - names.length;
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""} (by name: secrets)`;
}
