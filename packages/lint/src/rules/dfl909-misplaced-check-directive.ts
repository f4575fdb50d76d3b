import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { Span } from "../source/span.ts";
import type { Comment, Dockerfile, Instruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL909",
  name: "misplaced-check-directive",
  category: "syntax",
  severity: "warning",
  scope: "all",
  summary: "BuildKit does not heed a # check= where it stands, or not all of it",
  docs: (): RuleDocs => ({
    why: `
      \`# check=skip=…;error=…;experimental=…\` counts for the file only in the lines at its very top, where directives
      stand, without an empty line or another comment before it. Elsewhere it is a comment of the next instruction, of
      which BuildKit takes the first \`skip=\` and nothing else; indented, between the lines of an instruction or cut
      off by an empty comment line it is nothing. The value ends at the first blank: \`skip=A, B\` skips A. What was to
      be muted is reported, and what was to fail the build does not fail it.
    `,
    bad: [
      {
        title: "A comment in front of it ends the directives.",
        dockerfile: dockerfile`
          # The image of the service.
          # ⟦check=error=true⟧
          FROM alpine:3.20
        `,
      },
      {
        title: "The value ends at the blank.",
        dockerfile: dockerfile`
          # check=skip=JSONArgsRecommended,⟦ StageNameCasing⟧
          FROM alpine:3.20
          # check=skip=JSONArgsRecommended;⟦experimental=all⟧
          CMD echo hello
        `,
      },
      {
        title: "Indented, second, between lines, cut off, with nothing below it.",
        dockerfile: dockerfile`
          FROM alpine:3.20
            # ⟦check=skip=UndefinedVar⟧
          COPY $A /b
          # check=skip=UndefinedVar
          # ⟦check=skip=WorkdirRelativePath⟧
          WORKDIR $A
          RUN echo a \
          # ⟦check=skip=UndefinedVar⟧
            && echo b
          # ⟦check=skip=JSONArgsRecommended⟧
          #
          CMD echo hello
          # ⟦check=skip=all⟧
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          # syntax=docker/dockerfile:1
          # check=skip=StageNameCasing,FromAsCasing;error=true
          FROM alpine:3.20 AS Build
          # check=skip=JSONArgsRecommended // the shell expands it
          CMD echo $HOME
        `,
      },
      {
        title: "Prose.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          # check that it starts
          CMD ["true"]
        `,
      },
    ],
  }),
  visit: {
    file(file, context) {
      const { directives, comments, source } = file;
      if (!/check\s*=/i.test(source.text)) return;
      for (const { name, valueSpan } of directives) if (name === "check") checkValue(valueSpan, context);
      const tops = new Set(directives.map(({ line }) => line));
      let owners: ReadonlyMap<Comment, Owner> | undefined;
      for (const comment of comments) {
        if (tops.has(comment.line) || !CHECK.test(comment.text)) continue;
        owners ??= ownersOf(file);
        checkComment(comment, owners.get(comment), context);
      }
    },
  },
});

const CHECK = /^check\s*=/i;

/** The instruction that a comment belongs to, and whether BuildKit reads the comment for it. */
interface Owner {
  readonly instruction: Instruction;
  readonly counts: boolean;
}

function ownersOf({ instructions }: Dockerfile): Map<Comment, Owner> {
  const owners = new Map<Comment, Owner>();
  for (const instruction of instructions) {
    let isFirst = true;
    for (const comment of instruction.comments) {
      if (comment.indented || !CHECK.test(comment.text)) continue;
      owners.set(comment, { instruction, counts: isFirst });
      isFirst = false;
    }
  }
  return owners;
}

function checkComment(comment: Comment, owner: Owner | undefined, context: RuleContext): void {
  const { text, indented, inner } = comment;
  const start = context.source.text.indexOf(text, comment.span.start + 1);
  const at = { start, end: start + text.length };
  const report = (place: Span, why: string): void =>
    context.report({ at: place, ...owner, message: `BuildKit does not heed this: ${why}.` });
  if (inner) report(at, "it stands between the lines of an instruction; put it above the instruction");
  else if (indented) report(at, "it is indented; let the line begin with the #");
  else if (owner === undefined) {
    report(
      at,
      "no instruction follows it, or an empty comment line cuts it off; put it right above the instruction",
    );
  } else if (!owner.counts) {
    report(at, "another check= stands above the same instruction; write one, with the names between commas");
  } else {
    const valueStart = start + (/^check\s*=\s*/i.exec(text)?.[0].length ?? 0);
    const value = /^\S*/.exec(context.source.text.slice(valueStart, at.end))?.[0] ?? "";
    for (const match of value.matchAll(/[^;]+/g)) {
      if (!/^(?:error|experimental)=/i.test(match[0])) continue;
      const from = match[0] === value ? start : valueStart + match.index;
      report(
        { start: from, end: valueStart + match.index + match[0].length },
        `${match[0].split("=", 1)[0]}= counts in the directives at the top of the file alone; move it there, with nothing but directives before it`,
      );
    }
    checkValue({ start: valueStart, end: at.end }, context);
  }
}

/** All behind the first blank is dropped; a reason is meant to be. */
function checkValue(span: Span, context: RuleContext): void {
  const value = context.source.slice(span);
  const blank = value.search(/\s/);
  const rest = value.slice(blank);
  if (blank === -1 || /^\s+(?:\/\/|$)/.test(rest)) return;
  context.report({
    at: { start: span.start + blank, end: span.start + value.replace(/\s+\/\/.*$/, "").length },
    message:
      "BuildKit reads up to the first blank and drops this; write the names between commas, without blanks.",
  });
}
