import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

export const rule: Rule = defineRule({
  code: "DFL904",
  name: "empty-continuation",
  aliases: ["NoEmptyContinuation"],
  category: "syntax",
  severity: { recommended: "info", strict: "warning" },
  scope: "all",
  fix: "safe",
  onbuild: false,
  summary: "A blank line stands between the lines of one instruction",
  docs: (): RuleDocs => ({
    why: `
      Blank lines within a continued instruction are skipped for now, with a warning of BuildKit, which means to refuse
      them one day. They also hide a \`\\\` too many: the next instruction is then swallowed as an argument of this one.
      To set parts apart, use a comment line.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache \
              curl \
          ⟦⟧
              git
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache \
              curl \
              git
        `,
      },
      {
        title: "One for each instruction, at the first blank line.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENV A=1 \
          ⟦⟧

              B=2 \

              C=3
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          ENV A=1 \
              B=2 \
              C=3
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache \
              # to load it
              curl \
              #
              git
        `,
      },
      {
        title: "In a heredoc they are part of the text.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN <<EOF
          true

          true
          EOF
        `,
      },
    ],
  }),
  visit: {
    instruction(instruction, context) {
      const { blankLines } = instruction;
      if (blankLines.length === 0) return;
      const [first = instruction.startLine] = blankLines;
      const { endLine, heredocs, name } = instruction;
      const { source } = context;
      // BuildKit names the line at which it noticed, before it looks for heredocs.
      const [heredoc] = heredocs;
      const last = heredoc === undefined ? endLine : source.lineAt(heredoc.bodySpan.start) - 1;
      const line = context.compat === "buildkit" ? last : first;
      const start = source.lineStart(line);
      const at = { start, end: start + source.line(line).length };
      const lines = blankLines.length === 1 ? "a blank line" : `${blankLines.length} blank lines`;
      context.report({
        at,
        message: `${name.text.toUpperCase()} goes on over ${lines}, which BuildKit means to refuse one day; remove ${blankLines.length === 1 ? "it" : "them"}, or end the instruction above if the next line was not meant to belong to it.`,
        fixes: [
          {
            title: `Remove ${lines}`,
            edits: blankLines.map((blank) => ({ span: source.lineSpan(blank), newText: "" })),
          },
        ],
      });
    },
  },
});
