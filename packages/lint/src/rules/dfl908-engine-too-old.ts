import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { lacks, mayLack, UNKNOWN_BUILDER } from "../semantics/builder.ts";
import { newerSyntax } from "../semantics/newer-syntax.ts";

export const rule: Rule = defineRule({
  code: "DFL908",
  name: "engine-too-old",
  category: "syntax",
  severity: "error",
  scope: "all",
  engine: "read",
  summary: "The file uses what the frontend that reads it does not know yet",
  docs: (): RuleDocs => ({
    why: `
      \`# syntax=docker/dockerfile:1.3\` says which release of the Dockerfile frontend reads the file. What came later
      is an unknown flag to it, and the build stops; or it means something else: without heredocs, their lines are
      instructions. \`docker/dockerfile:1\` takes the newest release of version 1, which reads all that older ones read.

      Without such a line the frontend of the engine reads the file, about which the text alone says nothing.
    `,
    engine: `
      The engine tells which frontend it has built in, which is what reads a file without such a line; the classic builder
      (\`DOCKER_BUILDKIT=0\`) knows neither mounts nor heredocs nor \`--chmod\` nor \`--link\`. Fixes that need what it lacks are
      held back, and the finding says why.
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
      {
        title: "The frontend of Docker 20.10.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          COPY ⟦--link⟧ app /app
          COPY --chmod=755 tool /bin/
        `,
        engine: { frontend: [1, 2] },
      },
      {
        title: "The classic builder heeds no syntax line.",
        dockerfile: dockerfile`
          # syntax=docker/dockerfile:1
          FROM alpine:3.20
          RUN ⟦--mount⟧=type=cache,target=/x true
        `,
        engine: { builder: "classic", frontend: [1, 19] },
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
      {
        title: "The frontend of Docker 28.5.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          COPY --link --exclude=*.md src /src
        `,
        engine: { frontend: [1, 19] },
      },
    ],
  }),
  visit: {
    file({ directives }, context) {
      const syntax = directives.find(({ name }) => name === "syntax");
      // Without an engine only what the file pins is known.
      const builder = context.engine?.builder ?? UNKNOWN_BUILDER;
      if (!mayLack(builder, { directives })) return;
      const told = new Set<string>();
      for (const use of newerSyntax(context.model)) {
        const { feature, span, instruction } = use;
        const reason = told.has(feature) ? undefined : lacks(builder, use, { directives });
        if (reason === undefined) continue;
        told.add(feature);
        const isClassic = builder.kind === "classic";
        const advice = isClassic
          ? "build with BuildKit (DOCKER_BUILDKIT=1)"
          : "write # syntax=docker/dockerfile:1";
        context.report({
          at: span,
          instruction,
          message: `${feature} ${reason}, which does not know it; ${advice}.`,
          evidence: context.engine === undefined ? [] : [builder.evidence],
          related:
            syntax === undefined || isClassic
              ? []
              : [{ span: syntax.valueSpan, message: "The frontend that reads this file" }],
        });
      }
    },
  },
});
