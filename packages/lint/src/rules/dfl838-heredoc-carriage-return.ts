import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { Instruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL838",
  name: "heredoc-carriage-return",
  category: "shell",
  // What is checked may be a checkout with other line ends than what is built.
  severity: { recommended: "info", strict: "warning" },
  scope: "reachable",
  summary:
    "The lines of a heredoc end in carriage returns, which the shell takes for a part of the last word",
  docs: (): RuleDocs => ({
    why: `
      BuildKit takes Dockerfiles with the line ends of Windows (CR LF), and drops the carriage returns, but not those in
      the body of a heredoc: \`touch /app/ready\` makes a file whose name ends in a carriage return, \`set -e\` fails for
      an option that does not exist, and a script that COPY writes cannot be started. Nothing of it is seen, since
      carriage returns are not shown.

      Write the file with plain line feeds, and keep git from changing them: \`Dockerfile* text eol=lf\` in
      \`.gitattributes\`. All other lines may end as they like.
    `,
    bad: [
      {
        dockerfile: "FROM alpine:3.20\r\nRUN ⟦<<EOF⟧\r\nset -e\r\ntouch /ready\r\nEOF\r\nUSER 1000\r\n",
      },
      {
        title: "In what COPY writes, too.",
        dockerfile: 'FROM alpine:3.20\nCOPY --chmod=755 ⟦<<"EOF"⟧ /run.sh\n#!/bin/sh\r\nexec app\r\nEOF\n',
      },
      {
        title: "For the images that are built on this one.",
        dockerfile: "FROM alpine:3.20\nONBUILD RUN ⟦<<EOF⟧\r\ntouch /ready\r\nEOF\n",
      },
    ],
    good: [
      {
        dockerfile: "FROM alpine:3.20\r\nRUN apk add --no-cache \\\r\n    curl \\\r\n    jq\r\nUSER 1000\r\n",
      },
      {
        title: "For Windows, and for what wants them.",
        dockerfile:
          "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\r\nCOPY <<EOF run.cmd\r\n@echo off\r\nEOF\r\n",
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN <<EOF
          set -e
          touch /ready
          EOF
        `,
      },
    ],
  }),
  visit: {
    RUN: check,
    COPY: check,
    ADD: check,
  },
});

function check(instruction: Instruction, context: RuleContext): void {
  const { heredocs } = instruction;
  if (heredocs.length === 0 || context.stage?.image.family === "windows") return;
  for (const heredoc of heredocs) {
    if (!heredoc.content.includes("\r\n")) continue;
    const line = context.source.lineAt(heredoc.bodySpan.start);
    context.report({
      at: heredoc.word.span,
      message: `From line ${line} on the lines end in carriage returns, which BuildKit leaves in a heredoc: the ${instruction.keyword === "RUN" ? "shell takes them for a part of each last word" : "file gets them"}; end the lines with plain line feeds.`,
    });
  }
}
