import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { refusalsOf, type Refusal } from "../semantics/refusals/refusals.ts";
import type { Span } from "../source/span.ts";
import type { Instruction } from "../syntax/nodes.ts";
import type { ProblemCode } from "../syntax/problem.ts";

export const rule: Rule = defineRule({
  code: "DFL901",
  name: "syntax-error",
  aliases: ["DL1000"],
  category: "syntax",
  severity: { recommended: "error", hadolint: "error", buildkit: "error" },
  scope: "all",
  summary: "BuildKit refuses the file",
  docs: (): RuleDocs => ({
    why: `
      The build stops here, with the words that are quoted. Everything else in the file is linted all the same: one
      bad instruction silences nothing.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20 ⟦as build # compiles⟧
          RUN true
        `,
      },
      {
        title: "Each one is told, not only the first.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ⟦COPY⟧ app
          ENV A=1 ⟦B⟧
          HEALTHCHECK --interval=⟦5⟧ CMD true
        `,
      },
      {
        title: "What reads well and is refused when the build is planned.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENV MODE=⟦\${MODE:=fast}⟧
          COPY --chmod=⟦rwx⟧ run.sh /
          COPY ⟦https://example.org/tool⟧ /usr/local/bin/
          RUN ⟦--mount=type=cache⟧ make
          STOPSIGNAL ⟦SIGNOTHING⟧
        `,
      },
      {
        title: "A heredoc that never ends.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN ⟦<<EOF⟧
          echo hello
           EOF
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          ARG VERSION=3.20
          FROM alpine:$VERSION AS build
          # compiles
          RUN <<EOF
          echo hello
          EOF
        `,
      },
      {
        title: "What has rules of its own: DFL902, DFL903, DFL906, DFL907.",
        dockerfile: dockerfile`
          LABEL version=1
          FROM alpine:3.20
          ONBUILD FROM alpine:3.20
          CPOY a b
          COPY --frm=build a b
        `,
      },
    ],
  }),
  visit: {
    file({ problems }, context) {
      for (const { code, phase, message, advice, span } of problems) {
        if (context.compat === "hadolint" ? !stopsHadolint(code, phase) : OTHERS.has(code)) continue;
        context.report({ at: span, message: `BuildKit refuses this: ${message}. ${advice}` });
      }
      if (problems.length > 0 || context.compat === "hadolint") return;
      for (const { code, message, advice, span, instruction } of refusalsOf(context.model)) {
        // Preset buildkit has no other rule for what stops a build, but for ports.
        const told = TOLD_BY_OTHERS.has(code) || isImageOf(instruction, span);
        if (context.compat === "buildkit" ? code === "invalid-port" : told) continue;
        context.report({
          at: span,
          ...(instruction && { instruction }),
          message: `BuildKit refuses this: ${message}. ${advice}`,
        });
      }
    },
  },
});

/** What has rules of its own. */
const OTHERS: ReadonlySet<ProblemCode> = new Set([
  "unknown-instruction",
  "unknown-flag",
  "no-stage",
  "forbidden-trigger",
]);

/** The image of a FROM is DFL703's. */
function isImageOf(instruction: Instruction | undefined, { start }: Span): boolean {
  return instruction?.keyword === "FROM" && instruction.image?.span.start === start;
}

const TOLD_BY_OTHERS: ReadonlySet<Refusal["code"]> = new Set([
  // Stages are DFL304's, DFL305's and DFL309's; ports are DFL801's.
  "invalid-stage",
  "later-stage",
  "invalid-port",
]);

/** Whether hadolint reads the file no further either; it looks neither at where instructions stand nor at values. */
function stopsHadolint(code: ProblemCode, phase: string): boolean {
  return phase === "parser" || code === "unknown-instruction";
}
