import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import type { Stage } from "../semantics/model.ts";
import { foldStages } from "../semantics/stages/stage-chain.ts";
import { addArgument } from "../shell/edits/add-argument.ts";
import {
  optionOf,
  packageCallsOf,
  programsOf,
  readCommandLine,
  type ProgramCall,
} from "../shell/commands.ts";
import { hadolintCommands, hasFlag } from "../shell/hadolint-command.ts";
import type { Script } from "../shell/nodes.ts";

const STYLE = {
  short: "OPoatTwQUeIARiBDlX",
  long: [
    "output-document",
    "directory-prefix",
    "output-file",
    "append-output",
    "header",
    "tries",
    "timeout",
  ].concat([
    ...[
      "wait",
      "user-agent",
      "user",
      "password",
      "ca-certificate",
      "post-data",
      "post-file",
      "progress",
      "execute",
    ],
  ]),
};
const QUIET = [
  "-q",
  "--quiet",
  "--no-verbose",
  "-o",
  "--output-file",
  "-a",
  "--append-output",
  "--progress",
].concat([...["--spider", "--help", "-h", "--version", "-V"]]);

const WGET = /wget/;

export const rule: Rule = defineRule({
  code: "DFL414",
  name: "wget-progress",
  aliases: ["DL3047"],
  category: "packages",
  severity: { recommended: "info", hadolint: "info" },
  scope: "all",
  fix: "safe",
  summary: "wget draws its progress into the build log",
  docs: (): RuleDocs => ({
    why: `
      Without a terminal, wget writes a line for every 50 KB it loads: 20,000 lines for a gigabyte, in which what
      matters of the build log is lost, and which CI services keep. \`--progress=dot:giga\` writes one line for 32 MB,
      \`-nv\` one for each file. BusyBox' wget, that of Alpine, knows \`-q\` only.

      Ignore it while you look for why a download is slow.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN ⟦wget⟧ https://example.org/tool.tar.gz
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN wget --progress=dot:giga https://example.org/tool.tar.gz
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN mkdir /opt/tool \
              && ⟦wget⟧ -O - \
                  # the tested version
                  https://example.org/tool-1.2.tar.gz \
              | tar -xz -C /opt/tool
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN mkdir /opt/tool \
              && wget --progress=dot:giga -O - \
                  # the tested version
                  https://example.org/tool-1.2.tar.gz \
              | tar -xz -C /opt/tool
        `,
      },
      {
        title: "BusyBox' wget has no --progress.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN ⟦wget⟧ -O /bin/tool https://example.org/tool
          RUN apk add --no-cache wget && ⟦wget⟧ https://example.org/data
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          RUN wget -q -O /bin/tool https://example.org/tool
          RUN apk add --no-cache wget && wget --progress=dot:giga https://example.org/data
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN wget -q https://example.org/a && wget -nv https://example.org/b && wget -qO- https://example.org/c
          RUN wget --progress=dot:mega https://example.org/a && wget --no-verbose https://example.org/b
          RUN wget -o /tmp/log https://example.org/a && wget --append-output=/tmp/log https://example.org/b
        `,
      },
      {
        title: "Nobody sees it, or nothing is loaded.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN wget https://example.org/a 2> /dev/null && wget --version && apt-get install -y wget
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run, WGET);
      if (script === undefined) return;
      const found =
        context.compat === "hadolint" ? loudForHadolint(script) : programsOf(script).filter(isLoud);
      for (const call of found) {
        const option = quietOption(call, context);
        context.report({
          at: call.word.span,
          message:
            option === "-q"
              ? "wget draws its progress into the build log, and what matters is lost in it; call it with -q."
              : "wget writes a line for every 50 KB it loads, and what matters of the build log is lost among them; call it with --progress=dot:giga, -nv or -q.",
          fixes: [fixFor(call, option, script, context)],
        });
      }
    },
  },
});

function isLoud({ name, args, command, wrappers }: ProgramCall): boolean {
  if (name !== "wget" || (args.length === 0 && wrappers.length > 0)) return false;
  const line = readCommandLine(args, STYLE);
  if (optionOf(line, ...QUIET) !== undefined || args.some(({ text }) => /^-[a-zA-Z]*nv/.test(text)))
    return false;
  return !command.redirects.some(
    ({ operator, fd }) => operator.startsWith("&>") || (fd === 2 && operator !== ">&"),
  );
}

function loudForHadolint(script: Script): ProgramCall[] {
  const loud = hadolintCommands(script).find(
    (command) =>
      command.name === "wget" &&
      !hasFlag(command, "progress", "q", "quiet", "o", "output-file", "a", "append-output", "no-verbose") &&
      !command.args.some(({ text }) => text.startsWith("-nv")),
  );
  return programsOf(script).filter(({ command }) => command.index === loud?.command.index);
}

function quietOption(call: ProgramCall, context: RuleContext): string {
  const family = context.stage?.image.family ?? "unknown";
  const busybox = /^(?:alpine|busybox|wolfi)$/.test(family) && !hasOwnWget(call.word.span.end, context);
  return busybox || call.wrappers.includes("busybox") ? "-q" : "--progress=dot:giga";
}

function fixFor(call: ProgramCall, option: string, script: Script, context: RuleContext): OfferedFix {
  return {
    title: `Add ${option}`,
    edits: [addArgument(call.word, option, script, context.source)],
    ...((context.stage?.image.family ?? "unknown") === "unknown" && { applicability: "suggestion" }),
  };
}

// Where a stage first installs wget; what it is based on counts as before.
const installed = new WeakMap<Stage, number>();

/** Whether GNU's wget was installed before a place. */
function hasOwnWget(offset: number, context: RuleContext): boolean {
  const { stage } = context;
  if (stage === undefined) return false;
  const from = foldStages(stage, installed, (one, below) => {
    if (below !== undefined && below !== Infinity) return 0;
    for (const instruction of one.instructions) {
      const code = instruction.keyword === "RUN" ? context.script(instruction) : undefined;
      const found = (code === undefined ? [] : packageCallsOf(code)).find(
        ({ action, packages }) => action === "install" && packages.some(({ name }) => name === "wget"),
      );
      if (found) return found.call.command.span.start;
    }
    return Infinity;
  });
  return from < offset;
}
