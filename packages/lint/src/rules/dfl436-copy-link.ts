import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { insertion } from "../source/edit.ts";
import { flagNamed, type CopyInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL436",
  name: "copy-link",
  category: "copy",
  severity: { recommended: "off", strict: "style" },
  scope: "shipped",
  fix: "suggestion",
  onbuild: false,
  summary: "COPY --from makes a layer that depends on all layers below it",
  docs: (): RuleDocs => ({
    why: `
      With \`--link\` what is copied is a layer of its own: when the base image changes, BuildKit keeps it and does not even
      load the old base, and stages are copied while the layers below are still being built. Without it, every change below
      copies the files again.

      Off in \`recommended\`: links in the target's path are not followed then (\`/lib\` of many systems is one), so the
      fix is to be looked at. A named owner has to be looked up in the layers below, so that \`--link\` does not go with
      it.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          RUN go build -o /server
          FROM alpine:3.20
          ⟦COPY⟧ --from=build /server /opt/server
        `,
        fixed: dockerfile`
          FROM golang:1.23 AS build
          RUN go build -o /server
          FROM alpine:3.20
          COPY --from=build --link /server /opt/server
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          FROM alpine:3.20
          COPY --link --from=build /server /opt/server
          COPY --from=build --chown=app:app /data /opt/data
          COPY --from=build /lib/x.so /lib/
          COPY config.yaml /etc/app/
        `,
      },
    ],
  }),
  visit: { COPY: check },
});

/** Folders that are links on many systems. */
const LINKED = /^\/(?:bin|sbin|lib\w*|var\/run|var\/lock)(?:\/|$)/;

function check(copy: CopyInstruction, context: RuleContext): void {
  const from = flagNamed(copy, "from");
  const owner = flagNamed(copy, "chown")?.value?.text;
  const target = copy.destination && context.model.expand(copy.destination, copy).value;
  if (from === undefined || flagNamed(copy, "link") !== undefined || context.stage?.base.scratch) return;
  if (owner !== undefined && !/^\d+(?::\d+)?$/.test(owner)) return;
  if (target === undefined || !target.startsWith("/") || target === "/" || LINKED.test(target)) return;
  const at = copy.flags.at(-1)?.span.end ?? copy.name.span.end;
  context.report({
    at: copy.name.span,
    message: `The layer of this COPY is made again whenever something below it changes; with --link it is kept, and a new base image costs nothing here.`,
    fixes: [{ title: "Add --link", edits: [insertion(at, " --link")] }],
  });
}
