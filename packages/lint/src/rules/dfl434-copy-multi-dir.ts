import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { insertion } from "../source/edit.ts";
import type { AddInstruction, CopyInstruction, Word } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL434",
  name: "copy-multi-dir",
  aliases: ["DL3021"],
  category: "copy",
  severity: { recommended: "warning", strict: "error", hadolint: "error" },
  scope: "all",
  fix: "safe",
  summary: "Several files are copied to what is no folder",
  docs: (): RuleDocs => ({
    why: `
      A destination without a slash at its end is the name of a file, unless there is a folder of that name already.
      Where there is none, BuildKit copies each source to that name, one over the other, and says nothing: of
      \`COPY a.txt b.txt /app\` there is one file \`/app\` left, which holds what \`b.txt\` held. The classic builder
      refuses it in any case. With \`/app/\` both land in the folder, whether it was there or not.

      \`.\` and \`..\` are folders to BuildKit, and so nothing is reported for them.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          COPY package.json package-lock.json ⟦/app⟧
        `,
        fixed: dockerfile`
          FROM node:20-slim
          COPY package.json package-lock.json /app/
        `,
      },
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          ARG APP=/srv/app
          COPY --chown=node:node \
              # the manifest
              package.json \
              yarn.lock \
              ⟦"\${APP}"⟧
          COPY ["a b.txt", "c.txt", "⟦my docs⟧"]
        `,
        fixed: dockerfile`
          FROM node:20-slim
          ARG APP=/srv/app
          COPY --chown=node:node \
              # the manifest
              package.json \
              yarn.lock \
              "\${APP}/"
          COPY ["a b.txt", "c.txt", "my docs/"]
        `,
      },
      {
        title: "ADD and heredocs are no different.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ADD a.txt https://example.org/b.txt ⟦docs⟧
          COPY <<one <<two ⟦/etc/app.d⟧
          1
          one
          2
          two
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          ADD a.txt https://example.org/b.txt docs/
          COPY <<one <<two /etc/app.d/
          1
          one
          2
          two
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          COPY package.json package-lock.json ./
          COPY tsconfig.json *.config.js .
          COPY app.json /etc/app.json
        `,
      },
      {
        title: "A pattern may match one file, and a variable may end in a slash.",
        dockerfile: dockerfile`
          FROM eclipse-temurin:21-jre
          ARG TARGET
          COPY target/*.jar app.jar
          COPY a b $TARGET
        `,
      },
      {
        dockerfile: dockerfile`
          # escape=\`
          FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
          COPY a.txt b.txt C:\app\
        `,
      },
    ],
  }),
  visit: {
    COPY: check,
    ADD(add, context) {
      if (context.compat !== "hadolint") check(add, context);
    },
  },
});

function check(copy: CopyInstruction | AddInstruction, context: RuleContext): void {
  const { destination, sources, heredocs } = copy;
  const count = sources.length + heredocs.length;
  if (destination === undefined || count < 2) return;
  const folder =
    context.compat === "hadolint"
      ? copy.onbuild !== undefined || /\/["']?$/.test(destination.text)
      : isFolder(context.model.expand(destination, copy).value);
  if (folder) return;
  const at = endOf(destination);
  const { text } = destination;
  context.report({
    at: destination.span,
    message: isWorkdir(copy, context)
      ? `${text} is a folder only because WORKDIR made it, and the classic builder refuses ${count} sources all the same; end it with a slash.`
      : `${text} names a file, to which BuildKit copies all ${count} sources, one over the other, unless there is a folder of that name; end it with a slash, so that they land in a folder.`,
    fixes: [{ title: "Add a slash", edits: [insertion(at, "/")] }],
  });
}

/** Whether it is the folder, or one above it, that WORKDIR has made. */
function isWorkdir(copy: CopyInstruction | AddInstruction, { model }: RuleContext): boolean {
  const value = copy.destination && model.expand(copy.destination, copy).value;
  const workdir = copy.onbuild === undefined ? model.state(copy).workdir?.value : undefined;
  return value !== undefined && workdir !== undefined && `${workdir}/`.startsWith(`${value}/`);
}

/** Also where it is not known. */
function isFolder(path: string | undefined): boolean {
  return path === undefined || /(?:^|[/\\])\.{0,2}$/.test(path);
}

/** Where the slash goes: before a closing quote; that of a JSON string lies outside. */
function endOf({ span, text }: Word): number {
  return /^(["']).*\1$/s.test(text) ? span.end - 1 : span.end;
}
