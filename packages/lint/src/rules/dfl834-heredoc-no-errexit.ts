import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { blocksAround } from "../shell/blocks.ts";
import type { Script, ShellBlock, ShellCommand } from "../shell/nodes.ts";
import { beginHeredoc } from "../shell/edits/begin-heredoc.ts";
import { errexitBy } from "../shell/programs/set-options.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Heredoc, RunInstruction } from "../syntax/nodes.ts";

/** What does not fail, or says nothing when it does. */
const HARMLESS = new Set([
  "echo",
  "printf",
  "true",
  ":",
  "set",
  "shopt",
  "export",
  "unset",
  "trap",
  "umask",
  "exit",
]);

export const rule: Rule = defineRule({
  code: "DFL834",
  name: "heredoc-no-errexit",
  category: "shell",
  severity: "warning",
  scope: "reachable",
  fix: "suggestion",
  summary: "A command in a heredoc may fail unnoticed",
  docs: (): RuleDocs => ({
    why: `
      The lines of a heredoc are a script, and a script goes on after a command that failed: only the last one decides
      whether the step succeeds. In \`RUN a && b\` a failing \`a\` stops the build; the same commands on lines of a heredoc
      build an image without what \`a\` should have made, and the cache keeps it. \`set -e\` as the first line stops at
      the first failure; \`set -eux\` also refuses unset variables and shows what runs.

      It is no matter where a \`#!\` line or SHELL starts the shell with \`-e\`.

      Ignore it where the script is meant to go on, and looks at what failed itself.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN ⟦<<EOF⟧
          apt-get update
          apt-get install -y curl
          EOF
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN <<EOF
          set -e
          apt-get update
          apt-get install -y curl
          EOF
        `,
      },
      {
        title: "Of a loop, only the last round counts.",
        dockerfile: dockerfile`
          FROM node:20
          RUN ⟦<<EOF⟧
          for tool in turbo serve; do
            npm install -g $tool@latest
          done
          EOF
        `,
        fixed: dockerfile`
          FROM node:20
          RUN <<EOF
          set -e
          for tool in turbo serve; do
            npm install -g $tool@latest
          done
          EOF
        `,
      },
      {
        title: "A `set -e` below what may fail comes too late; the shell is told by the first line.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN --mount=type=cache,target=/var/cache/apt ⟦<<-"SCRIPT"⟧
          	#!/bin/bash
          	# the tools
          	apt-get update
          	set -e
          	apt-get install -y git
          	SCRIPT
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN --mount=type=cache,target=/var/cache/apt <<-"SCRIPT"
          	#!/bin/bash
          	set -e
          	# the tools
          	apt-get update
          	set -e
          	apt-get install -y git
          	SCRIPT
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN <<EOF
          set -eux
          apt-get update
          apt-get install -y curl
          EOF
          RUN <<EOF
          #!/bin/bash -e
          apt-get update
          apt-get install -y curl
          EOF
          RUN <<EOF
          #!/usr/bin/env bash
          set -Eeuo pipefail
          apt-get update
          apt-get install -y curl
          EOF
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
          RUN <<EOF
          apt-get update
          apt-get install -y curl
          EOF
        `,
      },
      {
        title: "Nothing gets lost: one command, a chain, what is looked after; or it is no shell.",
        dockerfile: dockerfile`
          FROM python:3.12
          RUN <<EOF
          apt-get install -y curl
          EOF
          RUN <<EOF
          # one after the other
          VERSION=1.2
          echo "loading"
          cd /tmp || exit 1
          apt-get update &&
            apt-get install -y curl
          EOF
          RUN <<EOF
          if [ -f /etc/alpine-release ]; then
            apk add --no-cache curl
          elif grep -q Fedora /etc/os-release; then
            dnf install -y curl
          else
            apt-get install -y curl
          fi
          EOF
          RUN <<EOF
          #!/usr/bin/env python3
          print("hello")
          print("world")
          EOF
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const [heredoc] = run.heredocs;
      const script = heredoc === undefined ? undefined : context.script(run);
      if (heredoc === undefined || script === undefined || script.errexit) return;
      // A heredoc that is read by a program is no script.
      if (script.span.start < heredoc.bodySpan.start || script.problems.length > 0) return;
      const lost = firstLost(script, context.source);
      if (lost === undefined) return;
      context.report({
        at: heredoc.word.span,
        message: `If ${lost.name ?? lost.words[0]?.text ?? lost.assignments[0]?.name ?? "a command"} in line ${context.source.lineAt(lost.span.start)} fails, the script goes on and the step succeeds; begin it with set -e.`,
        fixes: fixesFor(run, heredoc, context),
      });
    },
  },
});

/** The first command whose failure nobody hears of. */
function firstLost(script: Script, source: SourceFile): ShellCommand | undefined {
  // The first command of the chain being read that may fail: its failure is the chain's.
  let first: ShellCommand | undefined;
  for (const command of script.commands) {
    if ((errexitBy(command) ?? "off") !== "off") return undefined;
    const { after, pipeline } = command;
    // In a pipe only the last one counts, and that is another rule's business.
    if (pipeline.length > 1 && pipeline.commands.at(-1) !== command) continue;
    if (!isRun(command.block)) continue;
    if (mayFail(command)) first ??= command;
    if (after === "&&" || after === "|" || after === "|&") continue;
    // What follows `||` deals with it, and nobody waits for what runs in the background.
    const heard = first === undefined || after === "||" || after === "&" || isLast(command, script, source);
    if (!heard && !isPartOfChain(command.block, source)) return first;
    first = undefined;
  }
  return undefined;
}

function mayFail({ name, words, assignments, negated }: ShellCommand): boolean {
  if (negated) return false;
  // A variable's value may come from a command, and its failure is that of the assignment.
  if (words.length === 0) return assignments.some(({ value }) => /\$\((?!\()|`/.test(value?.text ?? ""));
  return name === undefined || !HARMLESS.has(name);
}

/** Whether it is in `{ … }` or `( … )` before `&&` or `||`. */
function isPartOfChain(block: ShellBlock, source: SourceFile): boolean {
  return blocksAround(block).some(
    ({ kind, span }) =>
      (kind === "group" || kind === "subshell") &&
      /^[;\s]*[)}]?\s*(?:&&|\|\|)/.test(source.text.slice(span.end, span.end + 20)),
  );
}

/** Whether nothing runs after it, so that its failure is the script's. */
function isLast(command: ShellCommand, script: Script, source: SourceFile): boolean {
  const blocks = blocksAround(command.block);
  if (blocks.some(({ kind }) => kind === "loop")) return false;
  const { commands } = script;
  for (let at = command.index + 1; at < commands.length; at += 1) {
    const other = commands[at];
    if (other === undefined || other.block.kind === "substitution" || other.span.start < command.span.end)
      continue;
    if (!isAlternative(other.block, blocks, source)) return false;
  }
  return true;
}

/** Whether a block is another branch of an `if` or `case` that one of these is a branch of. */
function isAlternative(block: ShellBlock, blocks: readonly ShellBlock[], source: SourceFile): boolean {
  return blocksAround(block).some((other) => {
    if (other.kind !== "branch" && other.kind !== "case" && other.kind !== "condition") return false;
    const own = blocks.find(
      ({ kind, parent }) => (kind === "branch" || kind === "case") && parent === other.parent,
    );
    if (own === undefined || own === other) return false;
    return !/\b(?:fi|esac)\b/.test(source.text.slice(own.span.end, other.span.start));
  });
}

/** Whether a failure there would end a script with `set -e`. */
function isRun(block: ShellBlock): boolean {
  return blocksAround(block).every(
    ({ kind }) => kind !== "condition" && kind !== "substitution" && kind !== "function",
  );
}

/** `set -e` above the first command, below a `#!` line. */
function fixesFor(run: RunInstruction, heredoc: Heredoc, { source }: RuleContext): OfferedFix[] {
  if (run.heredocs.length > 1 || heredoc.terminator === undefined) return [];
  return [{ title: "Begin the script with set -e", edits: [beginHeredoc(heredoc, "set -e", source)] }];
}
