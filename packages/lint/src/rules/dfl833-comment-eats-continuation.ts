import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { firstComment } from "../shell/comments.ts";
import { insertion } from "../source/edit.ts";
import type { Span } from "../source/span.ts";
import { lineEndOf } from "../syntax/line-edits.ts";
import type { Instruction, Word } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL833",
  name: "comment-eats-continuation",
  category: "shell",
  severity: "error",
  scope: "all",
  fix: "suggestion",
  summary: "A comment at the end of a line swallows the lines below it, or cuts them off",
  docs: (): RuleDocs => ({
    why: `
      The builder joins continued lines before the shell sees them: behind a \`#\` in the first line all that follows is
      one comment, so the commands below never run, and nothing says so. The other way round, a comment behind
      the \`\\\` keeps it from continuing the line: the next line is then an instruction of its own, which the builder does
      not know.

      Only whole lines are comments in a Dockerfile. They may stand between the lines of an instruction.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache curl && ⟦# to download⟧ \
              curl -fsSLO https://example.org/a
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          # to download
          RUN apk add --no-cache curl && \
              curl -fsSLO https://example.org/a
        `,
      },
      {
        title: "Behind the escape character.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache \
              curl ⟦\ # to download⟧
              git
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache \
              # to download
              curl \
              git
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache \
              # to download
              curl \
            # and to unpack
            && echo "a # b" 'c # d' e#f \# \${#A} \
            && unzip a.zip # nothing follows
        `,
      },
      {
        title: "In a heredoc lines stay lines.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN <<EOF
          apk add --no-cache curl # to download
          curl -fsSLO https://example.org/a
          EOF
        `,
      },
    ],
  }),
  visit: {
    RUN: check,
    CMD: check,
    ENTRYPOINT: check,
    HEALTHCHECK: check,
    file({ instructions, source, escape }, context) {
      if (!context.model.has("UNKNOWN")) return;
      for (const [index, instruction] of instructions.entries()) {
        const next = instructions[index + 1];
        if (next?.keyword !== "UNKNOWN" || next.startLine !== instruction.endLine + 1) continue;
        const text = source.line(instruction.endLine);
        const from = cutOff(text, escape);
        if (from === -1 || instruction.heredocs.length > 0) continue;
        const lineStart = source.lineStart(instruction.endLine);
        const at = { start: lineStart + from, end: lineStart + text.trimEnd().length };
        const hash = lineStart + text.indexOf("#", from);
        context.report({
          at,
          instruction,
          message: `Behind the ${escape} stands a comment, so it does not continue the line, and line ${next.startLine} is an instruction of its own; put the comment on a line of its own.`,
          fixes: [moveUp({ start: hash, end: at.end }, context)],
        });
      }
    },
  },
});

function check(instruction: Instruction, context: RuleContext): void {
  if (instruction.startLine === instruction.endLine) return;
  const code = shellCode(instruction);
  if (code === undefined || !code.text.includes("#")) return;
  const { dialect } = context.shell(instruction);
  const comment = dialect === "posix" || dialect === "bash" ? firstComment(code.text) : undefined;
  if (comment === undefined) return;
  const { source } = context;
  const { start, end } = code.spanOf(comment.start, comment.end);
  const line = source.lineAt(start);
  const lastLine = source.lineAt(end - 1);
  if (lastLine === line) return;
  const lineStart = source.lineStart(line);
  const written = source.slice({ start, end: lineStart + source.line(line).length });
  const at = { start, end: start + withoutEscape(written, context.dockerfile.escape).length };
  const lines = lastLine === line + 1 ? `line ${lastLine}` : `lines ${line + 1} to ${lastLine}`;
  context.report({
    at,
    message: `The lines are joined before the shell sees them, so this comment swallows ${lines}, which never ${lastLine === line + 1 ? "runs" : "run"}; put the comment on a line of its own.`,
    fixes: [moveUp(at, context)],
  });
}

/** The code in shell form that no heredoc holds. */
function shellCode(instruction: Instruction): Word | undefined {
  const { keyword, json, heredocs } = instruction;
  if (json || heredocs.length > 0) return undefined;
  if (keyword === "HEALTHCHECK") return instruction.command[0];
  return keyword === "RUN" || keyword === "CMD" || keyword === "ENTRYPOINT" ? instruction.args[0] : undefined;
}

function withoutEscape(text: string, escape: string): string {
  const trimmed = text.trimEnd();
  return (trimmed.endsWith(escape) ? trimmed.slice(0, -1) : trimmed).trimEnd();
}

/** Where the escape character stands, if nothing but a comment follows it. */
function cutOff(text: string, escape: string): number {
  for (let hash = text.indexOf("#"); hash !== -1; hash = text.indexOf("#", hash + 1)) {
    let at = hash - 1;
    while (text[at] === " " || text[at] === "\t") at -= 1;
    if (at < hash - 1 && text[at] === escape) return at;
  }
  return -1;
}

/** Puts a comment on a line of its own above the line that it stands in. */
function moveUp(comment: Span, { source }: RuleContext): OfferedFix {
  const line = source.lineAt(comment.start);
  const start = source.lineStart(line);
  const text = source.line(line);
  const indent = /^[ \t]*/.exec(text)?.[0] ?? "";
  const before = source.slice({ start, end: comment.start }).trimEnd().length;
  return {
    title: "Put the comment on a line of its own",
    edits: [
      insertion(start, `${indent}${source.slice(comment)}${lineEndOf(source)}`),
      { span: { start: start + before, end: comment.end }, newText: "" },
    ],
  };
}
