import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { insertBeforeStart, isFinalStage } from "../semantics/stages/final-stage.ts";
import { hasPrivilegeDrop, leavesRoot } from "../semantics/images/privilege-drop.ts";
import { hasTrigger } from "../semantics/images/image-facts.ts";
import type { Stage } from "../semantics/model.ts";
import type { Instruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL501",
  name: "user-missing",
  category: "user",
  severity: "warning",
  scope: "shipped",
  fix: "unsafe",
  engine: "read",
  summary: "The image runs as root, for no USER says otherwise",
  docs: (): RuleDocs => ({
    why: `
      Without USER the process in the container is root. A hole in it is then a hole in everything the container can
      reach: mounted folders, the files of the image, and the host itself if the engine has a hole, too. Most services
      need root for nothing; clusters that demand \`runAsNonRoot\` refuse to start the image.

      Only the stage that ships is looked at. Nothing is said about images that are known to have a user of their own
      or to leave root when they start (\`postgres\`, \`nginx\`, \`*:nonroot\` …), about stages that bring \`gosu\`,
      \`su-exec\` or \`setpriv\`, about images whose name is not known, and about Windows.

      The fix is unsafe: files that the process writes must belong to the user, see \`COPY --chown\`.
    `,
    engine: `
      USER of the base image counts, whatever its name says: nothing is said about an image of your own that sets one, and
      one that only sounds as if it did is reported.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM ⟦ubuntu:24.04⟧
          COPY server /usr/local/bin/
          EXPOSE 8080
          CMD ["server"]
        `,
        fixed: dockerfile`
          FROM ubuntu:24.04
          COPY server /usr/local/bin/
          EXPOSE 8080
          USER 10001:10001
          CMD ["server"]
        `,
      },
      {
        title: "The image of node has a user for it. What was USER in the build stage does not count.",
        dockerfile: dockerfile`
          FROM node:20-slim AS build
          USER node
          RUN npm ci
          FROM ⟦node:20-slim⟧
          COPY --from=build /app /app
          # started by the orchestrator
          ENTRYPOINT ["node", "/app"]
        `,
        fixed: dockerfile`
          FROM node:20-slim AS build
          USER node
          RUN npm ci
          FROM node:20-slim
          COPY --from=build /app /app
          USER node
          # started by the orchestrator
          ENTRYPOINT ["node", "/app"]
        `,
      },
      {
        title: "Nothing but a program: it still runs as root.",
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          RUN go build -o /app
          FROM ⟦scratch⟧
          CMD ["/app"]
          COPY --from=build /app /app
        `,
        fixed: dockerfile`
          FROM golang:1.23 AS build
          RUN go build -o /app
          FROM scratch
          CMD ["/app"]
          COPY --from=build /app /app
          USER 10001:10001
        `,
      },
      {
        title: "Its name promises a user, its configuration has none.",
        dockerfile: dockerfile`
          FROM ⟦registry.example.org/app:nonroot⟧
          CMD ["server"]
        `,
        fixed: dockerfile`
          FROM registry.example.org/app:nonroot
          USER 10001:10001
          CMD ["server"]
        `,
        engine: { images: { "registry.example.org/app:nonroot": { user: "root" } } },
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM ubuntu:24.04
          RUN useradd --system --no-log-init app
          USER app
          CMD ["server"]
        `,
      },
      {
        title: "The user is that of the stage it is based on.",
        dockerfile: dockerfile`
          FROM ubuntu:24.04 AS base
          USER 1000
          FROM base
          CMD ["server"]
        `,
      },
      {
        title: "Images that leave root by themselves.",
        dockerfile: dockerfile`
          FROM postgres:16
          COPY init.sql /docker-entrypoint-initdb.d/
        `,
      },
      {
        dockerfile: dockerfile`
          FROM gcr.io/distroless/static-debian12:nonroot
          COPY app /app
          ENTRYPOINT ["/app"]
        `,
      },
      {
        title: "The entry point needs root to set something up, and leaves it then.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache su-exec
          ENTRYPOINT ["/entrypoint.sh"]
        `,
      },
      {
        title: "Files to take out, with nothing to run.",
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          RUN go build -o /app
          FROM scratch
          COPY --from=build /app /
        `,
      },
      {
        title: "The base image sets USER.",
        dockerfile: dockerfile`
          FROM registry.example.org/base:1
          CMD ["server"]
        `,
        engine: { images: { "registry.example.org/base:1": { user: "app" } } },
      },
      {
        title: "A trigger of the base image does.",
        dockerfile: dockerfile`
          FROM registry.example.org/base:1
          CMD ["server"]
        `,
        engine: { images: { "registry.example.org/base:1": { onbuild: ["USER app"] } } },
      },
    ],
  }),
  visit: {
    stage(stage, context) {
      const { image } = stage.from;
      if (
        image === undefined ||
        !isFinalStage(stage, context.model, context.settings.stages.public) ||
        stage.end.user !== undefined
      )
        return;
      const { family, name, scratch, facts } = stage.image;
      if (name === undefined || family === "windows") return;
      if (scratch ? startsOf(stage).length === 0 : stage.image.reference === undefined) return;
      if (leavesRoot(stage.image) || hasPrivilegeDrop(stage) || (facts && hasTrigger(facts, "USER"))) return;
      const user = stage.image.reference?.repository === "library/node" ? "node" : "10001:10001";
      const edit = insertBeforeStart(stage, `USER ${user}`, context.dockerfile);
      context.report({
        at: image.span,
        instruction: stage.from,
        message: `No USER is set, so what runs in this image runs as root, and a hole in it is a hole in all that the container can reach; add USER ${user}, and give it the files that it writes.`,
        evidence:
          facts === undefined
            ? []
            : [`The image sets ${facts.user === "" ? "no USER" : `USER ${facts.user}`}: ${facts.source}.`],
        fixes: edit === undefined ? [] : [{ title: `Add USER ${user}`, edits: [edit] }],
      });
    },
  },
});

/** The instructions that say what to run, those of the stages below included. */
function startsOf(stage: Stage): Instruction[] {
  const own = stage.instructions.filter(({ keyword }) => keyword === "CMD" || keyword === "ENTRYPOINT");
  return own.length > 0 || stage.base.stage === undefined ? own : startsOf(stage.base.stage);
}
