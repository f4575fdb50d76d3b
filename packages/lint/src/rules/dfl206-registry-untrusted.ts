import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { parseImageReference } from "../semantics/images/image-reference.ts";
import { matchesWildcards } from "../source/wildcards.ts";
import { flagNamed, type Word } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL206",
  name: "registry-untrusted",
  aliases: ["DL3026"],
  category: "base",
  severity: { recommended: "error", hadolint: "error" },
  scope: "all",
  summary: "An image comes from a registry that the project does not trust",
  docs: (): RuleDocs => ({
    why: `
      Whoever can push to the registry of a base image decides what runs in yours. \`trusted-registries\` in
      \`.dflint.yaml\` lists where images may come from; without the list the rule says nothing. \`*\` stands for any
      characters, an entry with a path (\`ghcr.io/team\`) trusts that part of a registry, and images that name no
      registry come from \`docker.io\`.

      FROM, \`COPY --from\` and \`RUN --mount=…,from=\` are looked at. A bare name in the last two may be a build
      context of that name and is left alone.
    `,
    bad: [
      {
        settings: { trustedRegistries: ["ghcr.io", "*.example.org"] },
        dockerfile: dockerfile`
          FROM ⟦node:20⟧ AS build
          FROM mirror.example.org/alpine:3.20
          COPY --from=⟦quay.io/team/tool:1⟧ /tool /usr/local/bin/
          RUN --mount=type=bind,from=⟦gcr.io/team/data:2⟧,target=/data cp /data/x /x
        `,
      },
      {
        title: "The default of the ARG counts.",
        settings: { trustedRegistries: ["ghcr.io/team"] },
        dockerfile: dockerfile`
          ARG REGISTRY=ghcr.io/other
          FROM ⟦\${REGISTRY}/base:1⟧
        `,
      },
    ],
    good: [
      {
        settings: { trustedRegistries: ["docker.io", "ghcr.io/team"] },
        dockerfile: dockerfile`
          FROM node:20 AS build
          FROM ghcr.io/team/base:1
          COPY --from=build /app /app
        `,
      },
      {
        title: "No list, no finding.",
        dockerfile: dockerfile`
          FROM quay.io/team/base:1
        `,
      },
      {
        title: "Stages, scratch and contexts are not from a registry.",
        settings: { trustedRegistries: ["ghcr.io"] },
        dockerfile: dockerfile`
          FROM ghcr.io/team/base:1 AS build
          FROM scratch
          COPY --from=build /app /app
          COPY --from=assets /logo.png /
        `,
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      if (!isAsked(context)) return;
      const base = context.model.stageOf(from)?.base;
      if (from.image === undefined || base?.name === undefined || base.scratch || base.stage) return;
      check(from.image, base.name, context);
    },
    COPY(copy, context) {
      if (!isAsked(context)) return;
      const word = flagNamed(copy, "from")?.value;
      if (word !== undefined) checkSource(word, context);
    },
    RUN(run, context) {
      if (!isAsked(context)) return;
      for (const { options } of run.mounts) {
        const word = options.find(({ key }) => key === "from")?.value;
        if (word !== undefined) checkSource(word, context);
      }
    },
  },
});

/** Whether some registries are trusted, and the others are not. */
function isAsked({ settings }: RuleContext): boolean {
  return settings.trustedRegistries.length > 0;
}

function checkSource(word: Word, context: RuleContext): void {
  const { text } = word;
  if (text.includes("$") || text === "scratch" || context.model.stageNamed(text) !== undefined) return;
  if (/^\d+$/.test(text) || (!/[/:@]/.test(text) && context.compat === undefined)) return;
  check(word, text, context);
}

function check(word: Word, name: string, context: RuleContext): void {
  const { compat } = context;
  const { trustedRegistries: trusted } = context.settings;
  const reference = parseImageReference(name);
  if (reference === undefined) return;
  const [first = ""] = name.split("/");
  // hadolint takes the first part for a registry only if it holds a dot.
  const registry = compat === "hadolint" && !first.includes(".") ? "docker.io" : reference.registry;
  const path = `${registry}/${reference.repository}`;
  if (trusted.some((entry) => trusts(entry, registry, path))) return;
  context.report({
    at: word.span,
    message: `${name} comes from ${registry}, which is not among the trusted registries (${trusted.join(", ")}); take it from one of them, or add ${registry} to trusted-registries.`,
  });
}

function trusts(entry: string, registry: string, path: string): boolean {
  const name = entry
    .replace(/\/+$/, "")
    .replace(/^(?:index|hub|registry-1)\.docker\.io(?=$|\/)|^hub\.docker\.com(?=$|\/)/, "docker.io");
  if (!name.includes("/")) return matchesWildcards(name, registry);
  return matchesWildcards(name, path) || matchesWildcards(`${name}/*`, path);
}
