import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { nearestName } from "../syntax/nearest-name.ts";

export const rule: Rule = defineRule({
  code: "DFL913",
  name: "syntax-directive",
  category: "syntax",
  severity: "error",
  scope: "all",
  fix: "suggestion",
  summary: "The frontend that # syntax= names is misspelt",
  docs: (): RuleDocs => ({
    why: `
      \`# syntax=\` names an image that reads the rest of the file. If it is misspelt, the build stops before anything else
      with \`pull access denied\`, or runs somebody else's image with everything the builder may do. The official ones are
      \`docker/dockerfile:1\` and \`docker/dockerfile-upstream\`.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          # syntax=⟦docker/dockerfle:1⟧
          FROM alpine:3.20
        `,
        fixed: dockerfile`
          # syntax=docker/dockerfile:1
          FROM alpine:3.20
        `,
      },
      {
        dockerfile: dockerfile`
          # syntax=⟦dockerfile:1.7⟧
          FROM alpine:3.20
        `,
        fixed: dockerfile`
          # syntax=docker/dockerfile:1.7
          FROM alpine:3.20
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          # syntax=docker/dockerfile:1.7-labs
          FROM alpine:3.20
        `,
      },
      {
        title: "A mirror, and another frontend.",
        dockerfile: dockerfile`
          # syntax=mirror.example.org/docker/dockerfile:1
          FROM alpine:3.20
        `,
      },
    ],
  }),
  visit: {
    file({ directives }, context) {
      const directive = directives.find(({ name }) => name === "syntax");
      const [value = ""] = directive?.value.split(/\s/, 1) ?? [];
      const meant = meantBy(value);
      if (directive === undefined || meant === undefined) return;
      const { start } = directive.valueSpan;
      const at = { start, end: start + value.length };
      context.report({
        at,
        message: `The frontend ${value} is probably none, and the build stops before anything else. Did you mean ${meant}?`,
        fixes: [{ title: `Write ${meant}`, edits: [{ span: at, newText: meant }] }],
      });
    },
  },
});

const KNOWN = ["docker/dockerfile", "docker/dockerfile-upstream"];

function meantBy(value: string): string | undefined {
  const [, repository = "", rest = ""] = /^([^:@]*)(.*)$/.exec(value) ?? [];
  const bare = repository.replace(/^(?:index\.)?docker\.io\//, "");
  if (bare === "" || KNOWN.includes(bare) || /^[^/]*\..*\//.test(bare)) return undefined;
  if (bare === "dockerfile" || bare === "docker") return `docker/dockerfile${rest}`;
  const near = nearestName(bare, KNOWN);
  return near === undefined ? undefined : near + rest;
}
