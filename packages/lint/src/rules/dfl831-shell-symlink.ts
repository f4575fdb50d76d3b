import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { programsOf, type ProgramCall } from "../shell/commands.ts";
import { hadolintCommands, hasArgument } from "../shell/hadolint-command.ts";
import type { Script, ShellWord } from "../shell/nodes.ts";
import { withoutOptions } from "../shell/options.ts";
import { removeCommand } from "../shell/edits/remove-command.ts";
import type { Edit } from "../source/edit.ts";
import { insertBelow, removeLines } from "../syntax/line-edits.ts";
import type { RunInstruction } from "../syntax/nodes.ts";

const SHELL_PATH = /^\/(?:usr\/)?bin\/sh$/;

const SHELL = /\/sh\b/;

export const rule: Rule = defineRule({
  code: "DFL831",
  name: "shell-symlink",
  aliases: ["DL4005"],
  category: "shell",
  severity: { recommended: "warning", hadolint: "warning" },
  scope: "all",
  fix: "suggestion",
  summary: "/bin/sh is replaced, where SHELL would choose the shell",
  docs: (): RuleDocs => ({
    why: `
      \`ln -sf /bin/bash /bin/sh\` changes the shell of everything in the image: scripts of packages and of the base
      image that were written for dash run in bash from then on, in the container, too. The next update of the package
      puts the old link back. \`SHELL ["/bin/bash", "-c"]\` changes the shell of the instructions that follow it, and
      nothing else.

      Ignore it where scripts that you cannot change say \`#!/bin/sh\` and are written for bash.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN ln -sf /bin/bash ⟦/bin/sh⟧
          RUN source /etc/profile
        `,
        fixed: dockerfile`
          FROM debian:12
          SHELL ["/bin/bash", "-c"]
          RUN source /etc/profile
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          WORKDIR /app
          # bash for all
          RUN apt-get update \
              && rm /bin/sh \
              && ln -s bash ⟦/bin/sh⟧ \
              && apt-get install -y git
        `,
        fixed: dockerfile`
          FROM debian:12
          WORKDIR /app
          # bash for all
          RUN apt-get update \
              && apt-get install -y git
          SHELL ["/bin/bash", "-c"]
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          SHELL ["/bin/bash", "-o", "pipefail", "-c"]
          RUN ln -s /bin/sh /usr/local/bin/run && ln -sf /bin/bash /usr/local/bin/sh
        `,
      },
      {
        title: "A new root gets its first shell.",
        dockerfile: dockerfile`
          FROM busybox:1.36 AS build
          RUN mkdir -p /rootfs/bin && ln -s busybox /rootfs/bin/sh
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run, SHELL);
      if (script === undefined) return;
      const found = context.compat === "hadolint" ? linksForHadolint(script) : linksIn(script);
      for (const { call, target, word } of found) {
        const shell = shellName(target);
        context.report({
          at: word.span,
          message: `This changes the shell of everything in the image, its packages' scripts included; leave ${word.text} alone, and choose the shell of what follows with SHELL ["/bin/${shell}", "-c"].`,
          fixes: fixesFor(run, script, call, shell, context),
        });
      }
    },
  },
});

interface ShellLink {
  readonly call: ProgramCall;
  /** What the link leads to, if it is known. */
  readonly target: ShellWord | undefined;
  /** The word that names /bin/sh. */
  readonly word: ShellWord;
}

function linksIn(script: Script): ShellLink[] {
  return programsOf(script).flatMap((call): ShellLink[] => {
    if (call.name !== "ln" && call.name !== "cp" && call.name !== "mv") return [];
    const operands = withoutOptions(call.args);
    const [target, word] = operands;
    const replaced = operands.length === 2 && SHELL_PATH.test(word?.value ?? "");
    return replaced && word !== undefined && !SHELL_PATH.test(target?.value ?? "")
      ? [{ call, target, word }]
      : [];
  });
}

function linksForHadolint(script: Script): ShellLink[] {
  const found = hadolintCommands(script).find(
    (command) => command.name === "ln" && hasArgument(command, "/bin/sh"),
  );
  const call = programsOf(script).find(({ command }) => command.index === found?.command.index);
  const word = call?.args.find(({ value }) => value === "/bin/sh");
  const target = withoutOptions(call?.args ?? []).find((one) => one !== word);
  return call && word ? [{ call, target, word }] : [];
}

function shellName(target: ShellWord | undefined): string {
  const name = /(?:^|\/)(bash|zsh|ksh|ash|dash)$/.exec(target?.value ?? "")?.[1];
  return name ?? "bash";
}

/**
 * SHELL below the RUN, in which the link and what made room for it are left out: the RUN itself began in the shell of
 * before, and may be what installs the other one.
 */
function fixesFor(
  run: RunInstruction,
  script: Script,
  { command }: ProgramCall,
  shell: string,
  context: RuleContext,
): OfferedFix[] {
  const { source } = context;
  if (run.onbuild !== undefined || run.json) return [];
  const removals = script.commands.filter(
    ({ name, words, index }) =>
      index === command.index ||
      (index === command.index - 1 &&
        /^(?:rm|unlink)$/.test(name ?? "") &&
        words
          .filter(({ prefix }) => prefix.startsWith("/"))
          .every(({ value }) => SHELL_PATH.test(value ?? ""))),
  );
  const title = `Choose ${shell} with SHELL`;
  const instruction = `SHELL ["/bin/${shell}", "-c"]`;
  const isChosen = context.model.state(run).shell.argv[0]?.endsWith(`/${shell}`) === true;
  if (removals.length === script.commands.length) {
    const edit = isChosen ? removeLines(source, run) : { span: run.span, newText: instruction };
    return [{ title, edits: [edit] }];
  }
  const edits = removals.map((one) => removeCommand(script, one, source));
  const first = removals[0];
  const last = removals.at(-1);
  if (first === undefined || last === undefined || edits.some((edit) => edit === undefined)) return [];
  const start = Math.min(...edits.map((edit) => edit?.span.start ?? first.span.start));
  const end = Math.max(...edits.map((edit) => edit?.span.end ?? last.span.end));
  const removal: Edit = { span: { start, end }, newText: "" };
  if (isChosen) return [{ title, edits: [removal] }];
  const choice = insertBelow(context.dockerfile, run, instruction);
  return choice === undefined ? [] : [{ title, edits: [removal, choice] }];
}
