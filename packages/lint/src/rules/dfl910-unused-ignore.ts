import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

export const rule: Rule = defineRule({
  code: "DFL910",
  name: "unused-ignore",
  category: "syntax",
  severity: "warning",
  scope: "all",
  fix: "safe",
  summary: "A directive mutes nothing, names no rule, or has expired",
  docs: (): RuleDocs => ({
    why: `
      A directive that mutes nothing was written for a finding that is gone, for another line, or with a typo. It
      will hide the next real finding there, and whoever reads it believes that something is wrong and accepted.
      Directives of dflint, hadolint, BuildKit (\`# check=skip=…\`) and tally are looked at, each by its own scope.
      A directive for a rule that does not run here is left alone. So is one of another linter that stands where it
      counts, since that linter may find there what dflint does not: it is looked at under that linter's preset, and
      with \`inline: {report-unused: true}\` (\`--report-unused\`).
    `,
    bad: [
      {
        with: ["DFL810"],
        dockerfile: dockerfile`
          FROM alpine:3.20
          # dflint ignore=⟦maintainer-deprecated⟧
          LABEL org.opencontainers.image.authors="Ada"
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          LABEL org.opencontainers.image.authors="Ada"
        `,
      },
      {
        title: "A name that belongs to no rule.",
        with: ["DFL810"],
        dockerfile: dockerfile`
          FROM alpine:3.20
          # dflint ignore=⟦maintainer-depricated⟧ -- ours for ever
          LABEL a=b
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          LABEL a=b
        `,
      },
      {
        title: "An expired directive no longer mutes.",
        with: ["DFL810"],
        dockerfile: dockerfile`
          FROM alpine:3.20
          # dflint ignore=⟦DFL810⟧ until=2026-01-31 -- until the registry reads labels
          MAINTAINER Ada
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          # dflint ignore=DFL810 until=2026-01-31 -- until the registry reads labels
          LABEL org.opencontainers.image.authors="Ada"
        `,
      },
      {
        title: "hadolint's form counts only on the line directly above.",
        with: ["DFL810"],
        dockerfile: dockerfile`
          FROM alpine:3.20
          # hadolint ignore=⟦DL4000⟧

          LABEL a=b
        `,
        fixed: dockerfile`
          FROM alpine:3.20

          LABEL a=b
        `,
      },
    ],
    good: [
      {
        with: ["DFL810"],
        dockerfile: dockerfile`
          FROM alpine:3.20
          # dflint ignore=maintainer-deprecated -- our registry shows it
          MAINTAINER Ada
        `,
      },
      {
        title: "The rule does not run, so nothing can be said about its directive.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          # hadolint ignore=DL3018
          RUN apk add --no-cache curl
        `,
      },
      {
        title: "hadolint reports every cd, dflint does not.",
        with: ["DFL821"],
        dockerfile: dockerfile`
          FROM alpine:3.20
          # hadolint ignore=DL3003
          RUN mkdir /x && (cd /x && touch y)
        `,
      },
    ],
  }),
  // The linter itself reports these, once every other rule has been heard.
  visit: {},
});
