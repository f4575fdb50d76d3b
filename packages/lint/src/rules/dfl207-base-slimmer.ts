import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { showBytes } from "../linter/quantity.ts";
import { repositoryName, slimVariant } from "../semantics/images/slim-variants.ts";

export const rule: Rule = defineRule({
  code: "DFL207",
  name: "base-slimmer",
  category: "base",
  severity: { recommended: "info", strict: "warning" },
  scope: "shipped",
  fix: "unsafe",
  engine: "read",
  summary: "The image that ships is based on a full-size one that has a slim variant",
  docs: (): RuleDocs => ({
    why: `
      The plain tags of language images are made for building: they carry a C compiler, the headers of dozens of
      libraries, and version control. \`node:20\` unpacks to about 1.1 GB and \`node:20-slim\` to about 0.2 GB;
      \`python:3.12\` to about 1 GB and \`python:3.12-slim\` to about 0.13 GB. All of it is pulled by every machine,
      and scanned for holes, though nothing of it runs.

      Only the stages that ship are looked at: to build on the full image is what it is for. The fix is unsafe, as
      something may need a tool that the slim variant lacks; \`dflint verify\` tries it out.
    `,
    engine: `
      The sizes are those of the images, where the engine has them; a slim variant that is no smaller is not proposed.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM ⟦node:20⟧
          COPY . /app
          CMD ["node", "/app/server.js"]
        `,
        fixed: dockerfile`
          FROM node:20-slim
          COPY . /app
          CMD ["node", "/app/server.js"]
        `,
      },
      {
        title: "Some put the release last.",
        dockerfile: dockerfile`
          FROM ⟦python:3.12-bookworm⟧ AS app
          CMD ["python"]
        `,
        fixed: dockerfile`
          FROM python:3.12-slim-bookworm AS app
          CMD ["python"]
        `,
      },
      {
        title: "With a digest the slim variant's digest is needed, too: no fix.",
        dockerfile: dockerfile`
          FROM ⟦ruby:3.3@sha256:7959ed6f7e35f8b1aaa06d1d8259d4ee25aa85a086d5c125480c333183f9deeb⟧
          CMD ["ruby"]
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20 AS build
          RUN npm ci
          FROM node:20-slim
          COPY --from=build /app /app
        `,
      },
      {
        dockerfile: dockerfile`
          FROM python:3.12-alpine
        `,
      },
      {
        title: "Somebody's own image of that name has no such variants.",
        dockerfile: dockerfile`
          FROM registry.example.org/team/node:20
        `,
      },
      {
        title: "The engine has both, and nothing would be saved.",
        dockerfile: dockerfile`
          FROM node:20
        `,
        engine: { images: { "node:20": { bytes: 90_000_000 }, "node:20-slim": { bytes: 90_000_000 } } },
      },
    ],
  }),
  visit: {
    FROM({ image }, context) {
      const reference = context.stage?.base.reference;
      if (image === undefined || reference === undefined) return;
      const slim = slimVariant(reference);
      if (slim === undefined) return;
      const { text, tag, digest } = reference;
      const named = repositoryName(reference);
      const slimmer = `${named}:${slim.tag}`;
      const now = context.stage?.image.facts;
      const then = context.engine?.images.get(slimmer);
      if (now !== undefined && then !== undefined && then.bytes >= now.bytes) return;
      const literal = image.text === text && digest === undefined;
      const fixes = [{ title: `Use ${slimmer}`, edits: [{ span: image.span, newText: slimmer }] }];
      context.report({
        at: image.span,
        message: `${named}${tag === undefined ? "" : `:${tag}`} ships ${slim.without} that nothing runs; base the image on ${slimmer}, and build in a stage of its own what needs more.`,
        evidence: [now, then].flatMap((image, index) =>
          image === undefined
            ? []
            : [`${index === 0 ? text : slimmer} has ${showBytes(image.bytes)}: ${image.source}.`],
        ),
        ...(literal && { fixes }),
      });
    },
  },
});
