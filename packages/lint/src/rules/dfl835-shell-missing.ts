import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { hasNoShell, mayBring } from "../semantics/images/bare-images.ts";
import type { Instruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL835",
  name: "shell-missing",
  category: "shell",
  severity: "error",
  scope: "reachable",
  onbuild: false,
  summary: "A command needs a shell in an image that has none",
  docs: (): RuleDocs => ({
    why: `
      \`FROM scratch\` is empty, and distroless images hold no shell. RUN stops there with \`/bin/sh: no such file or
      directory\`; CMD, ENTRYPOINT and HEALTHCHECK in shell form build, and the container does not start. Do the work in
      a stage that has a shell and copy the result; write what the container runs as a JSON array.

      Nothing is reported where something was copied before to \`/\` or \`/bin\`, which may be a shell, or where SHELL
      names another one.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM scratch
          COPY app /app/server
          ⟦RUN⟧ chmod +x /app/server
          ⟦CMD⟧ /app/server
        `,
      },
      {
        dockerfile: dockerfile`
          FROM gcr.io/distroless/static-debian12:nonroot
          COPY server /app/server
          ⟦ENTRYPOINT⟧ /app/server --port 8080
          ⟦HEALTHCHECK⟧ CMD /app/server --health
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          RUN go build -o /server
          FROM scratch
          COPY --from=build /server /server
          HEALTHCHECK CMD ["/server", "--health"]
          ENTRYPOINT ["/server"]
        `,
      },
      {
        title: "A file system with a shell was copied.",
        dockerfile: dockerfile`
          FROM scratch
          ADD rootfs.tar.xz /
          RUN apk update
          CMD sh
        `,
      },
      {
        title: "Lent for the time of the step.",
        dockerfile: dockerfile`
          FROM gcr.io/distroless/base-debian12
          RUN --mount=type=bind,from=busybox:1.36,source=/bin,target=/bin mkdir /data
        `,
      },
      {
        title: "Images for finding faults have one.",
        dockerfile: dockerfile`
          FROM gcr.io/distroless/base-debian12:debug
          SHELL ["/busybox/sh", "-c"]
          RUN ls
        `,
      },
    ],
  }),
  visit: {
    RUN: check,
    CMD: check,
    ENTRYPOINT: check,
    HEALTHCHECK(health, context) {
      if (health.command.length > 0) check(health, context);
    },
  },
});

/** Whether a mount brings a shell for the time of the step: `--mount=from=busybox:1,source=/bin,target=/bin`. */
function lendsShell(instruction: Instruction): boolean {
  if (instruction.keyword !== "RUN") return false;
  return instruction.mounts.some(({ type, options }) => {
    const target = options.find(({ key }) => /^(?:target|dst|destination)$/.test(key))?.value?.text ?? "";
    return type === "bind" && /^\/(?:bin\/?|bin\/sh)?$/.test(target);
  });
}

function check(instruction: Instruction, context: RuleContext): void {
  const { stage, model } = context;
  if (instruction.json || instruction.args.length === 0 || stage === undefined || !hasNoShell(stage)) return;
  if (model.state(instruction).shell.instruction !== undefined) return;
  if (mayBring("/bin/sh", instruction, model) || lendsShell(instruction)) return;
  const image = stage.image.name ?? "this image";
  context.report({
    at: instruction.name.span,
    message:
      instruction.keyword === "RUN"
        ? `${image} has no shell, so RUN stops the build; do this in a stage that has one, and copy the result.`
        : `${image} has no shell, so the container cannot start this; write ${instruction.keyword}${instruction.keyword === "HEALTHCHECK" ? " CMD" : ""} as a JSON array.`,
  });
}
