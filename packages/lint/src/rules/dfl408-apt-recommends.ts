import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { Stage } from "../semantics/model.ts";
import { foldStages } from "../semantics/stages/stage-chain.ts";
import { addArgument } from "../shell/edits/add-argument.ts";
import { callSpan, callWithPackages } from "../shell/package-managers/call-words.ts";
import { optionOf, packageCallsOf, type PackageCall } from "../shell/commands.ts";
import { firstCallForHadolint } from "../shell/package-managers/hadolint-calls.ts";
import { hasArgument, hasFlag } from "../shell/hadolint-command.ts";
import type { Script, ShellWord } from "../shell/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL408",
  name: "apt-recommends",
  aliases: ["DL3015"],
  category: "layers",
  severity: { recommended: "info", hadolint: "info" },
  scope: "shipped",
  fix: "suggestion",
  summary: "apt installs packages that are only recommended",
  docs: (): RuleDocs => ({
    why: `
      apt installs what a package recommends as if it were needed: for \`git\` or \`python3-pip\` that is more than the
      package itself, often a compiler or documentation. \`--no-install-recommends\` installs what is asked for and
      what that depends on.

      Something recommended may be wanted: \`curl\` recommends \`ca-certificates\`, without which it trusts no server.
      Then ask for it by name. This is why the fix is a suggestion.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get update && ⟦apt-get install⟧ -y git && rm -rf /var/lib/apt/lists/*
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get update \
              && DEBIAN_FRONTEND=noninteractive ⟦apt-get install⟧ \
                  git \
                  openssh-client
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN apt-get update \
              && DEBIAN_FRONTEND=noninteractive apt-get install --no-install-recommends \
                  git \
                  openssh-client
        `,
      },
      {
        title: "apt and aptitude do the same.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN ⟦apt -y install⟧ git
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN apt -y install --no-install-recommends git
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get install -y --no-install-recommends git
          RUN apt-get install -y -o APT::Install-Recommends=false git
        `,
      },
      {
        title: "apt was told for good.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN echo 'APT::Install-Recommends "false";' > /etc/apt/apt.conf.d/90lean
          RUN apt-get install -y git
        `,
      },
      {
        title: "Nothing of this stage is shipped but what is copied.",
        dockerfile: dockerfile`
          FROM debian:12 AS build
          RUN apt-get install -y git
          FROM scratch
          COPY --from=build /app /app
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run);
      if (script === undefined) return;
      for (const call of context.compat === "hadolint" ? forHadolint(script) : callsIn(script, context)) {
        const recommendsOff = call.tool === "aptitude" ? "--without-recommends" : "--no-install-recommends";
        const after = insertionPoint(call);
        context.report({
          at: callSpan(call),
          message: `${callWithPackages(call)} also installs what these packages merely recommend, often more than they are themselves; add ${recommendsOff} and name what you need of it.`,
          fixes:
            after === undefined
              ? []
              : [
                  {
                    title: `Add ${recommendsOff}`,
                    edits: [addArgument(after, recommendsOff, script, context.source)],
                  },
                ],
        });
      }
    },
  },
});

function callsIn(script: Script, context: RuleContext): readonly PackageCall[] {
  return packageCallsOf(script).filter(
    (call) => call.manager === "apt" && call.action === "install" && !isSpared(call, context),
  );
}

function isSpared(call: PackageCall, context: RuleContext): boolean {
  if (optionOf(call, "--no-install-recommends", "--without-recommends", "-R") !== undefined) return true;
  if (call.options.some(({ value }) => /^APT::Install-Recommends=(?:0|false|no|off)$/i.test(value ?? "")))
    return true;
  // `download` and `--print-uris` put nothing into the image, and what is there needs no more.
  if (optionOf(call, "--print-uris", "--download-only", "-d", "--simulate", "-s") !== undefined) return true;
  return isConfigured(call, context);
}

// Where a stage first speaks of the setting; what it is based on counts as before.
const configured = new WeakMap<Stage, number>();

/** Whether something before wrote apt's configuration. */
function isConfigured({ call }: PackageCall, { stage }: RuleContext): boolean {
  if (stage === undefined) return false;
  const from = foldStages(stage, configured, (one, below) => {
    if (below !== undefined && below !== Infinity) return 0;
    const found = one.instructions.find(({ logical }) => logical.text.includes("Install-Recommends"));
    return found?.span.start ?? Infinity;
  });
  return from < call.command.span.start;
}

function forHadolint(script: Script): readonly PackageCall[] {
  const found = firstCallForHadolint(
    script,
    (command) =>
      command.name === "apt-get" &&
      hasArgument(command, "install") &&
      !hasFlag(command, "no-install-recommends") &&
      !hasArgument(command, "APT::Install-Recommends=false"),
  );
  return found === undefined ? [] : [found];
}

/** After the options that follow the subcommand, as people write it. */
function insertionPoint(call: PackageCall): ShellWord | undefined {
  let last = call.subcommand;
  if (last === undefined) return undefined;
  const own = new Set(call.options.flatMap(({ word, valueWord }) => [word, valueWord]));
  const { args } = call.call;
  for (const word of args) {
    if (word.span.start < last.span.end) continue;
    if (!own.has(word)) break;
    last = word;
  }
  return last;
}
