import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { startedBelow } from "../semantics/packages/cache-readers.ts";
import { cacheSurroundings, scratchMounts } from "../semantics/packages/cache-surroundings.ts";
import { appendCommand } from "../shell/edits/append-command.ts";
import { cacheEscape } from "../shell/package-managers/cache-escape.ts";
import { callSpan, callWithPackages } from "../shell/package-managers/call-words.ts";
import {
  cacheFactsOf,
  optionOf,
  packageCallOf,
  packageCallsOf,
  type PackageCall,
} from "../shell/commands.ts";
import { hadolintCommands, hasArgument, type HadolintCommand } from "../shell/hadolint-command.ts";
import type { Script } from "../shell/nodes.ts";
import { clearsAfter } from "../shell/removed-paths.ts";
import { rightsOf } from "../shell/programs/rights.ts";
import type { RunInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL406",
  name: "yum-dnf-zypper-clean",
  aliases: ["DL3032", "DL3036", "DL3040"],
  category: "layers",
  severity: {
    recommended: "warning",
    hadolint: { DL3032: "warning", DL3036: "warning", DL3040: "warning" },
  },
  scope: "shipped",
  fix: "safe",
  summary: "yum, dnf or zypper leaves its cache in the layer",
  docs: (): RuleDocs => ({
    why: `
      To install one package, dnf and yum load the lists of all packages of every repository, and keep them in
      \`/var/cache\`: 50 to 300 MB on Fedora, more than most of what gets installed. zypper does the same below
      \`/var/cache/zypp\`. They are stale within days, and no container reads them.

      \`dnf clean all\` (\`zypper clean --all\`) at the end of the same RUN takes them away before the layer is made; in
      a later RUN it is too late. A cache mount over the folder does as well.

      Ignore it where the image is a base for others that install more: each of them loads the lists anew
      otherwise.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM fedora:41
          RUN ⟦dnf install⟧ -y git
        `,
        fixed: dockerfile`
          FROM fedora:41
          RUN dnf install -y git && dnf clean all
        `,
      },
      {
        dockerfile: dockerfile`
          FROM almalinux:9
          RUN yum -y update \
              && ⟦yum -y install⟧ \
                  # the server
                  httpd \
                  mod_ssl
        `,
        fixed: dockerfile`
          FROM almalinux:9
          RUN yum -y update \
              && yum -y install \
                  # the server
                  httpd \
                  mod_ssl \
              && yum clean all
        `,
      },
      {
        dockerfile: dockerfile`
          FROM opensuse/leap:15.6
          RUN <<EOF
          set -e
          ⟦zypper --non-interactive install⟧ git
          EOF
        `,
        fixed: dockerfile`
          FROM opensuse/leap:15.6
          RUN <<EOF
          set -e
          zypper --non-interactive install git
          zypper clean --all
          EOF
        `,
      },
      {
        title: "A later RUN cannot take the bytes out of this layer.",
        dockerfile: dockerfile`
          FROM registry.access.redhat.com/ubi9/ubi-minimal:9.4
          RUN ⟦microdnf install⟧ -y tar
          RUN microdnf clean all
        `,
        fixed: dockerfile`
          FROM registry.access.redhat.com/ubi9/ubi-minimal:9.4
          RUN microdnf install -y tar && microdnf clean all
          RUN microdnf clean all
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM fedora:41
          RUN dnf install -y git && dnf clean all
          RUN yum install -y jq && rm -rf /var/cache/dnf /var/cache/libdnf5 /var/cache/yum
          RUN dnf install -y make && rm -rf /var/cache/*
        `,
      },
      {
        dockerfile: dockerfile`
          FROM fedora:41
          RUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y git
        `,
      },
      {
        dockerfile: dockerfile`
          FROM opensuse/leap:15.6
          RUN zypper -n in git && zypper clean -a
          RUN --mount=type=cache,target=/var/cache/zypp zypper -n in jq
        `,
      },
      {
        title: "Nothing of this stage is shipped but what is copied, or another root is installed.",
        dockerfile: dockerfile`
          FROM fedora:41 AS build
          RUN dnf install -y gcc
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
      const found =
        context.compat === "hadolint" ? leftForHadolint(run, script, context) : leftIn(run, script, context);
      for (const call of found) {
        const command = cleaning(call);
        const isNeeded = readsCacheBelow(run.span.end, context.model.stageOf(run), context);
        const edit = isNeeded ? undefined : appendCommand(run, script, command, context.dockerfile);
        context.report({
          at: callSpan(call),
          aliases: [ALIASES[call.manager] ?? "DL3040"],
          message: `${callWithPackages(call)} leaves the lists of every repository in the layer, often more than what it installs; end this RUN with ${command}.`,
          fixes: edit === undefined ? [] : [{ title: `Add ${command}`, edits: [edit] }],
        });
      }
    },
  },
});

const ALIASES: Readonly<Record<string, string>> = { yum: "DL3032", zypper: "DL3036", dnf: "DL3040" };

const readsCacheBelow = startedBelow((program) => {
  const call = packageCallOf(program);
  return (
    call !== undefined &&
    /^(?:yum|dnf|zypper)$/.test(call.manager) &&
    optionOf(call, "-C", "--cacheonly", "--no-refresh") !== undefined
  );
});

function cleaning({ manager, tool, call }: PackageCall): string {
  return `${rightsOf(call)}${manager === "zypper" ? "zypper clean --all" : `${tool} clean all`}`;
}

/** The last call of each manager after which nothing cleans up. */
function leftIn(run: RunInstruction, script: Script, context: RuleContext): PackageCall[] {
  const calls = packageCallsOf(script).filter(({ manager }) => /^(?:yum|dnf|zypper)$/.test(manager));
  if (calls.length === 0) return [];
  const around = cacheSurroundings(run, script, context.model);
  const left = new Map<string, PackageCall>();
  const lastClean = lastCleans(calls);
  for (const call of calls) {
    const fills = call.action === "install" || call.action === "upgrade" || call.action === "refresh";
    if (!fills || isForeign(call) || cacheEscape(call, around) !== undefined) continue;
    if (isCleaned(call, lastClean, script)) continue;
    left.set(kindOf(call), call);
  }
  return [...left.values()];
}

/** dnf is yum under another name; microdnf and tdnf keep their own. */
function kindOf({ manager, tool }: PackageCall): string {
  if (manager === "zypper") return manager;
  return tool === "microdnf" || tool === "tdnf" ? tool : "dnf";
}

/** What is installed into another root, or only looked at, leaves nothing here. */
function isForeign({ options }: PackageCall): boolean {
  return options.some(({ name }) =>
    ["--installroot", "--root", "-R", "--help", "--assumeno", "--downloaddir"].includes(name),
  );
}

/** The last command of each kind that takes everything away. */
function lastCleans(calls: readonly PackageCall[]): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const call of calls) {
    const { action, manager, operands } = call;
    if (action !== "clean") continue;
    const isWhole = operands.some(({ value }) => /^(?:all|metadata)$/.test(value ?? ""));
    if (manager === "zypper" || isWhole) last.set(kindOf(call), call.call.command.index);
  }
  return last;
}

function isCleaned(call: PackageCall, lastClean: ReadonlyMap<string, number>, script: Script): boolean {
  const { index } = call.call.command;
  return (
    (lastClean.get(kindOf(call)) ?? -1) > index ||
    cacheFactsOf(call.manager).directories.some((place) => clearsAfter(script, index, place))
  );
}

const FILLS = ["install", "in", "upgrade", "up", "upgrade-minimal", "up-min", "reinstall", "rei"];

/** As hadolint decides it: any `rm -rf` after the call will do. */
function leftForHadolint(run: RunInstruction, script: Script, { model }: RuleContext): PackageCall[] {
  const commands = hadolintCommands(script);
  const targets = scratchMounts(run, model);
  const mounted = (...places: readonly string[]): boolean =>
    targets.some((target) => places.some((place) => target.includes(place)));
  const left = new Set<HadolintCommand>();
  const check = (
    tool: string,
    fills: readonly string[],
    cleans: (command: HadolintCommand) => boolean,
  ): void => {
    const at = commands.findIndex((command) => command.name === tool && hasArgument(command, ...fills));
    const first = commands[at];
    if (first !== undefined && !commands.slice(at + 1).some(cleans)) left.add(first);
  };
  const removes = (command: HadolintCommand, place: string): boolean =>
    command.name === "rm" &&
    (hasArgument(command, "-rf") || command.args.some(({ text }) => text.startsWith(place)));
  check("yum", ["install"], (one) =>
    one.name === "yum" ? hasArgument(one, "clean", "all") : removes(one, "/var/cache/yum/*"),
  );
  if (!mounted("/var/cache/libdnf5", ".cache/libdnf5")) {
    for (const tool of ["dnf", "microdnf"]) {
      check(tool, FILLS, (one) =>
        one.name === tool ? hasArgument(one, "clean", "all") : removes(one, "/var/cache/libdnf5"),
      );
    }
  }
  if (!mounted("/var/cache/zypp")) {
    check("zypper", ["install", "in"], (one) => one.name === "zypper" && hasArgument(one, "clean", "cc"));
  }
  const indexes = new Set([...left].map(({ command }) => command.index));
  const calls = packageCallsOf(script).filter(({ call }) => indexes.has(call.command.index));
  // dnf and microdnf are one check.
  return calls.filter((call, at) => calls.findIndex(({ manager }) => manager === call.manager) === at);
}
