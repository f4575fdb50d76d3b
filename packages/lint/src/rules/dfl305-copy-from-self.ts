import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { Instruction, Word } from "../syntax/nodes.ts";
import { flagNamed } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL305",
  name: "copy-from-self",
  aliases: ["DL3023"],
  category: "stages",
  severity: { recommended: "error", hadolint: "error" },
  scope: "all",
  // The name is looked up where the trigger runs: in another file.
  onbuild: false,
  summary: "A stage copies or mounts from itself",
  docs: (): RuleDocs => ({
    why: `
      A stage has to be finished before something can be copied from it, so the build stops with a circular
      dependency. Most often the name of another stage was meant; files of the same stage are copied with \`RUN cp\`.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20 AS app
          COPY --from=⟦app⟧ /src /dst
        `,
      },
      {
        title: "By its number, and by a mount.",
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          FROM alpine:3.20 AS app
          COPY --from=⟦1⟧ /src /dst
          RUN --mount=type=bind,from=⟦App⟧,target=/mnt \
              cp /mnt/a /b
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          FROM alpine:3.20 AS app
          COPY --from=build /src /dst
          COPY --from=0 /src /dst
        `,
      },
      {
        title: "Resolved in the image that is built on this one.",
        dockerfile: dockerfile`
          FROM alpine:3.20 AS app
          ONBUILD COPY --from=app /src /dst
        `,
      },
    ],
  }),
  visit: {
    COPY(copy, context) {
      const word = flagNamed(copy, "from")?.value;
      if (word !== undefined) check(copy, word, context);
    },
    RUN(run, context) {
      if (context.compat === "hadolint") return;
      for (const { options } of run.mounts) {
        const word = options.find(({ key }) => key === "from")?.value;
        if (word !== undefined) check(run, word, context);
      }
    },
  },
});

function check(instruction: Instruction, word: Word, context: RuleContext): void {
  const { stage, compat } = context;
  if (stage === undefined) return;
  const { text } = word;
  const isSelf =
    compat === "hadolint"
      ? text === stage.from.as?.name.text
      : text.toLowerCase() === stage.name || text === String(stage.index);
  if (!isSelf) return;
  context.report({
    at: word.span,
    message: `${instruction.keyword} takes from "${text}", which is the stage it stands in, so the build stops with a circular dependency; name another stage, or use RUN cp for files of this one.`,
  });
}
