import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { endedRelease } from "../semantics/images/end-of-life.ts";

export const rule: Rule = defineRule({
  code: "DFL209",
  name: "base-end-of-life",
  category: "base",
  severity: { recommended: "info", strict: "warning" },
  scope: "reachable",
  summary: "The base image is of a release that gets no more fixes",
  docs: (): RuleDocs => ({
    why: `
      Holes that are found from now on stay open in everything built on it, and sooner or later \`apt-get update\` fails,
      because the packages are moved to an archive. Go to a release that is looked after; what breaks is best known
      before it has to be done in a hurry.

      The dates come with dflint's ruleset and are those of the makers' general support. Known are the official images of
      Debian, Ubuntu, Alpine, CentOS, Node.js, Python, PHP, Ruby, Go, PostgreSQL, MySQL, MongoDB and .NET, and the system
      that a tag names (\`node:20-buster\`). Who pays for longer support may ignore the rule.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM ⟦debian:buster-slim⟧
          RUN true
        `,
      },
      {
        title: "The system below.",
        dockerfile: dockerfile`
          ARG PYTHON=3.12
          FROM ⟦python:\${PYTHON}-buster⟧
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:bookworm-slim
          RUN true
        `,
      },
      {
        title: "Somebody's own image.",
        dockerfile: dockerfile`
          FROM registry.example.org/team/debian:buster
        `,
      },
    ],
  }),
  visit: {
    FROM({ image }, context) {
      const reference = context.stage?.base.reference;
      const release = reference && endedRelease(reference);
      if (image === undefined || reference === undefined || release === undefined) return;
      context.report({
        at: image.span,
        message: `${release.name} has got no security fixes since ${release.ended}, so known holes stay open in this image; base it on a release that is looked after.`,
      });
    },
  },
});
