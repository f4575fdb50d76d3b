import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { Stage } from "../semantics/model.ts";
import { stagesNeededBy } from "../semantics/stages/stage-graph.ts";
import { matchesWildcards } from "../source/wildcards.ts";

/** Parts of the names of stages that people build by themselves, with `--target`. */
const TARGET_NAMES = (
  "target dev devel develop development devcontainer debug local test tests testing unit integration e2e spec coverage " +
  "lint linter check checks validate verify fmt format vet ci bench benchmark doc docs shell prod production release " +
  "runtime final deploy publish export artifact artifacts binary binaries dist output image update vendor generate gen " +
  "watch storybook sbom scan"
).replaceAll(" ", "|");
const TARGET_NAME = new RegExp(`(?:^|[-_.])(?:${TARGET_NAMES})(?:$|[-_.])`);

export const rule: Rule = defineRule({
  code: "DFL306",
  name: "stage-unreachable",
  category: "stages",
  severity: { recommended: "info", strict: "warning" },
  scope: "all",
  summary: "Nothing needs a stage",
  docs: (): RuleDocs => ({
    why: `
      The image does not depend on this stage: BuildKit passes it over, the classic builder runs it for nothing, and
      readers wonder what it is for. Most often a COPY names another stage than the one that was meant, or an old stage
      was forgotten.

      Stages that are built on their own with \`--target\` are meant to stand apart. dflint takes those for such that
      have a CMD or an ENTRYPOINT, or a usual name (\`test\`, \`lint\`, \`dev\`, \`docs\`, \`artifacts\` …); list others in
      \`stages.public\` or \`stages.dev\` of \`.dflint.yaml\`.
    `,
    bad: [
      {
        title: "The COPY takes from the base and not from the stage that builds.",
        dockerfile: dockerfile`
          FROM golang:1.23 AS base
          WORKDIR /src
          COPY . .
          FROM base AS ⟦compile⟧
          RUN go build -o /app
          FROM scratch
          COPY --from=base /app /app
        `,
      },
      {
        title: "Without a name it cannot be a target.",
        dockerfile: dockerfile`
          FROM ⟦node:20⟧
          RUN npm ci
          FROM nginx:1.27
          COPY site /usr/share/nginx/html
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          RUN go build -o /app
          FROM scratch
          COPY --from=build /app /app
        `,
      },
      {
        title: "Built by themselves, and what they need.",
        dockerfile: dockerfile`
          FROM node:20 AS base
          FROM base AS tools
          FROM tools AS lint
          RUN npm run lint
          FROM base AS worker
          CMD ["node", "worker.js"]
          FROM base
          CMD ["node", "server.js"]
        `,
      },
      {
        settings: { stages: { public: ["backup"], dev: [] } },
        dockerfile: dockerfile`
          FROM alpine:3.20 AS backup
          FROM alpine:3.20
        `,
      },
      {
        title: "Chosen by an ARG.",
        dockerfile: dockerfile`
          ARG VARIANT=small
          FROM alpine:3.20 AS small
          FROM debian:12 AS large
          FROM \${VARIANT}
        `,
      },
    ],
  }),
  visit: {
    file(_, context) {
      const { stages } = context.model;
      const last = stages.at(-1);
      if (last === undefined || stages.length === 1) return;
      const needed = stagesNeededBy(stages.filter((stage) => stage === last || isTarget(stage, context)));
      if (needed.size === stages.length) return;
      const patterns = [...new Set(stages.flatMap((stage) => stagePattern(stage)))];
      // So many may name anything.
      if (patterns.length > 50) return;
      for (const stage of stages) {
        const { name, from } = stage;
        if (
          needed.has(stage) ||
          (name !== undefined && patterns.some((pattern) => matchesWildcards(pattern, name)))
        )
          continue;
        const at = from.as?.name ?? from.image;
        if (at === undefined) continue;
        context.report({
          at: at.span,
          stage,
          instruction: from,
          message:
            name === undefined
              ? `Nothing takes from this stage, and without a name it cannot be built on its own; take it out, or take from it with COPY --from=${stage.index}.`
              : `Neither the last stage nor one that is usually built on its own needs "${name}"; take it out, use it, or list it in stages.public or stages.dev if it is built with --target.`,
        });
      }
    },
  },
});

function isTarget(stage: Stage, { model, settings }: RuleContext): boolean {
  if (stage === model.target) return true;
  const { name, instructions } = stage;
  if (name === undefined) return false;
  if (settings.stages.public.includes(name) || settings.stages.dev.includes(name)) return true;
  return (
    TARGET_NAME.test(name) ||
    instructions.some(({ keyword }) => keyword === "CMD" || keyword === "ENTRYPOINT")
  );
}

/** What a FROM with a variable may name, with `*` for each: any stage that its literal parts fit. */
function stagePattern({ from, base }: Stage): string[] {
  const text = from.image?.text;
  if (text === undefined || !text.includes("$") || (base.stage === undefined && base.reference?.tag))
    return [];
  return [text.toLowerCase().replace(/\$(?:\w+|\{[^}]*\})/g, "*")];
}
