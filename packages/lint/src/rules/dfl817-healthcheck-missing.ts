import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { Model, Stage } from "../semantics/model.ts";
import { lastInChain } from "../semantics/stages/stage-chain.ts";

export const rule: Rule = defineRule({
  code: "DFL817",
  name: "healthcheck-missing",
  aliases: ["DL3057"],
  category: "runtime",
  severity: { recommended: "off", strict: "info", hadolint: "off" },
  scope: "shipped",
  engine: "read",
  summary: "The image serves something and has no HEALTHCHECK",
  docs: (): RuleDocs => ({
    why: `
      Without a HEALTHCHECK a container counts as well as long as its process lives: one that answers no request any
      more is neither shown as unhealthy, nor replaced by Swarm, nor waited for by \`depends_on\` of Compose. \`HEALTHCHECK
      NONE\` says that there is none on purpose.

      Ignore it where Kubernetes runs the image, which looks at its own probes only. The rule is off unless asked for,
      says nothing about images that expose no port, and cannot see what a base image brings along.
    `,
    engine: `
      The ports and the HEALTHCHECK of the base image count. With \`--engine build\` a HEALTHCHECK that starts a program that
      the image does not have is reported, too: a container of it is never healthy.
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
      {
        title: "The image was built, and has no curl.",
        dockerfile: dockerfile`
          FROM node:20-slim
          EXPOSE 3000
          HEALTHCHECK CMD ⟦curl⟧ -f http://localhost:3000/ || exit 1
        `,
        engine: { built: { programs: { curl: "", node: "/usr/local/bin/node" } } },
      },
      {
        title: "The base image exposes a port.",
        dockerfile: dockerfile`
          FROM ⟦registry.example.org/server:1⟧
          COPY site /srv
        `,
        engine: { images: { "registry.example.org/server:1": { ports: ["80/tcp"] } } },
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
      {
        title: "The base image has one.",
        dockerfile: dockerfile`
          FROM registry.example.org/server:1
          EXPOSE 3000
        `,
        engine: { images: { "registry.example.org/server:1": { healthcheck: ["CMD", "/healthy"] } } },
      },
    ],
  }),
  visit: {
    HEALTHCHECK(healthcheck, context) {
      const build = context.engine?.build;
      if (
        build === undefined ||
        context.compat !== undefined ||
        lastInChain(context.model.target, "HEALTHCHECK") !== healthcheck
      )
        return;
      const { programs, source } = build.image;
      const named = context
        .script(healthcheck)
        ?.commands.find(
          ({ name }) => name !== undefined && programs.has(name) && programs.get(name) === undefined,
        );
      const word = named?.words.find(({ value }) => value === named.name) ?? named;
      if (named === undefined || word === undefined) return;
      const others = PROBES.filter((name) => programs.get(name) !== undefined);
      const advice =
        others.length === 0
          ? "check with a program of the image's own"
          : `check with ${others.join(" or ")}, which it has`;
      context.report({
        at: word.span,
        message: `The image has no ${named.name}, so a container of it is never healthy; install it, or ${advice}.`,
        evidence: [`There is no ${named.name} in any folder of PATH: ${source}.`],
      });
    },
    file(_, context) {
      for (const { from } of context.compat === "hadolint" ? unchecked(context.model) : serving(context)) {
        const facts = context.model.stageOf(from)?.image.facts;
        const build =
          context.model.stageOf(from) === context.model.target ? context.engine?.build : undefined;
        const probes = PROBES.filter((name) => build?.image.programs.get(name) !== undefined);
        const having =
          probes.length === 0 ? "no program of the usual ones to ask it with" : probes.join(", ");
        context.report({
          evidence: [
            ...(facts === undefined ? [] : [`The base image has none: ${facts.source}.`]),
            ...(build === undefined ? [] : [`The image has ${having}: ${build.source}.`]),
          ],
          at: from.image?.span ?? from.name.span,
          instruction: from,
          message:
            "The image has no HEALTHCHECK, so a container that hangs counts as running; add one that asks the service, or HEALTHCHECK NONE.",
        });
      }
    },
  },
});

/** What services are asked with. */
const PROBES = ["curl", "wget", "nc"];

/** The images that expose a port, and check nothing. */
function serving({ model, settings }: RuleContext): Stage[] {
  return model.stages.filter((stage) => {
    const isPublic = stage.name !== undefined && settings.stages.public.includes(stage.name);
    if (stage !== model.target && !isPublic) return false;
    const { facts } = stage.image;
    const serves = (facts?.ports.length ?? 0) > 0 || inherits(stage, "EXPOSE");
    const checks = facts?.healthcheck !== undefined || inherits(stage, "HEALTHCHECK");
    return serves && !checks;
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
