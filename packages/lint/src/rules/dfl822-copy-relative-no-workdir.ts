import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { startsAtRoot } from "../semantics/images/default-workdir.ts";
import { siblings } from "../semantics/stages/siblings.ts";
import type { AddInstruction, CopyInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL822",
  name: "copy-relative-no-workdir",
  aliases: ["DL3045"],
  category: "workdir",
  severity: { recommended: "info", strict: "warning", hadolint: "warning" },
  engine: "read",
  scope: "all",
  summary: "Files are copied to a relative path, and no WORKDIR says where that is",
  docs: (): RuleDocs => ({
    why: `
      Without WORKDIR a relative destination is below whatever the base image left: \`/\` for most. Then \`COPY . .\` mixes
      the project's files with those of the system, a folder \`etc\` or \`lib\` of yours lands in the system's, and the
      next version of the base image may put all of it elsewhere. Set \`WORKDIR /app\`, or copy to an absolute path.

      Nothing is reported where the base image may have a WORKDIR: for official images that is known, for others not.
    `,
    engine: `
      Where the base image starts is known of images that the engine has.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          COPY package.json ⟦./⟧
          WORKDIR /app
          COPY . .
        `,
      },
      {
        title: "A stage does not inherit from its neighbour.",
        dockerfile: dockerfile`
          FROM debian:12 AS build
          WORKDIR /src
          COPY . .
          FROM debian:12
          COPY --from=build \
              # the result
              /src/app \
              ⟦bin/app⟧
          ADD rootfs.tar.gz ⟦opt⟧
          FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
          COPY app.exe ⟦bin/⟧
        `,
      },
      {
        title: "The base image sets no WORKDIR.",
        dockerfile: dockerfile`
          FROM registry.example.org/base:1
          COPY app ⟦app/⟧
        `,
        engine: { images: { "registry.example.org/base:1": { workdir: "/" } } },
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12 AS base
          WORKDIR /app
          FROM base
          COPY . .
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          ARG TARGET
          COPY app /usr/local/bin/app
          COPY a $TARGET
          COPY b "\${HOME}/b"
        `,
      },
      {
        title: "These images have a WORKDIR, or may have one.",
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          COPY . .
          FROM registry.example.org/base:1
          COPY --from=build /go/app .
        `,
      },
      {
        title: "The base image sets WORKDIR.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          COPY app app/
        `,
        engine: { images: { "alpine:3.20": { workdir: "/srv" } } },
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
  const { destination } = copy;
  if (destination === undefined) return;
  const found = context.compat === "hadolint" ? isLostForHadolint(copy, context) : isLost(copy, context);
  if (!found) return;
  context.report({
    at: destination.span,
    message: `No WORKDIR is set, so ${destination.text} is below whatever folder the base image starts in; set WORKDIR before, or copy to an absolute path.`,
    evidence: evidenceOf(context),
  });
}

function evidenceOf({ stage }: RuleContext): string[] {
  const facts = stage?.image.facts;
  return facts === undefined ? [] : [`The base image sets no WORKDIR: ${facts.source}.`];
}

function isLost(copy: CopyInstruction | AddInstruction, { model, stage }: RuleContext): boolean {
  if (copy.destination?.text.startsWith("/")) return false;
  const value = copy.destination && model.expand(copy.destination, copy).value;
  if (value === undefined || isAbsolute(value) || stage === undefined || !startsAtRoot(stage.image))
    return false;
  // Whoever builds on this image says where that is.
  return copy.onbuild === undefined && model.state(copy).workdir === undefined;
}

function isLostForHadolint(copy: CopyInstruction | AddInstruction, { model, stage }: RuleContext): boolean {
  const text = copy.destination?.text.replace(/^["']|["']$/g, "") ?? "";
  if (copy.onbuild !== undefined || isAbsolute(text) || text.startsWith("$")) return false;
  if (stage !== undefined) return model.state(copy).workdir === undefined;
  const before = siblings(copy, model).slice(0, Math.max(0, model.positionOf(copy)));
  return !before.some(({ keyword }) => keyword === "WORKDIR");
}

function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:)/.test(path);
}
