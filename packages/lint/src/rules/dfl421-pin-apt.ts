import { looseVisitors } from "../linter/loose-visitors.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { packageCallsOf } from "../shell/commands.ts";
import { hadolintCommands, hasArgument, operandsOf } from "../shell/hadolint-command.ts";
import { loosePackages, type LoosePackage } from "../shell/package-managers/loose-packages.ts";
import type { Script } from "../shell/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL421",
  name: "pin-apt",
  aliases: ["DL3008"],
  category: "packages",
  severity: { recommended: "off", strict: "warning", hadolint: "warning" },
  scope: "all",
  summary: "apt installs packages without a version",
  docs: (): RuleDocs => ({
    why: `
      \`apt-get install curl\` takes what the archive holds on the day the layer is built. Two builds of one commit may
      differ, and the cache hides it until the layer is built anew. \`curl=7.88.1-10+deb12u8\` says which one was
      tested; \`apt-cache policy curl\` shows it, and \`curl=7.88.*\` leaves room for security updates.

      It has its price, and so it is off in \`recommended\`: Debian and Ubuntu delete a version from their archives as
      soon as the next one is there, and the build fails. Pinning the base image by digest together with a snapshot
      archive (snapshot.debian.org) pins all packages at once.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y ⟦curl⟧ git=1:2.39.5-0+deb12u2 ⟦ca-certificates⟧
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get update \
              && apt-get install -y --no-install-recommends -t bookworm-backports \
                  # for the health check
                  ⟦curl⟧ \
                  jq=1.6-* \
              && rm -rf /var/lib/apt/lists/*
        `,
      },
      {
        title: "In a heredoc, and from a list in a variable.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN <<EOF
          set -e
          TOOLS="make gcc=4:12.2.0-3"
          apt-get update
          apt install -y ⟦$TOOLS⟧
          EOF
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y curl=7.88.1-10+deb12u8 git=1:2.39.*
        `,
      },
      {
        title: "Versions from variables, from a release, from files.",
        dockerfile: dockerfile`
          FROM debian:12
          ARG CURL_VERSION
          RUN apt-get install -y curl=$CURL_VERSION git/bookworm-backports ./tool.deb /tmp/other.deb
          RUN GIT=git=1:2.39.5-0+deb12u2 && apt-get install -y "$GIT"
          RUN apt-get install -y $(cat packages.txt)
        `,
      },
      {
        title: "What is not installed.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get purge -y gcc && apt-get install -y gcc- && apt-get build-dep -y curl
        `,
      },
    ],
  }),
  visit: looseVisitors({
    looseIn,
    looseForHadolint,
    report: ({ name }) => ({
      message: `apt installs ${name} in whatever version the archive holds that day, so two builds may differ; name the version that was tested: ${name}=VERSION (apt-cache policy ${name} shows it).`,
    }),
  }),
});

function looseIn(script: Script): LoosePackage[] {
  return (
    packageCallsOf(script)
      .filter(
        ({ manager, subcommand }) => manager === "apt" && /^(?:re)?install$/.test(subcommand?.value ?? ""),
      )
      .flatMap(loosePackages)
      // A final minus takes the package away.
      .filter(({ name }) => !name.endsWith("-"))
  );
}

function looseForHadolint(script: Script): LoosePackage[] {
  return hadolintCommands(script)
    .filter((command) => command.name === "apt-get" && hasArgument(command, "install"))
    .flatMap((command) => operandsOf(command, ["t", "target-release"]))
    .filter(({ text }) => text !== "install" && !/[=/]|\.deb$/.test(text))
    .map(({ text, word }) => ({ name: text, word }));
}
