import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { callSpan, callName } from "../shell/package-managers/call-words.ts";
import { packageCallsOf, type PackageCall } from "../shell/commands.ts";
import { hadolintCommands, hasArgument } from "../shell/hadolint-command.ts";

const RELEASE_UPGRADES = /^(?:dist-upgrade|dup|full-upgrade|system-upgrade|distro-sync|distrosync|dsync)$/;

const UPGRADES = /dist-upgrade|\bdup\b|full-upgrade|system-upgrade|distro-?sync|dsync/;

export const rule: Rule = defineRule({
  code: "DFL415",
  name: "system-upgrade",
  aliases: ["DL3035"],
  category: "packages",
  severity: { recommended: "info", hadolint: "warning" },
  scope: "all",
  summary: "The whole system is brought to another state than that of the base image",
  docs: (): RuleDocs => ({
    why: `
      \`zypper dup\`, \`apt-get dist-upgrade\` and \`dnf distro-sync\` change or remove any package so that the system
      matches the archive of that day. The image is then no longer what its tag says, every changed file is in it
      twice (in the base layer and in this one), and two builds of one commit differ.

      Take a newer base image instead: it has the same updates, tested together, in one layer that other images share.
      Install single packages anew where a fix cannot wait.

      Ignore it where no newer base image is to be had, and a hole must be closed today.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM opensuse/tumbleweed
          RUN ⟦zypper dup⟧ -y && zypper --non-interactive install git
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get update \
              # everything
              && ⟦apt-get -y dist-upgrade⟧ \
              && rm -rf /var/lib/apt/lists/*
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM opensuse/leap:15.6
          RUN zypper --non-interactive patch && zypper --non-interactive install git && zypper clean --all
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get upgrade -y && apt-get install -y dup && rm -rf /var/lib/apt/lists/*
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run, UPGRADES);
      if (script === undefined) return;
      const calls = packageCallsOf(script);
      const found =
        context.compat === "hadolint"
          ? callsForHadolint(calls, hadolintUpgrades(script))
          : calls.filter(isUpgrade);
      for (const call of found) {
        context.report({
          at: callSpan(call),
          message: `${callName(call)} replaces whatever the archive has newer that day, so the image is no longer what the base image's tag says, and holds the old files as well; take a newer base image.`,
        });
      }
    },
  },
});

function isUpgrade({ manager, subcommand }: PackageCall): boolean {
  return (
    /^(?:apt|zypper|dnf|yum)$/.test(manager) &&
    subcommand?.value !== undefined &&
    RELEASE_UPGRADES.test(subcommand.value)
  );
}

function hadolintUpgrades(script: Parameters<typeof hadolintCommands>[0]): ReadonlySet<number> {
  return new Set(
    hadolintCommands(script)
      .filter((command) => command.name === "zypper" && hasArgument(command, "dist-upgrade", "dup"))
      .map(({ command }) => command.index),
  );
}

function callsForHadolint(calls: readonly PackageCall[], upgrades: ReadonlySet<number>): PackageCall[] {
  return calls.filter(({ call }) => upgrades.has(call.command.index)).slice(0, 1);
}
