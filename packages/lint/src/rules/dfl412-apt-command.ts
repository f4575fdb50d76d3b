import { defineRule, dockerfile, type OfferedFix, type Rule, type RuleDocs } from "../linter/rule.ts";
import { programsOf, type ProgramCall } from "../shell/commands.ts";
import { hadolintCommands } from "../shell/hadolint-command.ts";
import type { Script } from "../shell/nodes.ts";

/** What apt-get calls by the same name, and what it calls otherwise. */
const APT_GET: ReadonlyMap<string, string> = new Map([
  ...["install", "reinstall", "update", "upgrade", "dist-upgrade", "remove", "purge", "autoremove"].map(same),
  ...[
    "autopurge",
    "clean",
    "autoclean",
    "distclean",
    "build-dep",
    "satisfy",
    "source",
    "download",
    "check",
  ].map(same),
  ...["changelog"].map(same),
  ["full-upgrade", "dist-upgrade"],
]);
const APT_CACHE: ReadonlySet<string> = new Set([
  ...["search", "show", "showpkg", "showsrc", "policy", "depends", "rdepends", "madison", "pkgnames"],
]);

const APT = /apt(?!-)/;

export const rule: Rule = defineRule({
  code: "DFL412",
  name: "apt-command",
  aliases: ["DL3027"],
  category: "packages",
  severity: { recommended: "info", hadolint: "warning" },
  scope: "all",
  fix: "safe",
  summary: "apt is called where apt-get is meant",
  docs: (): RuleDocs => ({
    why: `
      \`apt\` is made for people at a terminal: it draws progress bars, and says in every build log that its command line
      is not stable and should not be used in scripts. \`apt-get\` and \`apt-cache\` do the same and promise to stay as
      they are.

      Ignore it in images for people to work in, where a RUN is a note of what they typed.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN ⟦apt⟧ update && ⟦apt⟧ install -y curl && rm -rf /var/lib/apt/lists/*
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
        `,
      },
      {
        title: "What apt-get calls otherwise, and what belongs to apt-cache.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN set -eux; \
              # all of it
              DEBIAN_FRONTEND=noninteractive /usr/bin/⟦apt⟧ -y full-upgrade; \
              sudo ⟦apt⟧ -qq purge gcc; \
              ⟦apt⟧ policy curl
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN set -eux; \
              # all of it
              DEBIAN_FRONTEND=noninteractive /usr/bin/apt-get -y dist-upgrade; \
              sudo apt-get -qq purge gcc; \
              apt-cache policy curl
        `,
      },
      {
        title: "What only apt does has no fix; dpkg -l lists what is installed.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN <<EOF
          set -e
          ⟦apt⟧ list --installed
          EOF
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y apt curl && apt-cache policy apt
        `,
      },
      {
        title: "The word alone calls nothing.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN if command -v apt; then echo apt; fi && rm -rf /etc/apt
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run, APT);
      if (script === undefined) return;
      const found =
        context.compat === "hadolint" ? callsForHadolint(script) : programsOf(script).filter(isAptCall);
      for (const call of found) {
        const end = call.word.span.end;
        const plain = context.source.text.slice(end - 3, end) === "apt";
        const action = subcommandOf(call)?.value;
        const tool = action !== undefined && APT_CACHE.has(action) ? "apt-cache" : "apt-get";
        context.report({
          at: plain ? { start: end - 3, end } : call.word.span,
          message: `apt is for people: it draws progress bars and may change how it is called; use ${action === undefined || fixesFor(call).length > 0 ? tool : "apt-get, apt-cache or dpkg"} in scripts.`,
          fixes: plain ? fixesFor(call) : [],
        });
      }
    },
  },
});

function isAptCall({ name, args, wrappers }: ProgramCall): boolean {
  // `command -v apt` looks for it only.
  return name === "apt" && (args.length > 0 || !wrappers.includes("command"));
}

function callsForHadolint(script: Script): ProgramCall[] {
  const indexes = new Set(
    hadolintCommands(script)
      .filter(({ name }) => name === "apt")
      .map(({ command }) => command.index),
  );
  return programsOf(script)
    .filter(({ command }) => indexes.has(command.index))
    .slice(0, 1);
}

function subcommandOf({ args }: ProgramCall): ProgramCall["args"][number] | undefined {
  return args.find(({ value }) => value !== undefined && (APT_GET.has(value) || APT_CACHE.has(value)));
}

function fixesFor(call: ProgramCall): OfferedFix[] {
  const action = subcommandOf(call);
  if (action?.value === undefined || action.text !== action.value) return [];
  const { end } = call.word.span;
  const name = { start: end - 3, end };
  if (APT_CACHE.has(action.value)) {
    return [{ title: "Call apt-cache", edits: [{ span: name, newText: "apt-cache" }] }];
  }
  const newName = APT_GET.get(action.value) ?? action.value;
  const edits = [{ span: name, newText: "apt-get" }];
  if (newName !== action.value) edits.push({ span: action.span, newText: newName });
  return [{ title: "Call apt-get", edits }];
}

function same(name: string): [string, string] {
  return [name, name];
}
