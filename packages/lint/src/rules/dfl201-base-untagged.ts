import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { FromInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL201",
  name: "base-untagged",
  aliases: ["DL3006"],
  category: "base",
  severity: { recommended: "warning", hadolint: "warning" },
  scope: "reachable",
  summary: "A base image has neither tag nor digest",
  docs: (): RuleDocs => ({
    why: `
      Without a tag the builder takes \`latest\`: whatever was pushed last when the image was pulled. The same file
      then builds differently on two machines, and breaks on the day of the next major version. A tag says what was
      tested; a digest says it to the byte.

      Names that depend on an ARG are judged by its default; one without a default is left alone, and so are stages
      and \`scratch\`.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM ⟦ubuntu⟧
          RUN true
        `,
      },
      {
        title: "A port is no tag.",
        dockerfile: dockerfile`
          FROM ⟦registry.example.org:5000/team/base⟧ AS build
          RUN true
          FROM scratch
          COPY --from=build /bin/true /
        `,
      },
      {
        title: "The default of the ARG has no tag.",
        dockerfile: dockerfile`
          ARG BASE=debian
          FROM ⟦\${BASE}⟧
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM ubuntu:24.04
        `,
      },
      {
        title: "A stage and `scratch` have no tags.",
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          FROM build AS test
          FROM scratch
          COPY --from=test /go/bin/app /app
        `,
      },
      {
        title: "Who builds it says what to build on.",
        dockerfile: dockerfile`
          ARG BASE
          FROM \${BASE}
        `,
      },
      {
        dockerfile: dockerfile`
          ARG BASE=debian
          ARG TAG=12
          FROM \${BASE}:\${TAG}
        `,
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      const { image } = from;
      if (image === undefined) return;
      const name =
        context.compat === "hadolint" ? bareName(image.text, context) : untaggedName(from, context);
      if (name === undefined) return;
      context.report({
        at: image.span,
        message: `${name} has no tag, so the build takes whatever ${name}:latest is that day; name the version that was tested, as in ${name}:VERSION.`,
      });
    },
  },
});

function untaggedName(from: FromInstruction, { model }: RuleContext): string | undefined {
  const reference = model.stageOf(from)?.base.reference;
  return reference?.tag === undefined && reference?.digest === undefined ? reference?.text : undefined;
}

/** The name as hadolint judges it: by its text, whatever the variables in it are. */
function bareName(text: string, { model, stage }: RuleContext): string | undefined {
  if (text === "scratch" || text.startsWith("$") || text.includes("@")) return undefined;
  if (text.includes(":", text.lastIndexOf("/") + 1)) return undefined;
  return model.stageNamed(text, stage)?.from.as?.name.text === text ? undefined : text;
}
