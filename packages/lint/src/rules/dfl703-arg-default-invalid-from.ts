import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { parseImageReference } from "../semantics/images/image-reference.ts";

export const rule: Rule = defineRule({
  code: "DFL703",
  name: "arg-default-invalid-from",
  aliases: ["InvalidDefaultArgInFrom"],
  category: "variables",
  severity: "warning",
  scope: "all",
  summary: "FROM names no image unless somebody gives an ARG a value",
  docs: (): RuleDocs => ({
    why: `
      With the defaults alone, FROM becomes empty or something that no registry takes (\`alpine:\`, \`Alpine\`), and the
      build stops. Whoever builds has to know that \`--build-arg\` is needed, and tools that read the file, to scan or to
      update the image, find none. Give the ARG a default that works.

      Ignore it where a build without the argument has to fail.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          ARG VERSION
          FROM ⟦alpine:$VERSION⟧
        `,
      },
      {
        dockerfile: dockerfile`
          ARG REGISTRY IMAGE=App
          FROM ⟦\${REGISTRY}/base⟧ AS base
          FROM ⟦$IMAGE⟧
        `,
      },
      {
        title: "Without any variable it never builds.",
        dockerfile: dockerfile`
          FROM ⟦Alpine:3.20⟧
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          ARG VERSION=3.20 REGISTRY
          FROM \${REGISTRY:-docker.io}/library/alpine:$VERSION
          FROM --platform=$BUILDPLATFORM alpine\${SUFFIX:+:$SUFFIX}
          FROM scratch
        `,
      },
      {
        title: "No ARG declares it: DFL702.",
        dockerfile: dockerfile`
          FROM alpine:$VERSION
        `,
      },
      {
        title: "Made of what only the builder knows.",
        dockerfile: dockerfile`
          FROM alpine:3.20 AS build-amd64
          FROM alpine:3.20 AS build-arm64
          FROM build-\${TARGETARCH}
        `,
      },
    ],
  }),
  visit: {
    file(_, context) {
      if (context.compat === "hadolint") return;
      for (const stage of context.model.stages) {
        const { image } = stage.from;
        const isPlain = image?.text.includes("$") === false;
        if (image === undefined || (isPlain && stage.base.reference !== undefined)) continue;
        // Without the values of --build-arg: whoever reads the file does not have them.
        const model = isPlain ? context.model : context.model.ungiven;
        const { whenUnset: name, error } = model.expand(image, stage.from);
        if (error !== undefined || name === undefined || parseImageReference(name) !== undefined) continue;
        // A variable that no ARG declares is a case of its own: DFL702.
        if (context.compat === undefined && context.model.expand(image, stage.from).undefined.length > 0)
          continue;
        const problem =
          name === image.text
            ? `No registry has an image "${name}"`
            : `With the defaults of its ARGs this is "${name}", which names no image`;
        const lower =
          parseImageReference(name.toLowerCase()) ?? (name.toLowerCase() === "scratch" || undefined);
        const advice =
          lower !== undefined
            ? `write ${name.toLowerCase()}: names are in lower case`
            : name === image.text
              ? "write name:tag"
              : "give the ARG a default";
        context.report({
          at: image.span,
          stage,
          instruction: stage.from,
          message: `${problem}, so the build stops${name === image.text ? "" : " where no --build-arg is given"}; ${advice}.`,
        });
      }
    },
  },
});
