import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { mayBring } from "../semantics/images/bare-images.ts";
import {
  flagNamed,
  type AddInstruction,
  type CopyInstruction,
  type Instruction,
  type Word,
} from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL509",
  name: "user-unknown",
  category: "user",
  severity: "error",
  scope: "reachable",
  onbuild: false,
  summary: "A user or group is named in an image that knows no names",
  docs: (): RuleDocs => ({
    why: `
      Names are looked up in \`/etc/passwd\` and \`/etc/group\` of the image. \`FROM scratch\` has neither, and distroless
      images know \`root\`, \`nobody\` and \`nonroot\` only: \`COPY --chown=app\` stops the build there, and a container with
      \`USER app\` does not start (\`unable to find user app\`). Write numbers, or copy an \`/etc/passwd\` first.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM scratch
          COPY --chown=⟦app⟧:app server /server
          USER ⟦app⟧
          ENTRYPOINT ["/server"]
        `,
      },
      {
        title: "Not even root is known.",
        dockerfile: dockerfile`
          FROM scratch
          COPY server /server
          USER ⟦root⟧
        `,
      },
      {
        dockerfile: dockerfile`
          FROM gcr.io/distroless/static-debian12
          COPY server /server
          USER ⟦web⟧
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM scratch
          COPY --chown=65532:65532 server /server
          USER 65532:65532
        `,
      },
      {
        title: "The names come along.",
        dockerfile: dockerfile`
          FROM alpine:3.20 AS build
          RUN adduser -D app
          FROM scratch
          COPY --from=build /etc/passwd /etc/group /etc/
          COPY --from=build --chown=app:app /server /server
          USER app
        `,
      },
      {
        dockerfile: dockerfile`
          FROM gcr.io/distroless/static-debian12
          USER nonroot:nonroot
        `,
      },
    ],
  }),
  visit: {
    USER(user, context) {
      if (user.user !== undefined) check(user.user, user, context);
    },
    COPY: checkCopy,
    ADD: checkCopy,
  },
});

function checkCopy(copy: CopyInstruction | AddInstruction, context: RuleContext): void {
  const owner = flagNamed(copy, "chown")?.value;
  if (owner !== undefined) check(owner, copy, context);
}

const DISTROLESS_USERS: ReadonlySet<string> = new Set(["root", "nobody", "nonroot"]);

function check(word: Word, instruction: Instruction, context: RuleContext): void {
  const { stage, model } = context;
  const family = stage?.image.family;
  if (family !== "scratch" && family !== "distroless") return;
  const [name = ""] = (model.expand(word, instruction).value ?? "").split(":");
  if (name === "" || /^\d+$/.test(name) || (family === "distroless" && DISTROLESS_USERS.has(name))) return;
  if (mayBring("/etc/passwd", instruction, model)) return;
  const length = word.text.startsWith(name) ? name.length : word.text.length;
  context.report({
    at: word.spanOf(0, length),
    message: `No user is called ${name} in ${family === "scratch" ? "an image from scratch" : "this distroless image"}, so ${instruction.keyword === "USER" ? "the container does not start" : "the build stops"}; write a number, or copy an /etc/passwd before.`,
  });
}
