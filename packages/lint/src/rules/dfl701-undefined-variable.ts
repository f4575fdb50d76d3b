import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { didYouMean, nearest } from "../linter/nearest.ts";
import { baseEnvironment } from "../semantics/base-environment.ts";
import { expandedWords } from "../semantics/expanded-words.ts";
import type { VariableUse } from "../semantics/model.ts";
import { triggerUses } from "../semantics/onbuild-triggers.ts";
import type { Instruction, Word } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL701",
  name: "undefined-variable",
  aliases: ["UndefinedVar"],
  category: "variables",
  severity: "warning",
  scope: "all",
  // What ONBUILD holds is expanded in the stage that is built on this one; see FROM.
  onbuild: false,
  summary: "An instruction uses a variable that nothing defines",
  docs: (): RuleDocs => ({
    why: `
      The builder replaces a variable that nothing defines by nothing, and says so at best in a warning: a path loses
      its middle, \`COPY --chown\` its owner, PATH its old value. All pairs of one ENV are read before any is set, so
      they cannot see each other.

      What a base image defines is not in the file. Nothing is said about images that may define the variable,
      unless its name is nearly that of one of the file: a slip of the pen. Neither is anything said where a default is
      given, as in \`\${PORT:-80}\`. Variables in RUN, CMD and ENTRYPOINT are the shell's.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENV APP_HOME=/srv/app
          WORKDIR ⟦\${APP_HOM}⟧/bin
        `,
      },
      {
        title: "The pairs of one ENV do not see each other.",
        dockerfile: dockerfile`
          FROM debian:12
          ENV HOME_DIR=/opt/app \
              BIN_DIR=⟦$HOME_DIR⟧/bin
        `,
      },
      {
        title: "In a heredoc that is expanded, and in a flag.",
        dockerfile: dockerfile`
          FROM ubuntu:24.04
          COPY --chown=⟦$OWNER⟧ <<EOF /etc/app.conf
          listen "⟦\${PORT}⟧"
          EOF
        `,
      },
      {
        title: "The image may define much, but hardly this.",
        dockerfile: dockerfile`
          FROM registry.example.org/base:1
          ARG RELEASE=1
          LABEL version="⟦$RELAESE⟧"
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          ARG VERSION=1
          ENV HOME_DIR=/opt/app-\${VERSION}
          ENV PATH=$HOME_DIR/bin:$PATH
        `,
      },
      {
        title: "A stage has what the stage below it defines.",
        dockerfile: dockerfile`
          FROM alpine:3.20 AS base
          ENV APP=/srv
          FROM base
          WORKDIR $APP
        `,
      },
      {
        title: "The image of golang defines it; the other one may.",
        dockerfile: dockerfile`
          FROM golang:1.23
          WORKDIR $GOPATH/src
          FROM registry.example.org/base:1
          WORKDIR $APP_HOME/bin
        `,
      },
      {
        title: "Single quotes and an escape keep the dollar; a default is meant.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENV PS1='$PWD' PRICE=\$CENTS MODE=\${MODE:-fast}
        `,
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      const { stage } = context;
      if (stage?.base.stage === undefined) return;
      for (const { name, guarded, instruction } of triggerUses(stage, context.dockerfile.escape)) {
        const { names, complete } = baseEnvironment(stage.image);
        if (names.has(name) || (context.compat !== "buildkit" && (guarded || !complete))) continue;
        context.report({
          at: from.image?.span ?? from.span,
          message: `The ONBUILD in line ${instruction.startLine} runs here and uses "${name}", which nothing defines, so it is empty; declare it in the stage that holds the ONBUILD.`,
          related: [{ span: instruction.span, message: "This FROM triggers it." }],
        });
      }
    },
    instruction(instruction, context) {
      const { model, stage, compat } = context;
      if (stage === undefined || instruction.keyword === "FROM") return;
      // BuildKit warns of none of them in EXPOSE.
      if (compat === "buildkit" && instruction.keyword === "EXPOSE") return;
      for (const word of expandedWords(instruction)) {
        const uses = model.expand(word, instruction).undefined;
        const seen = new Set<string>();
        for (const use of uses) {
          const { name } = use;
          // It names each once for each word.
          if (compat === "buildkit" ? seen.has(name) : isExcused(use, word, instruction, context)) continue;
          if (baseEnvironment(stage.image).names.has(name)) continue;
          seen.add(name);
          context.report({ at: use.span, message: messageFor(name, word, instruction, context) });
        }
      }
    },
  },
});

function messageFor(name: string, word: Word, instruction: Instruction, { model }: RuleContext): string {
  const problem = `Nothing defines "${name}" here, so the builder puts nothing in its place`;
  if (isSetBeside(name, word, instruction)) {
    return `${problem}: all pairs of an ENV are read before any is set; move this one to an ENV of its own below.`;
  }
  const names = model.state(instruction).variableNames();
  return `${problem}; declare it with ARG or ENV above.${didYouMean(name, names)}`;
}

/** Whether there is nothing to report unless one asks as BuildKit does. */
function isExcused(use: VariableUse, word: Word, instruction: Instruction, context: RuleContext): boolean {
  const { model, stage } = context;
  const { name, guarded } = use;
  const [first] = model.stages;
  if (guarded || stage === undefined || first === undefined) return true;
  // An ARG before the first FROM is a case of its own: DFL704.
  if (model.state(first.from).variable(name)?.kind === "arg") return true;
  if (isSetBeside(name, word, instruction) || baseEnvironment(stage.image).complete) return false;
  return nearest(name, model.state(instruction).variableNames()) === undefined;
}

/** Whether another pair of the same ENV sets it. */
function isSetBeside(name: string, word: Word, instruction: Instruction): boolean {
  return (
    instruction.keyword === "ENV" &&
    instruction.pairs.some(({ key, value }) => key.text === name && value !== word)
  );
}
