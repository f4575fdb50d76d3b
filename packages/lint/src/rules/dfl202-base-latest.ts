import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import type { Word } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL202",
  name: "base-latest",
  aliases: ["DL3007"],
  category: "base",
  severity: { recommended: "warning", hadolint: "warning" },
  scope: "reachable",
  summary: "A base image is tagged latest",
  docs: (): RuleDocs => ({
    why: `
      \`latest\` is the name of whatever was pushed last. The build changes without a change of the file, an old build
      cannot be made again, and a machine that has an older \`latest\` keeps it. A version says what was tested.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:⟦latest⟧
        `,
      },
      {
        title: "By way of an ARG.",
        dockerfile: dockerfile`
          ARG TAG=latest
          FROM registry.example.org/base:⟦\${TAG}⟧ AS build
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
        `,
      },
      {
        title: "The digest decides what is taken.",
        dockerfile: dockerfile`
          FROM debian:latest@sha256:7959ed6f7e35f8b1aaa06d1d8259d4ee25aa85a086d5c125480c333183f9deeb
        `,
      },
      {
        title: "Who builds it says which version.",
        dockerfile: dockerfile`
          ARG TAG
          FROM debian:\${TAG}
        `,
      },
    ],
  }),
  visit: {
    FROM({ image }, context) {
      if (image === undefined) return;
      const { compat, stage } = context;
      const reference = stage?.base.reference;
      const literal = image.text.endsWith(":latest");
      const latest =
        compat === "hadolint" ? literal : reference?.tag === "latest" && reference.digest === undefined;
      if (!latest) return;
      const name = (reference?.text ?? image.text).replace(/:latest$/, "");
      context.report({
        at: tagOf(image).span,
        message: `${name}:latest is whatever was pushed last, so the same file builds differently another day; name the version that was tested, as in ${name}:VERSION.`,
      });
    },
  },
});

/** The part after the last colon that stands in no variable; else all of it. */
function tagOf(image: Word): Word {
  const { text } = image;
  let depth = 0;
  for (let at = text.length - 1; at > 0; at -= 1) {
    if (text[at] === "}") depth += 1;
    else if (text[at] === "{") depth -= 1;
    else if (text[at] === ":" && depth === 0) return image.slice(at + 1);
    else if (text[at] === "/" && depth === 0) return image;
  }
  return image;
}
