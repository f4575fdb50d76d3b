import { looseVisitors } from "../linter/loose-visitors.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { packageCallsOf } from "../shell/commands.ts";
import { hadolintCommands, hasArgument, operandsOf } from "../shell/hadolint-command.ts";
import { loosePackages, type LoosePackage } from "../shell/package-managers/loose-packages.ts";
import type { Script } from "../shell/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL422",
  name: "pin-apk",
  aliases: ["DL3018"],
  category: "packages",
  severity: { recommended: "off", strict: "warning", hadolint: "warning" },
  scope: "all",
  summary: "apk installs packages without a version",
  docs: (): RuleDocs => ({
    why: `
      \`apk add curl\` takes what the repository holds on the day the layer is built, so two builds of one commit may
      differ. \`curl=8.9.1-r2\` says which one was tested, \`'curl~8.9'\` takes any 8.9.

      It is off in \`recommended\` because a branch of Alpine keeps only the newest build of each package: once 8.9.1-r3
      is there, the pinned build fails. \`~\` and a base image pinned to its branch (\`alpine:3.20\`) last longer.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache ⟦curl⟧ git=2.45.2-r0
        `,
      },
      {
        title: "The name of a virtual package is none to pin; a repository's tag is no version.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache --virtual .build \
                  # the compiler
                  ⟦gcc⟧ \
                  ⟦musl-dev⟧ \
              && apk add --no-cache ⟦tool@edge⟧
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache curl=8.9.1-r2 'git~2.45' "jq>1.7"
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ARG NGINX_VERSION=1.26.2
          RUN VERSION=2.45.2-r0 && apk add --no-cache git=$VERSION nginx=\${NGINX_VERSION}-r0
          RUN apk add --no-cache --allow-untrusted ./tool.apk /tmp/other-1.0.apk $PACKAGES
        `,
      },
    ],
  }),
  visit: looseVisitors({
    looseIn,
    looseForHadolint,
    report: ({ name }) => ({
      message: `apk installs ${name} in whatever version the repository holds that day, so two builds may differ; name the version that was tested: ${name}=VERSION, or '${name}~MAJOR.MINOR'.`,
    }),
  }),
});

function looseIn(script: Script): LoosePackage[] {
  return packageCallsOf(script)
    .filter(({ manager, subcommand }) => manager === "apk" && subcommand?.value === "add")
    .flatMap(loosePackages)
    .filter(({ name }) => !name.startsWith("!"));
}

function looseForHadolint(script: Script): LoosePackage[] {
  return hadolintCommands(script)
    .filter((command) => command.name === "apk" && hasArgument(command, "add"))
    .flatMap((command) => operandsOf(command, ["t", "virtual", "repository", "X"]))
    .filter(({ text }) => text !== "add" && !/[=~<>]|\.apk$/.test(text))
    .map(({ text, word }) => ({ name: text, word }));
}
