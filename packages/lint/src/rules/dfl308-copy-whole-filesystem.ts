import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { CopyInstruction } from "../syntax/nodes.ts";
import { parseImageReference } from "../semantics/images/image-reference.ts";
import { flagNamed, type Word } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL308",
  name: "copy-whole-filesystem",
  aliases: ["DL3067"],
  category: "stages",
  severity: { recommended: "warning", hadolint: "warning" },
  scope: "all",
  summary: "The whole filesystem of another stage is copied over this one",
  docs: (): RuleDocs => ({
    why: `
      \`COPY --from=build / /\` lays all of the other image over this one: its compilers and caches, its users and
      package database, which then no longer tells what is installed here. Every file that both have is in the image
      twice. A stage exists so that only its result is copied: name that, as in
      \`COPY --from=build /app/bin/server /usr/local/bin/\`.

      Over \`FROM scratch\` it flattens an image into one layer, which is a use of its own, and nothing is reported; nor for a
      stage on scratch, which holds nothing but results.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          RUN go build -o /out/server ./...
          FROM debian:12-slim
          COPY --from=build ⟦/⟧ /
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          COPY --from=busybox:1.36 --chown=0:0 \
              # everything
              ["⟦/.⟧", "/"]
          COPY --from=busybox:1.36 /etc/motd ⟦"/*"⟧ /
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          RUN go build -o /out/server ./...
          FROM debian:12-slim
          COPY --from=build /out/ /
          COPY --from=build / /mnt/build
        `,
      },
      {
        title: "Flattening an image on purpose.",
        dockerfile: dockerfile`
          FROM alpine:3.20 AS build
          RUN apk add --no-cache curl
          FROM scratch
          COPY --from=build / /
        `,
      },
      {
        title: "Nothing but a result, and an image that is made for it.",
        dockerfile: dockerfile`
          FROM --platform=$BUILDPLATFORM tonistiigi/xx:1.5.0 AS xx
          FROM scratch AS artifacts
          COPY dist /usr/local/bin/
          FROM --platform=$BUILDPLATFORM golang:1.23-alpine AS build
          COPY --from=xx / /
          FROM alpine:3.20
          COPY --from=artifacts / /
        `,
      },
      {
        title: "The root of the context.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          COPY / /
        `,
      },
    ],
  }),
  visit: {
    COPY(copy, context) {
      const from = flagNamed(copy, "from")?.value;
      const root = from === undefined ? undefined : copiedRoot(copy, context);
      if (from === undefined || root === undefined) return;
      if (context.compat !== "hadolint" && (context.stage?.base.scratch || holdsOnlyResults(from, context)))
        return;
      context.report({
        at: root.span,
        message: `This lays all of ${from.text} over this image, its tools and package database included, and whatever both have is there twice; copy only the paths that are needed.`,
      });
    },
  },
});

/** Images that are made to be laid over another one, and hold nothing but their own scripts. */
const OVERLAYS: ReadonlySet<string> = new Set(["tonistiigi/xx"]);

/** Whether what is copied holds no system of its own: a stage on scratch, or an image made for it. */
function holdsOnlyResults({ text }: Word, { model, stage }: RuleContext): boolean {
  const image = model.stageNamed(text, stage)?.image;
  if (image?.scratch === true) return true;
  const reference = image === undefined ? parseImageReference(text) : image.reference;
  return reference !== undefined && OVERLAYS.has(reference.repository);
}

/** The source that is the root, where it is copied over the root. */
function copiedRoot(copy: CopyInstruction, context: RuleContext): Word | undefined {
  const { destination, sources } = copy;
  if (destination === undefined) return undefined;
  if (context.compat === "hadolint") {
    if (copy.onbuild !== undefined || unquoted(destination) !== "/") return undefined;
    return sources.find((source) => unquoted(source) === "/");
  }
  const value = (word: Word): string | undefined => context.model.expand(word, copy).value;
  if (value(destination)?.replace(/^\/\.?\/*$/, "/") !== "/") return undefined;
  return sources.find((source) => /^\/(?:\.\/?|\*|\.\/\*)?$/.test(value(source) ?? ""));
}

function unquoted({ text }: Word): string {
  return text.replace(/^(["'])(.*)\1$/s, "$2");
}
