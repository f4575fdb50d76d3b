import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { isArchiveName, sourceKind } from "../semantics/paths/source-kind.ts";
import type { AddInstruction } from "../syntax/nodes.ts";
import { flagNamed } from "../syntax/nodes.ts";

/** `.`, `..`, `dir/`, `dir/.` */
const FOLDER = /(?:^|\/)\.{0,2}$/;

export const rule: Rule = defineRule({
  code: "DFL431",
  name: "add-local",
  aliases: ["DL3020"],
  category: "copy",
  severity: { recommended: "warning", hadolint: "error" },
  scope: "all",
  fix: "safe",
  summary: "ADD is used where COPY does the same",
  docs: (): RuleDocs => ({
    why: `
      ADD does three things that COPY does not: it unpacks archives, downloads URLs and clones repositories. For plain
      files none of that is wanted, and it comes by surprise: a file that happens to be a tar archive arrives
      unpacked. COPY says what is meant, so ADD is left for where it is needed.

      The fix is safe for folders and for files whose names say that they are no archives; for a name without an
      ending it is a suggestion, since ADD looks at the content.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          ⟦ADD⟧ . /app
        `,
        fixed: dockerfile`
          FROM node:20-slim
          COPY . /app
        `,
      },
      {
        title: "Flags and layout stay; so does the case of the word.",
        dockerfile: dockerfile`
          FROM node:20-slim
          ⟦add⟧ --chown=node:node \
              # the manifest
              package.json package-lock.json \
              /app/
        `,
        fixed: dockerfile`
          FROM node:20-slim
          copy --chown=node:node \
              # the manifest
              package.json package-lock.json \
              /app/
        `,
      },
      {
        title: "A heredoc is a file like any other.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ⟦ADD⟧ <<EOF /etc/motd
          Welcome
          EOF
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          COPY <<EOF /etc/motd
          Welcome
          EOF
        `,
      },
      {
        title: "An archive among them is to be unpacked, so it takes two instructions: no fix.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ⟦ADD⟧ rootfs.tar.gz motd.txt /
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ONBUILD ⟦ADD⟧ src/ /src/
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          ONBUILD COPY src/ /src/
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          COPY app.conf /etc/
          ADD rootfs.tar.xz /
        `,
      },
      {
        title: "Downloads and repositories are what ADD is for.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ADD --checksum=sha256:2f1d7cb2a0a4ba4fa5ae8b5b5ad1a7c1eea7ae1a5a3b6b5bf0c7e7d9d5d7cc65 https://example.org/tool /bin/
          ADD git@github.com:example/repository.git#v1.2.3 /src
        `,
      },
      {
        title: "Who builds it says what it is.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ARG ROOTFS
          ADD $ROOTFS /
        `,
      },
    ],
  }),
  visit: {
    ADD(add, context) {
      if (add.destination === undefined) return;
      const plain = plainSources(add, context);
      const [first] = plain;
      if (first === undefined) return;
      const others = plain.length > 1 ? ` and ${plain.length - 1} more` : "";
      const isWhole = plain.length === add.sources.length + add.heredocs.length;
      context.report({
        at: add.name.span,
        message: `ADD of ${first}${others} does what COPY does, and would unpack an archive without being asked; write COPY, and leave ADD for archives, URLs and repositories.`,
        ...(isWhole && !hasOwnFlag(add) && { fixes: [fixOf(add, plain, context)] }),
      });
    },
  },
});

/** The sources that COPY takes as well. */
function plainSources(add: AddInstruction, context: RuleContext): string[] {
  const { compat, model } = context;
  if (compat === "hadolint") {
    if (add.onbuild !== undefined) return [];
    const written = [
      ...add.sources.map(({ text }) => unquoted(text)),
      ...add.heredocs.map(({ word }) => word.text),
    ];
    return written.filter((source) => !isArchiveName(source) && !/^https?:\/\//.test(source));
  }
  const values = add.sources.map((word) =>
    add.json && !word.text.includes("$") ? word.text : model.expand(word, add).value,
  );
  const local = values.filter(
    (value): value is string =>
      value !== undefined && value !== "" && sourceKind(value) === "local" && !isArchiveName(value),
  );
  return [...local, ...add.heredocs.map(({ word }) => word.text)];
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/s, "$2");
}

/** Whether it has a flag that COPY does not know. */
function hasOwnFlag(add: AddInstruction): boolean {
  return ["checksum", "keep-git-dir", "unpack"].some((name) => flagNamed(add, name) !== undefined);
}

function fixOf(add: AddInstruction, sources: readonly string[], { context }: RuleContext): OfferedFix {
  const { name } = add;
  const newText = name.text === name.text.toLowerCase() ? "copy" : "COPY";
  const isSurelyPlain = (source: string): boolean =>
    FOLDER.test(source) ||
    /\.[\w-]+$|^\d*<</.test(source) ||
    (context !== undefined && context.source.list(source.replace(/^\.?\//, "")).length > 0);
  return {
    title: `Replace ${name.text} with ${newText}`,
    edits: [{ span: name.span, newText }],
    applicability: sources.every(isSurelyPlain) ? "safe" : "suggestion",
  };
}
