import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { insertion } from "../source/edit.ts";

const DIGEST = "sha256:1e42bbe2508154c9126d48c2b8a75420c3544343bf86fd041fb7527e017a4b4a";

export const rule: Rule = defineRule({
  code: "DFL203",
  name: "base-digest",
  category: "base",
  severity: { recommended: "info", strict: "warning" },
  scope: "all",
  fix: "suggestion",
  needs: "registry",
  summary: "A base image is named by a tag, which may mean another image tomorrow",
  docs: (): RuleDocs => ({
    why: `
      A tag is a pointer that its owner moves: \`node:20\` is rebuilt every few weeks, and a build on Tuesday starts from
      another image than the one on Monday, without a line of the Dockerfile having changed. With the digest behind the
      tag the base is the same for everybody, until somebody changes the line; the tag stays for people, and tools
      such as Renovate move both.

      Asked only with \`--registry\`: the digest comes from the image's registry, by its HTTP API, with the credentials
      of \`docker login\`. What it costs is that updates have to be taken by hand or by a bot; without one, leave it off.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM ⟦alpine:3.20⟧
        `,
        registry: { "alpine:3.20": DIGEST },
        fixed: `FROM alpine:3.20@${DIGEST}\n`,
      },
      {
        title: "A tag from a variable is told, and left to a person:",
        dockerfile: dockerfile`
          ARG VERSION=3.20
          FROM ⟦alpine:$VERSION⟧
        `,
        registry: { "alpine:3.20": DIGEST },
      },
    ],
    good: [
      { dockerfile: `FROM alpine:3.20@${DIGEST}\n`, registry: {} },
      {
        title: "Without `--registry` nothing is asked:",
        dockerfile: dockerfile`
          FROM alpine:3.20
        `,
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      if (context.registry === undefined) return;
      const { image } = from;
      const reference = context.model.stageOf(from)?.base.reference;
      if (image === undefined || reference === undefined || reference.digest !== undefined) return;
      const resolved = context.registry.get(reference.text);
      if (resolved === undefined) return;
      const { digest, evidence } = resolved;
      const isWritten = image.text === reference.text;
      context.report({
        at: image.span,
        message: `${reference.text} is ${digest} today and may be another image tomorrow; name both, as in ${reference.text}@${digest.slice(0, 14)}….`,
        evidence: [evidence],
        fixes: isWritten
          ? [
              {
                title: `Pin ${reference.text} by its digest`,
                edits: [insertion(image.span.end, `@${digest}`)],
              },
            ]
          : [],
      });
    },
  },
});
