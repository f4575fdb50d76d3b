import { layerOf } from "../linter/facts/engine-facts.ts";
import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { insertion } from "../source/edit.ts";
import { sourceKind } from "../semantics/paths/source-kind.ts";
import { flagNamed, type AddInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL432",
  name: "add-remote-unverified",
  category: "copy",
  severity: "warning",
  scope: "reachable",
  fix: "suggestion",
  engine: "build",
  summary: "ADD downloads a file without a checksum",
  docs: (): RuleDocs => ({
    why: `
      Whoever controls the server, or the way to it, decides what lands in the image. Nor can it be told from the file
      whether the download changed: the builder has to ask the server each time, and believes its answer.
      \`--checksum=sha256:…\` states what was tested; the build stops if anything else arrives, and needs no server
      while the layer is cached. \`curl -fsSL URL | sha256sum\` prints the sum.

      Repositories are left alone: name a tag or a commit after \`#\`.
    `,
    engine: `
      With \`--engine build\` the engine downloads the file, and the fix writes down the sum of what came.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ADD ⟦https://example.org/tool-1.2.tar.gz⟧ /opt/
        `,
      },
      {
        title: "The version comes from an ARG, and the URL is judged with its default.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ARG VERSION=1.2
          ADD --chmod=755 \
              ⟦"http://example.org/tool-\${VERSION}"⟧ \
              /usr/local/bin/tool
        `,
      },
      {
        title: "The engine has downloaded it.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ADD ⟦https://example.org/tool-1.2.tar.gz⟧ /opt/
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/tool-1.2.tar.gz /opt/
        `,
        engine: {
          layers: {
            "ADD https://example.org/tool-1.2.tar.gz /opt/": {
              written: ["/opt/tool-1.2.tar.gz"],
              digest: "sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d",
            },
          },
        },
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/tool.tar.gz /opt/
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ADD https://github.com/example/repository.git#v1.2.3 /src
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ADD rootfs.tar.xz /
        `,
      },
    ],
  }),
  visit: {
    ADD(add, context) {
      if (flagNamed(add, "checksum") !== undefined) return;
      const sum = downloaded(add, context);
      for (const source of add.sources) {
        const { value } = context.model.expand(source, add);
        const url = value ?? source.text.replace(/^["']/, "");
        if (sourceKind(url) !== "http") continue;
        context.report({
          at: source.span,
          message: `ADD downloads ${value ?? source.text} and takes whatever the server sends; state what was tested with --checksum=sha256:…, so that a changed file stops the build.`,
          evidence: sum === undefined ? [] : [`What came has ${sum.digest}: ${sum.source}.`],
          fixes: sum === undefined || source.text !== value ? [] : [fixOf(add, sum.digest)],
        });
      }
    },
  },
});

/** The sum of what an engine has downloaded for it. */
function downloaded(
  add: AddInstruction,
  { engine, source }: RuleContext,
): { readonly digest: string; readonly source: string } | undefined {
  const isPlain = add.sources.length === 1 && flagNamed(add, "unpack") === undefined;
  if (engine?.build === undefined || !isPlain) return undefined;
  const digest = layerOf(engine.build, add, source)?.digest;
  return digest === undefined ? undefined : { digest, source: engine.build.source };
}

function fixOf(add: AddInstruction, digest: string): OfferedFix {
  const at = add.flags.at(-1)?.span.end ?? add.name.span.end;
  return {
    title: "Write down the sum of what came",
    edits: [insertion(at, ` --checksum=${digest}`)],
  };
}
