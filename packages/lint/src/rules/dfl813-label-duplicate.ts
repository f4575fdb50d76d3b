import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { removeLines } from "../syntax/line-edits.ts";
import type { KeyValue, LabelInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL813",
  name: "label-duplicate",
  category: "labels",
  severity: { recommended: "info", strict: "warning" },
  scope: "reachable",
  fix: "safe",
  summary: "A label is set twice in one stage",
  docs: (): RuleDocs => ({
    why: `
      The later value wins, and the earlier one is in no image. Either it is left over, or another key was meant.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          LABEL ⟦org.opencontainers.image.version⟧=1.0
          LABEL org.opencontainers.image.title=tool \
                org.opencontainers.image.version=1.1
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          LABEL org.opencontainers.image.title=tool \
                org.opencontainers.image.version=1.1
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          LABEL ⟦"a.b"⟧=1 a.b=2
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20 AS base
          LABEL a.b=1
          FROM base
          LABEL a.b=2 a.c=3
        `,
      },
    ],
  }),
  visit: {
    stage(stage, context) {
      if (!context.model.has("LABEL")) return;
      const last = new Map<string, { readonly pair: KeyValue; readonly label: LabelInstruction }>();
      for (const label of stage.instructions) {
        if (label.keyword !== "LABEL") continue;
        for (const pair of label.pairs) {
          const key = context.model.expand(pair.key, label).value;
          if (key === undefined) continue;
          const earlier = last.get(key);
          last.set(key, { pair, label });
          if (earlier === undefined) continue;
          context.report({
            at: earlier.pair.key.span,
            instruction: earlier.label,
            message: `The label "${key}" is set again in line ${context.source.lineAt(pair.key.span.start)}, and that value wins; take this one out, or give it the key that was meant.`,
            related: [{ span: pair.key.span, message: "This value wins" }],
            fixes: fixesFor(earlier.label, context),
          });
        }
      }
    },
  },
});

function fixesFor(label: LabelInstruction, { source }: RuleContext): OfferedFix[] {
  return label.pairs.length === 1
    ? [{ title: "Take out the LABEL that has no effect", edits: [removeLines(source, label)] }]
    : [];
}
