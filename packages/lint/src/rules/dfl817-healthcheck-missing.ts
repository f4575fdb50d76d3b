import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { Model, Stage } from "../semantics/model.ts";

export const rule: Rule = defineRule({
  code: "DFL817",
  name: "healthcheck-missing",
  aliases: ["DL3057"],
  category: "runtime",
  severity: { recommended: "off", strict: "info", hadolint: "off" },
  scope: "shipped",
  summary: "The image serves something and has no HEALTHCHECK",
  docs: (): RuleDocs => ({
    why: `
      Without a HEALTHCHECK a container counts as well as long as its process lives: one that answers no request any
      more is neither shown as unhealthy, nor replaced by Swarm, nor waited for by \`depends_on\` of Compose. \`HEALTHCHECK
      NONE\` says that there is none on purpose.

      Ignore it where Kubernetes runs the image, which looks at its own probes only. The rule is off unless asked for,
      says nothing about images that expose no port, and cannot see what a base image brings along.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM ⟦node:20-slim⟧
          EXPOSE 3000
          CMD ["node", "server.js"]
        `,
      },
      {
        title: "That of a stage that does not ship is of no use.",
        dockerfile: dockerfile`
          FROM node:20-slim AS build
          HEALTHCHECK CMD curl -f http://localhost/
          FROM ⟦node:20-slim⟧
          COPY --from=build /app /app
          EXPOSE 3000
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim AS base
          HEALTHCHECK CMD ["node", "healthy.js"]
          FROM base
          EXPOSE 3000
        `,
      },
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          EXPOSE 3000
          HEALTHCHECK NONE
        `,
      },
      {
        title: "A tool that serves nothing.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENTRYPOINT ["jq"]
        `,
      },
    ],
  }),
  visit: {
    file(_, context) {
      for (const { from } of context.compat === "hadolint" ? unchecked(context.model) : serving(context)) {
        context.report({
          at: from.image?.span ?? from.name.span,
          instruction: from,
          message:
            "The image has no HEALTHCHECK, so a container that hangs counts as running; add one that asks the service, or HEALTHCHECK NONE.",
        });
      }
    },
  },
});

/** The images that expose a port, and check nothing. */
function serving({ model, settings }: RuleContext): Stage[] {
  return model.stages.filter((stage) => {
    const isPublic = stage.name !== undefined && settings.stages.public.includes(stage.name);
    return (
      (stage === model.target || isPublic) && inherits(stage, "EXPOSE") && !inherits(stage, "HEALTHCHECK")
    );
  });
}

function inherits(stage: Stage, keyword: "EXPOSE" | "HEALTHCHECK"): boolean {
  for (let one: Stage | undefined = stage; one !== undefined; one = one.base.stage) {
    if (one.instructions.some((instruction) => instruction.keyword === keyword)) return true;
  }
  return false;
}

/** hadolint wants one in every stage that is neither based on one that has it, nor the base of one. */
function unchecked({ stages }: Model): Stage[] {
  const related = new Set<Stage>();
  for (const stage of stages) {
    const below = stage.base.stage;
    const has = stage.instructions.some(({ keyword }) => keyword === "HEALTHCHECK");
    if (has)
      for (let one: Stage | undefined = stage; one && !related.has(one); one = one.base.stage)
        related.add(one);
    else if (below !== undefined && related.has(below)) related.add(stage);
  }
  return stages.filter((stage) => !related.has(stage));
}
