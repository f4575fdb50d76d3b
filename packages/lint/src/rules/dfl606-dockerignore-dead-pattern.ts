import { Dockerignore, type IgnorePattern } from "docker-engine-sdk/dockerignore";
import type { ContextFacts } from "../linter/facts/context-facts.ts";
import { deadPatterns } from "../linter/build-context/dead-patterns.ts";
import { ignoreLines, removeIgnoreLine } from "../linter/build-context/ignore-lines.ts";
import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { takenPaths } from "../semantics/paths/taken-paths.ts";

/** Distinct names after which nothing is compared any more. */
const NAME_LIMIT = 20_000;

export const rule: Rule = defineRule({
  code: "DFL606",
  name: "dockerignore-dead-pattern",
  category: "context",
  severity: "info",
  scope: "all",
  fix: "safe",
  summary: "A pattern of .dockerignore has no effect",
  docs: (): RuleDocs => ({
    why: `
      Whoever wrote the pattern believes that it keeps something out, or brings something back. It does not where
      another pattern covers it, where an exception stands above all that it could except, and where it leads out of the
      context. And unlike in \`.gitignore\`, a pattern without a slash matches at the top of the context only: \`*.pyc\`
      leaves those in folders where they are, which \`**/*.pyc\` matches at any depth. That last kind is reported where
      the context holds such files, and its fix is a suggestion.

      A pattern for files that are not there yet is left alone.
    `,
    bad: [
      {
        dockerignore:
          "⟦!keep.txt⟧\nnode_modules\n*.log\n⟦node_modules⟧\n⟦/node_modules/.cache⟧\n⟦debug.log⟧\n⟦../secrets⟧\n!a.log\n⟦!a.log⟧\n",
        fixedDockerignore: "node_modules\n*.log\n!a.log\n",
        dockerfile: dockerfile`FROM alpine:3.20`,
      },
      {
        title: "At the top only.",
        files: {
          "app/main.py": "",
          "app/__pycache__/main.pyc": "",
          "app/lib/a.pyc": "",
          "requirements.txt": "",
        },
        dockerignore: "⟦__pycache__/⟧\n⟦*.pyc⟧\n*.md\n",
        fixedDockerignore: "**/__pycache__/\n**/*.pyc\n*.md\n",
        dockerfile: dockerfile`
          FROM python:3.12-slim
          COPY . /app
        `,
      },
    ],
    good: [
      {
        files: { "a.pyc": "", "b/a.pyc": "", "b/c.txt": "" },
        dockerignore: "*.pyc\n**/c.txt\n.env\n*\n!b\nb/d\n!b/d/e\n",
        dockerfile: dockerfile`
          FROM python:3.12-slim
          COPY . /app
        `,
      },
    ],
  }),
  visit: {
    ignoreFile({ text, path }, context) {
      const facts = context.context;
      if (facts === undefined || facts.ignoreProblem !== undefined) return;
      const lines = ignoreLines(text);
      const dead = deadPatterns(facts.ignore.patterns);
      for (const { pattern, why } of dead) {
        const line = lines.get(pattern.line);
        if (line === undefined) continue;
        context.report({
          target: "dockerignore",
          at: line.span,
          message: `This pattern of ${path} has no effect: ${why}; remove it.`,
          fixes: [{ title: "Remove the pattern", edits: [removeIgnoreLine(line)] }],
        });
      }
      const known = new Set(dead.map(({ pattern }) => pattern));
      for (const { pattern, example } of topOnly(facts, known, context)) {
        const line = lines.get(pattern.line);
        if (line === undefined) continue;
        const start = line.span.end - line.text.replace(/^(?:\.?\/)+/, "").length;
        context.report({
          target: "dockerignore",
          at: line.span,
          message: `This pattern of ${path} matches at the top of the context only, where nothing has such a name, and ${example} is sent; write **/${pattern.pattern}.`,
          fixes: [
            {
              title: `Write **/${pattern.pattern}`,
              applicability: "suggestion",
              edits: [{ span: { start: line.span.start, end: start }, newText: "**/" }],
            },
          ],
        });
      }
    },
  },
});

/** Patterns that match nothing at the top, and the names of something below that is sent. */
function topOnly(
  facts: ContextFacts,
  dead: ReadonlySet<IgnorePattern>,
  context: RuleContext,
): { readonly pattern: IgnorePattern; readonly example: string }[] {
  const { stages } = context.model;
  const takes = stages.length === 0 || stages.some((stage) => takenPaths(stage, context.model).length > 0);
  const candidates = facts.ignore.patterns.filter(
    (pattern) => !pattern.negated && !dead.has(pattern) && !/\/|^\*+$/.test(pattern.pattern),
  );
  // The folder is walked for those that copy from it anyway.
  if (!takes || candidates.length === 0) return [];
  const top = new Set<string>();
  const below = new Map<string, string>();
  for (const { path, ignored } of facts.entries) {
    const slash = path.lastIndexOf("/");
    if (slash === -1) top.add(path);
    else if (!ignored && !below.has(path.slice(slash + 1))) below.set(path.slice(slash + 1), path);
  }
  if (top.size + below.size > NAME_LIMIT) return [];
  return candidates.flatMap((pattern) => {
    const alone = new Dockerignore([{ text: pattern.pattern, line: pattern.line }]);
    if ([...top].some((name) => alone.ignores(name))) return [];
    const found = [...below].find(([name]) => alone.ignores(name));
    return found === undefined ? [] : [{ pattern, example: found[1] }];
  });
}
