import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { checkedTriggers } from "../semantics/stages/onbuild-triggers.ts";
import { insertion, type Edit } from "../source/edit.ts";
import type { EnvInstruction, KeyValue, LabelInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL707",
  name: "legacy-key-value",
  aliases: ["LegacyKeyValueFormat"],
  category: "variables",
  severity: { recommended: "info", strict: "warning" },
  scope: "all",
  fix: "safe",
  summary: "ENV or LABEL is written with a blank instead of =",
  docs: (): RuleDocs => ({
    why: `
      In the old form \`ENV name value\` all that follows the name is the value: \`ENV A=1\` and \`ENV A 1\` are
      the same, but \`ENV A 1 B=2\` sets only \`A\`, to \`1 B=2\`, and so does a comment at the end. BuildKit warns of it and
      may stop reading it.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENV ⟦MODE⟧ production
          LABEL ⟦description⟧ An image of ours
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          ENV MODE=production
          LABEL description="An image of ours"
        `,
      },
      {
        title: "Not two variables, but one. Layout and comments stay.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENV ⟦FLAGS⟧ -a \
              # and more
              -b B=\${C:-2}
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          ENV FLAGS="-a \
              # and more
              -b B=\${C:-2}"
        `,
      },
      {
        title: "Quotes around all of it stay; quotes in it are taken off, as the builder does.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENV ⟦A⟧ "one two"
          ENV ⟦B⟧ x  'y z'  # w
          ENV ⟦C⟧ a "$D"
          ENV ⟦E⟧ ="f"
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          ENV A="one two"
          ENV B="x  y z  # w"
          ENV C a "$D"
          ENV E ="f"
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENV MODE=production LEVEL=3
          LABEL description="An image of ours"
        `,
      },
      {
        title: "ARG has no old form: these are two.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ARG A B
        `,
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      // BuildKit reads what ONBUILD holds where it is triggered.
      if (context.compat !== "buildkit") return;
      for (const trigger of checkedTriggers(context.stage)) {
        if (trigger.keyword !== "ENV" && trigger.keyword !== "LABEL") continue;
        for (const { key, legacy } of trigger.pairs) {
          if (legacy) context.report({ at: from.name.span, message: messageFor(trigger.keyword, key.text) });
        }
      }
    },
    ENV: check,
    LABEL: check,
  },
});

function messageFor(keyword: string, key: string): string {
  return `${keyword} ${key} is written with a blank instead of "=", so all that follows is its value, further names and comments included; write ${keyword} ${key}=value.`;
}

function check(instruction: EnvInstruction | LabelInstruction, context: RuleContext): void {
  for (const pair of instruction.pairs) {
    if (!pair.legacy) continue;
    const edits = editsOf(pair, context.dockerfile.escape, context);
    context.report({
      at: pair.key.span,
      message: messageFor(instruction.keyword, pair.key.text),
      ...(edits && { fixes: [{ title: `Write ${pair.key.text}=…`, edits }] }),
    });
  }
}

/** Undefined where quotes, escapes and variables are mixed so that a person should write it. */
function editsOf({ key, value }: KeyValue, escape: string, { source }: RuleContext): Edit[] | undefined {
  const between = { start: key.span.end, end: value.span.start };
  // Continuation lines between name and value stay.
  if (source.slice(between).trim() !== "") return undefined;
  const { text } = value;
  // `ENV name =value` was meant otherwise than it is read, so that writing it anew would only hide that.
  if (text.startsWith("=")) return undefined;
  const isWord = !/\s/.test(text);
  const isQuoted = /^"[^"]*"$|^'[^']*'$/.test(text) && !text.includes(escape);
  if (isWord || isQuoted) return [{ span: between, newText: "=" }];
  if (text.includes(escape)) return undefined;
  if (!/["']/.test(text)) {
    return [{ span: between, newText: '="' }, insertion(value.span.end, '"')];
  }
  const plain = text.replace(/"([^"]*)"|'([^']*)'/g, "$1$2");
  if (/["'$]/.test(plain) || text.includes("$") || source.slice(value.span) !== text) return undefined;
  return [
    { span: between, newText: "=" },
    { span: value.span, newText: `"${plain}"` },
  ];
}
