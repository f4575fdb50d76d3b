import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { newerSyntax } from "../semantics/newer-syntax.ts";
import { parseFrontend } from "../semantics/frontend.ts";

export const rule: Rule = defineRule({
  code: "DFL908",
  name: "engine-too-old",
  category: "syntax",
  severity: "error",
  scope: "all",
  summary: "The file uses what the frontend that it pins does not know yet",
  docs: (): RuleDocs => ({
    why: `
      \`# syntax=docker/dockerfile:1.3\` says which release of the Dockerfile frontend reads the file. What came later
      is an unknown flag to it, and the build stops; or it means something else: without heredocs, their lines are
      instructions. \`docker/dockerfile:1\` takes the newest release of version 1, which reads all that older ones read.

      Without such a line the frontend of the engine reads the file, about which the text alone says nothing.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          # syntax=docker/dockerfile:1.3
          FROM alpine:3.20
          COPY ⟦--link⟧ app /app
          RUN ⟦<<EOF⟧
          apk add --no-cache curl
          EOF
        `,
      },
      {
        title: "Each feature once, at its first use.",
        dockerfile: dockerfile`
          # syntax=docker/dockerfile:1.5.2
          ARG V=1.2.3
          FROM alpine:⟦\${V%.*}⟧
          ADD ⟦--checksum⟧=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/a /a
          ADD ⟦https://github.com/moby/buildkit.git⟧ /src
          COPY ⟦--parents⟧ ⟦--exclude⟧=*.md src /src
          COPY --parents lib /lib
          HEALTHCHECK ⟦--start-interval⟧=1s CMD true
        `,
      },
      {
        dockerfile: dockerfile`
          # syntax=docker.io/docker/dockerfile:1.1
          FROM alpine:3.20
          RUN ⟦--mount⟧=type=cache,target=/x true
          COPY ⟦--chmod⟧=755 a /a
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          # syntax=docker/dockerfile:1
          FROM alpine:3.20
          COPY --link --parents --exclude=*.md src /src
          RUN <<EOF
          true
          EOF
        `,
      },
      {
        title: "What is on trial came to the labs channel first.",
        dockerfile: dockerfile`
          # syntax=docker/dockerfile:1.7-labs
          FROM alpine:3.20
          COPY --parents --exclude=*.md src /src
        `,
      },
      {
        title: "Another frontend has versions of its own.",
        dockerfile: dockerfile`
          # syntax=example.org/our/frontend:1.0
          FROM alpine:3.20
          COPY --link app /app
        `,
      },
    ],
  }),
  visit: {
    file({ directives }, context) {
      const syntax = directives.find(({ name }) => name === "syntax");
      const frontend = syntax && parseFrontend(syntax.value);
      if (syntax === undefined || frontend === undefined) return;
      const told = new Set<string>();
      for (const { feature, span, instruction, since, labs } of newerSyntax(context.model)) {
        if (told.has(feature) || frontend.has(since, labs)) continue;
        told.add(feature);
        const trial = labs === undefined ? "" : `, or ${labs.join(".")}-labs`;
        context.report({
          at: span,
          instruction,
          message: `${feature} needs the Dockerfile frontend ${since.join(".")}${trial}, and the first lines pin ${frontend.version}, which does not know it; write # syntax=docker/dockerfile:1.`,
          related: [{ span: syntax.valueSpan, message: "The frontend that reads this file." }],
        });
      }
    },
  },
});
