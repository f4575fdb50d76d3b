import { defineRule, dockerfile, type OfferedFix, type Rule, type RuleDocs } from "../linter/rule.ts";
import type { SourceFile } from "../source/source-file.ts";
import { flagNamed, type Flag, type FromInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL205",
  name: "platform-redundant",
  aliases: ["DL3065", "RedundantTargetPlatform"],
  category: "base",
  severity: { recommended: "info", strict: "warning", hadolint: "warning" },
  scope: "all",
  fix: "safe",
  summary: "FROM asks for the target platform, which is what it gets anyway",
  docs: (): RuleDocs => ({
    why: `
      Without \`--platform\` a stage is based on the image for the platform that is built for. \`$TARGETPLATFORM\`
      says the same, and makes people look for the reason.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM --platform=⟦$TARGETPLATFORM⟧ alpine:3.20
        `,
        fixed: dockerfile`
          FROM alpine:3.20
        `,
      },
      {
        dockerfile: dockerfile`
          FROM --platform=⟦\${TARGETPLATFORM:-linux/amd64}⟧ alpine:3.20 AS app
        `,
        fixed: dockerfile`
          FROM alpine:3.20 AS app
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM --platform=$BUILDPLATFORM golang:1.23 AS build
          FROM alpine:3.20
          COPY --from=build /app /app
        `,
      },
      {
        title: "Without a variant it is another platform.",
        dockerfile: dockerfile`
          FROM --platform=$TARGETOS/$TARGETARCH alpine:3.20
        `,
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      const flag = flagNamed(from, "platform");
      const word = flag?.value;
      if (flag === undefined || word === undefined || !isTargetPlatform(word.text)) return;
      if (context.compat === "hadolint" && word.text.includes("-")) return;
      const own = context.model.state(from).variable("TARGETPLATFORM");
      if (own?.kind === "arg" && context.compat === undefined && own.value !== undefined) return;
      context.report({
        at: word.span,
        message: `${word.text} is the platform that a stage is based on anyway; leave --platform out.`,
        fixes: removal(from, flag, context.source),
      });
    },
  },
});

function isTargetPlatform(text: string): boolean {
  return /^\$(?:TARGETPLATFORM|\{TARGETPLATFORM(?::?-[^{}]*)?\})$/.test(text);
}

function removal(from: FromInstruction, flag: Flag, source: SourceFile): OfferedFix[] {
  const next = from.flags.find(({ span }) => span.start > flag.span.start)?.span ?? from.image?.span;
  if (next === undefined) return [];
  const gap = source.slice({ start: flag.span.end, end: next.start });
  const end = /^[ \t]+$/.test(gap) ? next.start : flag.span.end;
  return [
    {
      title: "Leave --platform out",
      edits: [{ span: { start: flag.span.start, end }, newText: "" }],
    },
  ];
}
