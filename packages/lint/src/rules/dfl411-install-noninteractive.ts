import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { addArgument } from "../shell/edits/add-argument.ts";
import { callSpan, callWithPackages } from "../shell/package-managers/call-words.ts";
import { optionOf, packageCallsOf, type PackageCall } from "../shell/commands.ts";
import { firstCallForHadolint } from "../shell/package-managers/hadolint-calls.ts";
import { hasArgument, hasFlag, type HadolintCommand } from "../shell/hadolint-command.ts";
import type { Script } from "../shell/nodes.ts";
import { oncePerScript } from "../shell/once-per-script.ts";

/** Which alias a call falls under, and how it is told to ask nothing. */
interface Asker {
  readonly alias: string | undefined;
  readonly option: string;
  readonly told: readonly string[];
}

const APT: Asker = {
  alias: "DL3014",
  option: "-y",
  told: [
    "-y",
    "--yes",
    "--assume-yes",
    "--assume-no",
    "-s",
    "--simulate",
    "--print-uris",
    "-d",
    "--download-only",
  ],
};
/** What hadolint does not look at. */
const OTHER_APT: Asker = { ...APT, alias: undefined };
const RPM: Asker = {
  alias: undefined,
  option: "-y",
  told: ["-y", "--assumeyes", "--assumeno", "--downloadonly"],
};
const YUM: Asker = { ...RPM, alias: "DL3030" };
const DNF: Asker = { ...RPM, alias: "DL3038" };
const ZYPPER: Asker = {
  alias: "DL3034",
  option: "--non-interactive",
  told: ["-n", "--non-interactive", "-y", "--no-confirm", "-D", "--dry-run"],
};
const ZYPPER_ASKS = ["install", "in", "remove", "rm", "source-install", "si", "patch"];

const RPM_INSTALLS = ["install", "groupinstall", "localinstall"];
const isRpmTold = (command: HadolintCommand): boolean => hasFlag(command, "y", "assumeyes");

/** What hadolint goes by: which tools, which arguments, and what tells them not to ask. */
const HADOLINT_ASKERS: readonly {
  readonly asker: Asker;
  readonly tools: readonly string[];
  readonly asks: readonly string[];
  readonly isTold: (command: HadolintCommand) => boolean;
}[] = [
  {
    asker: APT,
    tools: ["apt-get"],
    asks: ["install"],
    isTold: (command) =>
      hasFlag(command, "y", "yes", "assume-yes", "qq") ||
      hasArgument(command, "-q=2") ||
      ["q", "quiet"].some(
        (name) => command.args.flatMap(({ flags }) => flags).filter((flag) => flag === name).length > 1,
      ),
  },
  { asker: YUM, tools: ["yum"], asks: RPM_INSTALLS, isTold: isRpmTold },
  { asker: DNF, tools: ["dnf", "microdnf"], asks: RPM_INSTALLS, isTold: isRpmTold },
  {
    asker: ZYPPER,
    tools: ["zypper"],
    asks: ["install", "in", "remove", "rm", "source-install", "si", "patch"],
    isTold: (command) => hasFlag(command, "n", "non-interactive", "y", "no-confirm"),
  },
];

/**
 * A call that may ask: one that refreshes, cleans or is plainly told, as most are, is not worth parsing its script. What
 * tells it stands in its own line: the next one of a heredoc is another command.
 */
const ASKS =
  /(?:apt(?![/.])|yum|dnf|zypper)(?![\w-]*\s+(?:update|clean(?:\s+all)?)(?:\s+-q+)?\s*(?:[;&|]|$)|[\w \t.=:,/-]{0,200}[ \t]-y(?:[\s;]|$))/;

export const rule: Rule = defineRule({
  code: "DFL411",
  name: "install-noninteractive",
  aliases: ["DL3014", "DL3030", "DL3034", "DL3038"],
  category: "packages",
  severity: {
    recommended: "warning",
    hadolint: { DL3014: "warning", DL3030: "warning", DL3034: "warning", DL3038: "warning" },
  },
  scope: "all",
  fix: "safe",
  summary: "A package manager is called without the option that answers its questions",
  docs: (): RuleDocs => ({
    why: `
      There is nobody to answer during a build: as soon as apt-get, yum, dnf or zypper has to ask (apt-get does once
      it wants to install more than it was asked for), it reads the end of its input, takes that for a no and fails.
      With the base image of today it may go well, with that of tomorrow not. \`-y\` answers.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get update && ⟦apt-get install⟧ curl
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y curl
        `,
      },
      {
        title: "DEBIAN_FRONTEND answers the questions of packages, not those of apt-get.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN DEBIAN_FRONTEND=noninteractive ⟦apt-get install⟧ \
              curl
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN DEBIAN_FRONTEND=noninteractive apt-get install -y \
              curl
        `,
      },
      {
        dockerfile: dockerfile`
          FROM fedora:41
          RUN ⟦dnf install⟧ git && ⟦yum install⟧ gcc
        `,
        fixed: dockerfile`
          FROM fedora:41
          RUN dnf install -y git && yum install -y gcc
        `,
      },
      {
        title: "Each call asks by itself, also where the next one is told not to.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN <<EOF
          set -e
          apt-get update
          ⟦apt-get install⟧ curl
          apt-get install -y git
          EOF
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN <<EOF
          set -e
          apt-get update
          apt-get install -y curl
          apt-get install -y git
          EOF
        `,
      },
      {
        title: "zypper takes the answer before the command.",
        dockerfile: dockerfile`
          FROM opensuse/leap:15.6
          RUN ⟦zypper install⟧ git
        `,
        fixed: dockerfile`
          FROM opensuse/leap:15.6
          RUN zypper --non-interactive install git
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get -y install curl && apt-get install -qq git && apt-get install -qy jq
        `,
      },
      {
        title: "Somebody answers, or apt was told for good.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN yes | apt-get install curl
          RUN apt-get install -o APT::Get::Assume-Yes=true git
        `,
      },
      {
        dockerfile: dockerfile`
          FROM fedora:41
          RUN dnf -y install git && microdnf install --assumeyes gcc && dnf clean all
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run, ASKS);
      if (script === undefined) return;
      for (const { call, asker } of context.compat === "hadolint" ? forHadolint(script) : askingIn(script)) {
        // zypper wants the answer before the subcommand, the others take it anywhere.
        const after = call.manager === "zypper" ? call.call.word : call.subcommand;
        context.report({
          at: callSpan(call),
          aliases: asker.alias === undefined ? [] : [asker.alias],
          message: `${callWithPackages(call)} may ask whether to go on, and during a build nobody answers, so the step fails; add ${asker.option}.`,
          fixes:
            after === undefined
              ? []
              : [
                  {
                    title: `Add ${asker.option}`,
                    edits: [addArgument(after, asker.option, script, context.source)],
                  },
                ],
        });
      }
    },
  },
});

/** A call that may ask. */
interface Asking {
  readonly call: PackageCall;
  readonly asker: Asker;
}

function askingIn(script: Script): Asking[] {
  return packageCallsOf(script).flatMap((call) => {
    const asker = askerOf(call);
    return asker === undefined || isTold(call, asker, script) || isAnswered(call) ? [] : [{ call, asker }];
  });
}

/** One for each of its codes, by flags alone. */
function forHadolint(script: Script): Asking[] {
  return HADOLINT_ASKERS.flatMap(({ asker, tools, asks, isTold }) => {
    const call = firstCallForHadolint(
      script,
      (command) => tools.includes(command.name) && hasArgument(command, ...asks) && !isTold(command),
    );
    return call === undefined ? [] : [{ call, asker }];
  });
}

function askerOf(call: PackageCall): Asker | undefined {
  const name = call.subcommand?.value;
  switch (call.manager) {
    case "apt":
      if (call.tool === "apt-get" && call.call.args.some(({ value }) => value === "install")) return APT;
      return call.action === "install" && name !== "satisfy" ? OTHER_APT : undefined;
    case "yum":
      return installs(call) ? YUM : undefined;
    case "dnf":
      if (!installs(call)) return undefined;
      return call.tool === "dnf" || call.tool === "microdnf" ? DNF : RPM;
    case "zypper":
      return ZYPPER_ASKS.includes(name ?? "") ? ZYPPER : undefined;
    default:
      return undefined;
  }
}

function installs(call: PackageCall): boolean {
  const name = call.subcommand?.value ?? "";
  return (
    ["install", "groupinstall", "localinstall"].includes(name) ||
    (name === "group" && call.action === "install")
  );
}

function isTold(call: PackageCall, asker: Asker, script: Script): boolean {
  if (optionOf(call, ...asker.told, "--help", "-h", "--version") !== undefined) return true;
  if (call.manager !== "apt") return false;
  const quiet = call.options.filter(({ name }) => name === "-q" || name === "--quiet");
  if (quiet.length > 1 || quiet.some(({ value }) => Number(value ?? 1) > 1)) return true;
  if (optionOf(call, "--qq") !== undefined || call.call.args.some(({ value }) => value === "-q=2"))
    return true;
  if (call.options.some(({ value }) => /^APT::Get::Assume-Yes=(?:1|true|yes|on)$/i.test(value ?? "")))
    return true;
  return configuresAnswers(script).yes;
}

const configuresAnswers = oncePerScript(({ text }) => ({ yes: text.includes("APT::Get::Assume-Yes") }));

/** Whether something is piped into it, such as `yes`. */
function isAnswered({ call }: PackageCall): boolean {
  const { command } = call;
  return (
    command.before === "|" ||
    command.before === "|&" ||
    command.redirects.some(({ operator }) => operator === "<")
  );
}
