import { ignoreLines, type IgnoreLine } from "../linter/build-context/ignore-lines.ts";
import { defineRule, dockerfile, type OfferedFix, type Rule, type RuleDocs } from "../linter/rule.ts";
import { insertion } from "../source/edit.ts";
import type { Span } from "../source/span.ts";

export const rule: Rule = defineRule({
  code: "DFL607",
  name: "dockerignore-comment",
  category: "context",
  severity: "warning",
  scope: "all",
  fix: "suggestion",
  summary: "A line of .dockerignore is not read as it was meant: comments, quotes, backslashes",
  docs: (): RuleDocs => ({
    why: `
      A comment is a line that begins with \`#\`, in the first column. Behind a pattern, or indented, it is part of
      a pattern that matches nothing, and what was to stay out is sent. The same goes for quotes, which are characters
      like others, for \`\\\` as it separates folders on Windows, which takes the next character as it stands, and for
      \`[!a]\`: the sign that negates is \`^\`.
    `,
    bad: [
      {
        dockerignore: "node_modules ⟦# installed in the image⟧\n  ⟦#⟧ secrets\n.env\n",
        fixedDockerignore: "# installed in the image\nnode_modules\n# secrets\n.env\n",
        dockerfile: dockerfile`FROM alpine:3.20`,
      },
      {
        title: "Separators of Windows, quotes, a range that does not negate.",
        dockerignore: 'bin⟦\\⟧Debug⟦\\⟧*.pdb\n⟦"my notes"⟧\n*.⟦[!o]⟧\n',
        fixedDockerignore: "bin/Debug/*.pdb\nmy notes\n*.[^o]\n",
        dockerfile: dockerfile`FROM alpine:3.20`,
      },
    ],
    good: [
      {
        dockerignore: "# comments\n#\n\\#files\nC#\na\\ b\n\\!c\n[^o]\nit's\n",
        dockerfile: dockerfile`FROM alpine:3.20`,
      },
    ],
  }),
  visit: {
    ignoreFile({ text, path }, context) {
      const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
      for (const line of ignoreLines(text).values()) {
        for (const { start, end, problem, fix } of faultsOf(line, lineEnd)) {
          const at = { start: line.span.start + start, end: line.span.start + end };
          context.report({ target: "dockerignore", at, message: `${problem} (${path}).`, fixes: [fix] });
        }
      }
    },
  },
});

interface Fault extends Span {
  readonly problem: string;
  readonly fix: OfferedFix;
}

function faultsOf(line: IgnoreLine, lineEnd: string): Fault[] {
  const { text, span, whole, indent } = line;
  if (text.startsWith("#")) {
    const problem =
      "A # is a comment in the first column alone: indented, this is a pattern that matches nothing; begin the line with it";
    const edit = { span: { start: whole.start, end: whole.start + indent.length }, newText: "" };
    // It matches nothing, so nothing else becomes of the context.
    return [
      {
        start: 0,
        end: 1,
        problem,
        fix: { title: "Begin the line with #", applicability: "safe", edits: [edit] },
      },
    ];
  }
  const comment = /\s+(#.*)$/.exec(text);
  if (comment !== null) {
    const start = comment.index + comment[0].length - (comment[1]?.length ?? 0);
    const problem =
      "A comment behind a pattern is none: it is part of the pattern, which matches nothing so; put it on a line of its own";
    const edits = [
      insertion(whole.start, `${comment[1]}${lineEnd}`),
      { span: { start: span.start + comment.index, end: span.end }, newText: "" },
    ];
    return [
      { start, end: text.length, problem, fix: { title: "Put the comment on a line of its own", edits } },
    ];
  }
  const quoted = /^!?(?=["'])(["'])(.*)\1$/.exec(text);
  if (quoted !== null) {
    const start = text.startsWith("!") ? 1 : 0;
    const edit = { span: { start: span.start + start, end: span.end }, newText: quoted[2] ?? "" };
    const problem =
      "Quotes are characters like others here, and no path has them; write the pattern without, blanks included";
    return [{ start, end: text.length, problem, fix: { title: "Take the quotes off", edits: [edit] } }];
  }
  return [...separators(line), ...negations(line)];
}

function separators({ text, span }: IgnoreLine): Fault[] {
  return [...text.matchAll(/\\+(?=[\w.*-])/g)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
    problem: "A \\ separates no folders, on no system: it takes the next character as it stands; write /",
    fix: {
      title: "Write /",
      edits: [{ span: { start: span.start + index, end: span.start + index + length }, newText: "/" }],
    },
  }));
}

function negations({ text, span }: IgnoreLine): Fault[] {
  return [...text.matchAll(/\[!([^\]]+)\]/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    problem: `${match[0]} matches "!" or one of the others: what negates is ^; write [^${match[1]}]`,
    fix: {
      title: `Write [^${match[1]}]`,
      edits: [
        { span: { start: span.start + match.index + 1, end: span.start + match.index + 2 }, newText: "^" },
      ],
    },
  }));
}
