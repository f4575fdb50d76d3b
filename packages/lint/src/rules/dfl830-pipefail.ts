import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import type { Family, ShellState } from "../semantics/model.ts";
import { instructionBefore } from "../semantics/stages/siblings.ts";
import { blocksAround } from "../shell/blocks.ts";
import type { Script, ShellCommand, ShellPipeline } from "../shell/nodes.ts";
import { unheardCommand } from "../shell/pipe-failure.ts";
import { beginHeredoc } from "../shell/edits/begin-heredoc.ts";
import { setsPipefail } from "../shell/programs/set-options.ts";
import type { SourceFile } from "../source/source-file.ts";
import { cover, type Span } from "../source/span.ts";
import { insertAbove } from "../syntax/line-edits.ts";
import type { Heredoc, RunInstruction } from "../syntax/nodes.ts";

/** What reads the end of a pipe and leaves early, so that the command before it dies of the broken pipe. */
const LEAVES_EARLY = new Set(["head", "true"]);

const BASH = ["/bin/bash", "-o", "pipefail", "-c"];
const SHELLS: ReadonlyMap<Family, readonly string[]> = new Map([
  ["debian", BASH],
  ["ubuntu", BASH],
  ["rhel", BASH],
  ["suse", BASH],
  ["arch", BASH],
  ["alpine", ["/bin/ash", "-o", "pipefail", "-c"]],
]);

export const rule: Rule = defineRule({
  code: "DFL830",
  name: "pipefail",
  aliases: ["DL4006"],
  category: "shell",
  severity: { recommended: "warning", hadolint: "warning" },
  scope: "reachable",
  fix: "suggestion",
  engine: "read",
  summary: "A command in a pipe may fail unnoticed",
  docs: (): RuleDocs => ({
    why: `
      Of a pipe, only the last command counts: \`curl … | sh\` succeeds when curl cannot reach its server, sh having
      run nothing at all. The broken step is then cached, and every later build uses it. With \`pipefail\` the pipe
      fails if any of its commands does. bash, zsh and busybox' ash know it; dash, which is \`sh\` on Debian and Ubuntu,
      does not, so name the shell: \`SHELL ["/bin/bash", "-o", "pipefail", "-c"]\`.

      Pipes of what does not fail (\`echo\`, \`uname\`, \`dpkg --print-architecture\`, filters such as \`cut\` between them),
      conditions, pipes followed by \`||\`, those that end in \`head\` or \`grep -q\`, which would fail for having read
      enough, and those whose end fails for lack of input (\`sha256sum -c\`) are not meant.
    `,
    engine: `
      A SHELL of the base image counts, with its \`pipefail\`. With \`--engine build\` the fix names a shell that the base image
      really has, and there is none where it has no such shell.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN curl -fsSL https://example.org/install.sh ⟦|⟧ sh
        `,
        fixed: dockerfile`
          FROM debian:12
          SHELL ["/bin/bash", "-o", "pipefail", "-c"]
          RUN curl -fsSL https://example.org/install.sh | sh
        `,
      },
      {
        title: "One SHELL does for all that follows.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          WORKDIR /opt
          # the tool itself
          RUN mkdir tool \
              && wget -qO- https://example.org/tool.tar.gz \
              ⟦|⟧ tar -xz -C tool
          RUN wget -qO- https://example.org/data.gz ⟦|⟧ gunzip > data
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          WORKDIR /opt
          SHELL ["/bin/ash", "-o", "pipefail", "-c"]
          # the tool itself
          RUN mkdir tool \
              && wget -qO- https://example.org/tool.tar.gz \
              | tar -xz -C tool
          RUN wget -qO- https://example.org/data.gz | gunzip > data
        `,
      },
      {
        title: "bash alone does not help.",
        dockerfile: dockerfile`
          FROM ubuntu:24.04
          SHELL ["/bin/bash", "-c"]
          RUN gpg --export KEY ⟦|⟧ tee /etc/apt/keyrings/key.gpg > /dev/null
        `,
        fixed: dockerfile`
          FROM ubuntu:24.04
          SHELL ["/bin/bash", "-c"]
          SHELL ["/bin/bash", "-o", "pipefail", "-c"]
          RUN gpg --export KEY | tee /etc/apt/keyrings/key.gpg > /dev/null
        `,
      },
      {
        title: "Nobody knows which shells this image has, so there is no fix.",
        dockerfile: dockerfile`
          FROM registry.example.org/base:1
          RUN VERSION=$(curl -fsS https://example.org/latest ⟦|⟧ jq -r .tag) && echo "$VERSION"
        `,
      },
      {
        title: "An image of your own that has bash.",
        dockerfile: dockerfile`
          FROM registry.example.org/base:1
          RUN curl -fsSL https://example.org/install.sh ⟦|⟧ sh
        `,
        fixed: dockerfile`
          FROM registry.example.org/base:1
          SHELL ["/usr/bin/bash", "-o", "pipefail", "-c"]
          RUN curl -fsSL https://example.org/install.sh | sh
        `,
        engine: { images: { "registry.example.org/base:1": { programs: { bash: "/usr/bin/bash" } } } },
      },
      {
        title: "Debian without bash.",
        dockerfile: dockerfile`
          FROM debian:12-slim
          RUN curl -fsSL https://example.org/install.sh ⟦|⟧ sh
        `,
        engine: { images: { "debian:12-slim": { programs: { bash: "", ash: "" } } } },
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12 AS base
          SHELL ["/bin/bash", "-o", "pipefail", "-c"]
          FROM base
          RUN curl -fsSL https://example.org/install.sh | sh
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN set -eo pipefail; wget -qO- https://example.org/a.tgz | tar -xz
          RUN <<EOF
          set -o pipefail
          wget -qO- https://example.org/a.tgz | tar -xz
          EOF
        `,
      },
      {
        title: "Nothing that counts can fail, or somebody looks.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN echo "app:secret" | chpasswd
          RUN if ps aux | grep -q app; then echo running; fi
          RUN dpkg -l | grep -q curl || echo "no curl"
          RUN ls /opt | head -n 1
        `,
      },
      {
        title: "What only asks for the machine, or ends in a check that misses its input.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN set -eu; \
              arch="$(dpkg --print-architecture | awk -F- '{ print $NF }')"; \
              major="$(echo "$VERSION" | cut -d. -f1 | tr -d v)"; \
              { echo 'app app/license note'; echo "app app/major note $major"; } | debconf-set-selections; \
              grep " app-$arch.tar.gz\$" SHASUMS256.txt | sha256sum -c -
        `,
      },
      {
        dockerfile: dockerfile`
          FROM mcr.microsoft.com/windows/servercore:ltsc2022
          SHELL ["powershell", "-Command"]
          RUN Get-ChildItem | Select-Object Name
        `,
      },
      {
        title: "The base image sets SHELL.",
        dockerfile: dockerfile`
          FROM registry.example.org/base:1
          RUN curl -fsSL https://example.org/install.sh | sh
        `,
        engine: {
          images: { "registry.example.org/base:1": { shell: ["/bin/bash", "-o", "pipefail", "-c"] } },
        },
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const pipeline = deafPipe(run, context);
      if (pipeline === undefined) return;
      const { source } = context;
      const script = context.script(run);
      const unheard = script && unheardCommand(pipeline, script);
      const name = (unheard ?? pipeline.commands[0])?.name ?? "the first command";
      const last = pipeline.commands.at(-1);
      const reader = (last?.after === "|" ? undefined : last?.name) ?? "the last command";
      context.report({
        at: pipeSign(pipeline, source),
        message: `If ${name} fails here, nobody notices unless ${reader} fails, too, because only the last command of a pipe counts, and what the step made is cached; let the pipe fail with it: ${advice(run, context)}.`,
        evidence: evidenceOf(context),
        fixes: fixesFor(run, context),
      });
    },
  },
});

/** The first pipe of a RUN whose failure is not heard. */
function deafPipe(run: RunInstruction, context: RuleContext): ShellPipeline | undefined {
  const script = context.script(run);
  if (script === undefined || !script.hasPipe) return undefined;
  const pipes = script.commands.filter(({ pipeline, index }) => {
    return pipeline.length > 1 && pipeline.commands[0]?.index === index;
  });
  if (context.compat === "hadolint") {
    return run.onbuild === undefined && !hadolintIsContent(run, context) ? pipes[0]?.pipeline : undefined;
  }
  const isHeeded = ownReader(run, script) === undefined && context.model.state(run).shell.pipefail;
  if (script.pipefail || isHeeded) return undefined;
  const from = script.commands.find(setsPipefail)?.index ?? Infinity;
  return pipes.find((command) => command.index < from && matters(command, script))?.pipeline;
}

/** hadolint looks at the last SHELL of the stage only, and knows three shells that can do it. */
function hadolintIsContent(run: RunInstruction, { model }: RuleContext): boolean {
  const { shell } = model.state(run);
  const { argv, instruction, dialect } = shell;
  if (instruction === undefined || model.stageOf(instruction) !== model.stageOf(run)) return false;
  if (dialect === "powershell" || dialect === "cmd") return true;
  return /(?:^|\/)(?:bash|zsh|ash)$/.test(argv[0] ?? "") && shell.pipefail;
}

function matters(first: ShellCommand, script: Script): boolean {
  const { commands } = first.pipeline;
  const last = commands.at(-1);
  if (first.negated || last === undefined || last.after === "||" || isCondition(first)) return false;
  if (last.name !== undefined && LEAVES_EARLY.has(last.name)) return false;
  if (
    last.name === "grep" &&
    last.words.some(({ value }) => /^(?:-[a-zA-Z]*[qm]\d*|--quiet|--silent)$/.test(value ?? ""))
  ) {
    return false;
  }
  if (unheardCommand(first.pipeline, script) === undefined) return false;
  // What a command is given as an argument has no exit code for anybody; what a variable is set to has.
  if (first.block.kind !== "substitution") return true;
  const { span } = first.block;
  const user = script.commands.findLast(
    (command) => command.span.start < span.start && span.end <= command.span.end + 1,
  );
  return user?.words.length === 0;
}

function isCondition({ block }: ShellCommand): boolean {
  return blocksAround(block).some(({ kind }) => kind === "condition");
}

/** The first `|` of a pipe, or the first behind the compound commands that it begins with. */
function pipeSign({ commands, span }: ShellPipeline, source: SourceFile): Span {
  const [first, second] = commands;
  if (first === undefined) return span;
  if (first.before === "|" || first.before === "|&") {
    const sign = source.text.lastIndexOf("|", first.span.start - 1);
    return sign < span.start ? span : { start: sign, end: sign + 1 };
  }
  const end = second?.span.start ?? span.end;
  let at = first.span.end;
  for (const line of source.text.slice(at, end).split("\n")) {
    const found = line.trimStart().startsWith("#") ? -1 : line.indexOf("|");
    if (found !== -1) return { start: at + found, end: at + found + 1 };
    at += line.length + 1;
  }
  return second === undefined ? span : cover(first.span, second.span);
}

function shellFor(run: RunInstruction, { model, stage }: RuleContext): readonly string[] | undefined {
  const shell: ShellState = model.state(run).shell;
  const name = shell.argv[0] ?? "";
  if ((shell.instruction !== undefined || shell.ofImage === true) && /(?:^|\/)(?:bash|zsh|ash)$/.test(name))
    return withPipefail(shell);
  const programs = stage?.image.facts?.programs;
  if (programs !== undefined && programs.size > 0) {
    const path = programs.get("bash") ?? programs.get("ash");
    return path === undefined ? undefined : [path, "-o", "pipefail", "-c"];
  }
  return SHELLS.get(stage?.image.family ?? "unknown");
}

/** The shell in force, its other options kept: `-c`, alone or among letters such as `-euc`, stays at the end. */
function withPipefail({ argv, pipefail }: ShellState): readonly string[] {
  // hadolint asks for it again in each stage.
  if (pipefail) return argv;
  const [name = "", ...options] = argv;
  const command = options.at(-1) ?? "-c";
  return [name, ...options.slice(0, -1), "-o", "pipefail", command];
}

function evidenceOf({ stage }: RuleContext): string[] {
  const facts = stage?.image.facts;
  if (facts === undefined) return [];
  const shell = facts.shell === undefined ? "no SHELL" : `SHELL ${showShell(facts.shell)}`;
  const paths = ["bash", "ash"].flatMap((name) => facts.programs.get(name) ?? []);
  const found =
    facts.programs.size === 0
      ? ""
      : ` and has ${paths.length === 0 ? "neither bash nor ash" : paths.join(" and ")}`;
  return [`The base image sets ${shell}${found}: ${facts.source}.`];
}

/** The heredoc that another shell than that of SHELL reads: the one that its `#!` line or the command names. */
function ownReader(run: RunInstruction, { span }: Script): Heredoc | undefined {
  const [heredoc] = run.heredocs;
  if (heredoc === undefined || run.heredocs.length > 1 || span.start < heredoc.bodySpan.start)
    return undefined;
  const isAlone = run.args[0]?.text === heredoc.word.text;
  return isAlone && !heredoc.content.startsWith("#!") ? undefined : heredoc;
}

function advice(run: RunInstruction, context: RuleContext): string {
  const script = context.script(run);
  if (run.json || (script !== undefined && ownReader(run, script) !== undefined)) {
    return "start the script with set -o pipefail, in a shell that knows it (bash, zsh, ash)";
  }
  const shell = shellFor(run, context);
  return shell === undefined
    ? "start the RUN with set -o pipefail, in a shell that knows it (bash, zsh, ash)"
    : `put SHELL ${showShell(shell)} before it`;
}

/** One SHELL before the first RUN of the stage that needs it; the others find it in force then. */
function fixesFor(run: RunInstruction, context: RuleContext): OfferedFix[] {
  const script = context.script(run);
  const heredoc = script && ownReader(run, script);
  if (heredoc !== undefined && context.compat !== "hadolint") {
    if (script?.dialect !== "bash" || heredoc.terminator === undefined) return [];
    const edits = [beginHeredoc(heredoc, "set -o pipefail", context.source)];
    return [{ title: "Begin the script with set -o pipefail", edits }];
  }
  const shell = shellFor(run, context);
  if (shell === undefined || run.onbuild !== undefined || run.json) return [];
  for (
    let before = instructionBefore(run, context.model);
    before;
    before = instructionBefore(before, context.model)
  ) {
    if (before.keyword === "SHELL") break;
    if (before.keyword === "RUN" && waitsForShell(before, context)) return [];
  }
  return [
    {
      title: `Put SHELL ${showShell(shell)} before this RUN`,
      edits: [insertAbove(context.source, run, `SHELL ${showShell(shell)}`)],
    },
  ];
}

/** Whether a RUN gets the SHELL that those below it find in force then. */
function waitsForShell(run: RunInstruction, context: RuleContext): boolean {
  const script = context.script(run);
  if (script === undefined || deafPipe(run, context) === undefined) return false;
  return run.onbuild === undefined && !run.json && ownReader(run, script) === undefined;
}

function showShell(argv: readonly string[]): string {
  return `[${argv.map((word) => JSON.stringify(word)).join(", ")}]`;
}
