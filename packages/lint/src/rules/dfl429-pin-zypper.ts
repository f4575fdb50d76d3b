import { looseVisitors } from "../linter/loose-visitors.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { optionOf, packageCallsOf } from "../shell/commands.ts";
import { hadolintCommands, hasArgument, operandsOf } from "../shell/hadolint-command.ts";
import { loosePackages, type LoosePackage } from "../shell/package-managers/loose-packages.ts";
import type { Script } from "../shell/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL429",
  name: "pin-zypper",
  aliases: ["DL3037"],
  category: "packages",
  severity: { recommended: "off", strict: "warning", hadolint: "warning" },
  scope: "all",
  summary: "zypper installs packages without a version",
  docs: (): RuleDocs => ({
    why: `
      \`zypper install git\` takes what the repositories hold on the day the layer is built, so two builds of one commit
      may differ. \`git=2.43.0\` says which version was tested, \`'git>=2.43'\` sets a limit; \`zypper info git\` shows
      what there is.

      It is off in \`recommended\`: a version that a repository drops breaks the build, and security updates come only
      when somebody changes the line.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM opensuse/leap:15.6
          RUN zypper --non-interactive install ⟦git⟧ jq=1.6 && zypper clean --all
        `,
      },
      {
        dockerfile: dockerfile`
          FROM opensuse/leap:15.6
          RUN zypper -n in --no-recommends \
                  # for the health check
                  ⟦curl⟧ \
                  'jq>=1.6' \
              && zypper cc -a
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM opensuse/leap:15.6
          RUN zypper -n install git=2.43.0 'jq>=1.6' tomcat\<10 ./tool.rpm && zypper clean --all
        `,
      },
      {
        title: "Versions in variables; patterns and removals.",
        dockerfile: dockerfile`
          FROM opensuse/leap:15.6
          ARG GIT_VERSION
          RUN zypper -n in git=$GIT_VERSION $MORE && zypper -n in -t pattern devel_basis && zypper -n in -- -gcc
        `,
      },
    ],
  }),
  visit: looseVisitors({
    looseIn,
    looseForHadolint,
    report: ({ name }) => ({
      message: `zypper installs ${name} in whatever version the repositories hold that day, so two builds may differ; name the version that was tested: ${name}=VERSION (zypper info ${name} shows it).`,
    }),
  }),
});

function looseIn(script: Script): LoosePackage[] {
  return (
    packageCallsOf(script)
      .filter(
        ({ manager, subcommand }) => manager === "zypper" && /^in(?:stall)?$/.test(subcommand?.value ?? ""),
      )
      .filter((call) => (optionOf(call, "-t", "--type")?.value ?? "package") === "package")
      .flatMap(loosePackages)
      // A sign in front or behind takes it away, or says that it is wanted.
      .filter(({ name }) => !/^[-!~]|^(?:pattern|patch|product):|[*?]/.test(name))
  );
}

function looseForHadolint(script: Script): LoosePackage[] {
  return hadolintCommands(script)
    .filter((command) => command.name === "zypper" && hasArgument(command, "install", "in"))
    .flatMap((command) => operandsOf(command))
    .filter(({ text }) => text !== "install" && text !== "in" && !/[=<>]|\.rpm$/.test(text))
    .map(({ text, word }) => ({ name: text, word }));
}
