import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { parsePlatform } from "../semantics/images/platform.ts";
import { flagNamed } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL204",
  name: "platform-constant",
  aliases: ["DL3029", "FromPlatformFlagConstDisallowed"],
  category: "base",
  severity: { recommended: "warning", hadolint: "warning" },
  scope: "reachable",
  summary: "FROM names one platform, whatever the image is built for",
  docs: (): RuleDocs => ({
    why: `
      \`--platform=linux/amd64\` makes every build start from an image for that platform, also \`docker buildx build
      --platform linux/arm64\`: the result claims to be for arm64 and holds programs for amd64, which do not start
      there or run under emulation, several times slower. Say the platform when you build; in the file name
      \`$BUILDPLATFORM\` for stages whose output does not depend on it, such as cross compilers.

      A stage whose name says its platform (\`AS tools-amd64\`) is meant that way and left alone, and so is Windows,
      whose images exist for nothing else. Ignore the rule where the software exists for one platform only.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM --platform=⟦linux/amd64⟧ node:20-slim
          COPY server.js /
        `,
      },
      {
        dockerfile: dockerfile`
          FROM --platform=⟦arm64⟧ golang:1.23 AS build
          RUN go build -o /app
          FROM scratch
          COPY --from=build /app /app
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          COPY server.js /
        `,
      },
      {
        title: "A cross compiler runs on the machine that builds.",
        dockerfile: dockerfile`
          FROM --platform=$BUILDPLATFORM golang:1.23 AS build
          ARG TARGETOS TARGETARCH
          RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app
          FROM scratch
          COPY --from=build /app /app
        `,
      },
      {
        title: "A stage for each platform, by name.",
        dockerfile: dockerfile`
          FROM --platform=linux/amd64 debian:12 AS base-amd64
          FROM --platform=linux/arm64 debian:12 AS base-arm64
          FROM base-\${TARGETARCH}
        `,
      },
      {
        dockerfile: dockerfile`
          FROM --platform=windows/amd64 mcr.microsoft.com/windows/nanoserver:ltsc2022
        `,
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      const word = flagNamed(from, "platform")?.value;
      if (word === undefined) return;
      if (context.compat === "hadolint") {
        if (/BUILDPLATFORM|TARGETPLATFORM/.test(word.text)) return;
      } else {
        const platform = word.text.includes("$") ? undefined : parsePlatform(word.text);
        if (platform === undefined || (platform.os === "windows" && context.compat === undefined)) return;
        const stage = from.as?.name.text.toLowerCase() ?? "";
        const { os, architecture } = platform;
        if (stage.includes(os) || (architecture !== undefined && stage.includes(architecture))) return;
      }
      context.report({
        at: word.span,
        message: `The stage is based on ${word.text} whatever the image is built for, so a build for another platform holds programs that do not run there; leave --platform out, or write $BUILDPLATFORM where the output is the same for all.`,
      });
    },
  },
});
