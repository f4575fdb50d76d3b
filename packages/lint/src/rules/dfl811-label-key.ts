import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

const RESERVED = ["com.docker.", "io.docker.", "org.dockerproject."];
/** What Docker itself reads, though the names are reserved. */
const DOCKERS_OWN = /^(?:com\.docker\.(?:desktop\.|extension\.|image\.source\.entrypoint$))/;

export const rule: Rule = defineRule({
  code: "DFL811",
  name: "label-key",
  aliases: ["DL3048"],
  category: "labels",
  severity: { recommended: "style", hadolint: "style" },
  scope: "all",
  summary: "The key of a label is not written as keys are",
  docs: (): RuleDocs => ({
    why: `
      Labels are found by their exact keys. Docker's guidelines want small letters and digits, with single dots, dashes,
      underscores or slashes between them, a letter at the start, and the reversed name of a domain of yours in front;
      \`com.docker\`, \`io.docker\` and \`org.dockerproject\` are Docker's. Tools that filter by label, or make
      environment variables or columns of them, trip over anything else.

      Ignore it for a key that a tool of yours asks for.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          LABEL ⟦Maintainer⟧="Ada" ⟦1st⟧=a ⟦version_⟧=1 ⟦build..date⟧=today
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          LABEL ⟦com.docker.team⟧=ours \
                ⟦"our label"⟧=yes
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          LABEL org.opencontainers.image.title="App" version=1 com.example.build-date=today team/name=a
        `,
      },
      {
        title: "Keys that Docker reads, and keys that nobody knows yet.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ARG TEAM
          LABEL com.docker.desktop.extension.api.version="0.3.4" com.example.$TEAM=1
        `,
      },
    ],
  }),
  visit: {
    LABEL(label, context) {
      for (const { key } of label.pairs) {
        const value =
          context.compat === "hadolint"
            ? key.text.replace(/^(["'])(.*)\1$/, "$2")
            : context.model.expand(key, label).value;
        const fault = value === undefined ? undefined : faultOf(value, context.compat === "hadolint");
        if (value === undefined || fault === undefined) continue;
        context.report({
          at: key.span,
          message: `The label "${value}" ${fault}, so tools that look for labels may miss it; write small letters and digits with single dots or dashes between them.`,
        });
        // hadolint reports an instruction once.
        if (context.compat === "hadolint") return;
      }
    },
  },
});

function faultOf(key: string, strict: boolean): string | undefined {
  const reserved = RESERVED.find((prefix) => key.startsWith(prefix));
  if (reserved !== undefined && (strict || !DOCKERS_OWN.test(key))) {
    return `lies in the space ${reserved}*, which is Docker's`;
  }
  if (key === "") return undefined; // refused by the builder
  if (!/^[a-z]/.test(key)) return "does not begin with a small letter";
  const odd = /[^0-9a-z._/-]/.exec(key)?.[0];
  if (odd !== undefined) return `holds ${odd === " " ? "a blank" : `"${odd}"`}`;
  if (!/[a-z0-9]$/.test(key)) return "does not end in a letter or a digit";
  const twice = /\.\.|--/.exec(key)?.[0];
  return twice === undefined ? undefined : `holds "${twice}"`;
}
