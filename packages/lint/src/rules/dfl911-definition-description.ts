import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { Comment, Dockerfile, Instruction } from "../syntax/nodes.ts";

const CHECK = "InvalidDefinitionDescription";

export const rule: Rule = defineRule({
  code: "DFL911",
  name: "definition-description",
  aliases: [CHECK],
  category: "syntax",
  severity: { recommended: "off", strict: "style" },
  scope: "all",
  onbuild: false,
  summary: "The comment above an ARG or a named stage does not begin with its name",
  docs: (): RuleDocs => ({
    why: `
      \`docker build --call=outline\` lists the arguments and \`--call=targets\` the stages of a file, each with the
      comment above it, if that begins with the name: \`# VERSION of the base image\`. Any other comment is left out, so
      whoever builds the image does not get to read it. An empty comment line (\`#\`) between the two says
      that it is not meant as a description.

      BuildKit has this check off, too, unless \`# check=experimental=${CHECK}\` asks for it. Directives for linters
      are no descriptions.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          # which release to take
          ⟦ARG⟧ VERSION=3.20
          # compiles the program
          ⟦FROM⟧ alpine:$VERSION AS build
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          # VERSION of the base image
          ARG VERSION=3.20
          # Nothing refers to this stage by its name.
          FROM alpine:$VERSION
          # build compiles the program
          FROM alpine:$VERSION AS build
        `,
      },
      {
        dockerfile: dockerfile`
          # All of the arguments have defaults.
          #
          ARG VERSION=3.20
          # hadolint ignore=DL3006
          FROM alpine AS base
        `,
      },
    ],
  }),
  visit: {
    ARG: (arg, context) => check(arg.declarations[0]?.name.text, arg, context),
    // Names of stages are in lower case, however they are written.
    FROM: (from, context) => check(from.as?.name.text.toLowerCase(), from, context),
  },
});

type Commented = Pick<Instruction, "keyword" | "name" | "comments">;

function check(
  name: string | undefined,
  { keyword, name: place, comments }: Commented,
  context: RuleContext,
): void {
  const isBuildkit = context.compat === "buildkit";
  if (isBuildkit && !isAskedFor(context.dockerfile)) return;
  const comment = comments.findLast((one) => isBuildkit || !isDirective(one));
  if (name === undefined || comment === undefined) return;
  const first = /^\S+/.exec(comment.text)?.[0];
  if (first === name) return;
  context.report({
    at: place.span,
    message: `The comment above ${keyword} ${name} does not begin with "${name}", so no list of arguments and stages shows it; begin it with the name, or put an empty comment line between the two.`,
    related: [{ span: comment.span, message: "The comment" }],
  });
}

function isDirective({ text }: Comment): boolean {
  return /^(?:hadolint|dflint|tally|shellcheck|check\s*=|syntax\s*=|escape\s*=)/i.test(text);
}

function isAskedFor({ directives }: Dockerfile): boolean {
  const value = directives.find(({ name }) => name === "check")?.value.split(/\s/, 1)[0] ?? "";
  const names = /(?:^|;)experimental=([^;]*)/.exec(value)?.[1]?.split(",") ?? [];
  return names.includes("all") || names.includes(CHECK);
}
