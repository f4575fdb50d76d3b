import { sentBelow, type ContextFacts } from "../linter/facts/context-facts.ts";
import { ignoringLine } from "../linter/build-context/ignoring-line.ts";
import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { takenPaths, type TakenPath } from "../semantics/paths/taken-paths.ts";

const CATCH_ALL: ReadonlySet<string> = new Set(["*", "**", "**/*"]);

export const rule: Rule = defineRule({
  code: "DFL605",
  name: "copy-ignored",
  aliases: ["CopyIgnoredFile"],
  category: "context",
  severity: "error",
  scope: "all",
  summary: "COPY or ADD takes what .dockerignore keeps out",
  docs: (): RuleDocs => ({
    why: `
      What the ignore file keeps out is not sent to the builder. The COPY then fails with "not found", though the file
      lies there for everybody to see, or it copies an empty folder. Take the path out of the ignore file, or bring it
      back with \`!path\` below the pattern. A folder of which a part is sent is fine.

      The rule looks at the ignore file that applies, \`NAME.dockerignore\` beside the Dockerfile before \`.dockerignore\`.
    `,
    bad: [
      {
        files: { "server.js": "", "README.md": "", "dist/app.js": "" },
        dockerignore: "*.md\ndist\n",
        dockerfile: dockerfile`
          FROM node:20-slim
          COPY server.js ⟦README.md⟧ /app/
          ADD ⟦./dist⟧ /app/dist
          RUN ⟦--mount=type=bind,source=dist/app.js,target=/app.js⟧ node /app.js
        `,
      },
      {
        title: "Everything is kept out; what a pattern matches as well.",
        files: { "a.log": "", "b.log": "" },
        dockerignore: "**\n",
        dockerfile: dockerfile`
          FROM alpine:3.20
          COPY ⟦.⟧ /app
          COPY ⟦*.log⟧ /logs/
        `,
      },
      {
        title: "An exception for something else does not help.",
        files: { "src/a.js": "", "docs/a.md": "" },
        dockerignore: "*\n!src\n",
        dockerfile: dockerfile`
          FROM alpine:3.20
          COPY ⟦docs⟧ /docs
        `,
      },
    ],
    good: [
      {
        files: { "src/a.js": "", "src/a.test.js": "", "lib/b.js": "" },
        dockerignore: "*\n!src\n**/*.test.js\n",
        dockerfile: dockerfile`
          FROM node:20-slim AS build
          COPY . /app
          COPY src/*.js /app/
          FROM node:20-slim
          COPY --from=build /app/lib /lib
          ADD https://example.org/lib.tar /lib/
          COPY <<lib /lib/b.js
          lib
        `,
      },
    ],
  }),
  visit: {
    stage(stage, context) {
      const facts = context.context;
      if (facts?.ignoreFile === undefined || facts.ignore.patterns.length === 0) return;
      if (context.compat === "buildkit" && facts.ignore.hasExceptions) return;
      for (const taken of takenPaths(stage, context.model)) {
        if (context.compat === "buildkit" && taken.instruction.keyword === "RUN") continue;
        if (isKeptOut(taken, facts, context)) report(taken, facts.ignoreFile.path, facts, context);
      }
    },
  },
});

function isKeptOut({ path }: TakenPath, facts: ContextFacts, { compat }: RuleContext): boolean {
  const { ignore } = facts;
  if (compat === "buildkit") {
    return path === "" ? ignore.patterns.some(({ pattern }) => CATCH_ALL.has(pattern)) : ignore.ignores(path);
  }
  if (path === "") return facts.entries.length > 0 && sentBelow(facts, "").files === 0;
  // What the text of a pattern of paths matches, all paths that it stands for match, too.
  if (ignore.ignores(path)) return !ignore.hasExceptions || sentBelow(facts, path).files === 0;
  return false;
}

function report(
  { path, span, instruction }: TakenPath,
  file: string,
  facts: ContextFacts,
  context: RuleContext,
): void {
  const cause = path === "" ? undefined : ignoringLine(path, facts);
  const what = path === "" ? "Nothing of the context" : `${path} never`;
  const where = cause === undefined ? file : `line ${cause.line} of ${file} (${cause.pattern})`;
  context.report({
    at: span,
    instruction,
    aliases: instruction.keyword === "RUN" ? [] : ["CopyIgnoredFile"],
    message: `${what} reaches the builder: ${where} keeps it out, so this ${path === "" ? "copies nothing" : "fails or finds nothing"}; take the pattern out, or add !${path === "" ? "path" : path} below it.`,
  });
}
