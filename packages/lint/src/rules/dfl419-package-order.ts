import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { packageCallsOf, type ManagerName } from "../shell/commands.ts";
import type { ShellWord } from "../shell/nodes.ts";
import type { RunInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL419",
  name: "package-order",
  category: "packages",
  severity: { recommended: "off", strict: "style" },
  scope: "all",
  fix: "safe",
  summary: "A list of packages is not in order",
  docs: (): RuleDocs => ({
    why: `
      In alphabetical order a package is found at once, none is listed twice, and two people who add one rarely get into
      each other's way. The case of letters does not count. Lists that hold variables or comments are left as they are.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y --no-install-recommends \
                  curl \
                  ⟦ca-certificates⟧ \
                  git \
              && rm -rf /var/lib/apt/lists/*
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y --no-install-recommends \
                  ca-certificates \
                  curl \
                  git \
              && rm -rf /var/lib/apt/lists/*
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache tini=0.19.0-r3 ⟦bash⟧ jq
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache bash jq tini=0.19.0-r3
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache --virtual .build bash g++ Xvfb
          RUN apk add --no-cache zip $MORE bash
        `,
      },
      {
        title: "A comment says what belongs together.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get install -y \
              # for the build
              gcc \
              make \
              # for the tests
              curl
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run);
      if (script === undefined || run.innerComments.length > 0) return;
      for (const call of packageCallsOf(script)) {
        if (call.action !== "install" || !SYSTEM.has(call.manager)) continue;
        const words = call.packages.map(({ word }) => word);
        if (words.some(({ value, glob }) => value === undefined || glob)) continue;
        const sorted = words.toSorted((left, right) => compare(left.prefix, right.prefix));
        const first = words.find(
          (word, at) => at > 0 && compare(words[at - 1]?.prefix ?? "", word.prefix) > 0,
        );
        if (first === undefined) continue;
        context.report({
          at: first.span,
          message: `${first.text} stands out of order among ${words.length} packages; keep the list in alphabetical order, so that nothing is listed twice.`,
          fixes: script.form === "exec" || !isPlain(words, context) ? [] : fixFor(words, sorted, run),
        });
      }
    },
  },
});

/** In what other managers install, the order may matter. */
const SYSTEM: ReadonlySet<ManagerName> = new Set(["apt", "apk", "yum", "dnf", "zypper"]);

function compare(left: string, right: string): number {
  const [a, b] = [left.toLowerCase(), right.toLowerCase()];
  return a < b ? -1 : Number(a > b);
}

/** Whether there is no comment between the words, as in a heredoc, and each stands in the file as the shell reads it. */
function isPlain(words: readonly ShellWord[], { source }: RuleContext): boolean {
  const start = words[0]?.span.end ?? 0;
  const end = words.at(-1)?.span.start ?? start;
  return (
    !/(?:^|\s)#/.test(source.text.slice(start, end)) &&
    words.every(({ text, span }) => source.slice(span) === text)
  );
}

function fixFor(
  words: readonly ShellWord[],
  sorted: readonly ShellWord[],
  { onbuild }: RunInstruction,
): OfferedFix[] {
  if (onbuild !== undefined) return [];
  const edits = words.flatMap((word, at) => {
    const newText = sorted[at]?.text ?? word.text;
    return newText === word.text ? [] : [{ span: word.span, newText }];
  });
  return [{ title: "Sort the packages", edits }];
}
