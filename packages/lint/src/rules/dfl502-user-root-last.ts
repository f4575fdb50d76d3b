import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { insertBeforeStart, isFinalStage } from "../semantics/stages/final-stage.ts";
import { hasPrivilegeDrop } from "../semantics/images/privilege-drop.ts";
import { isRootUser } from "../semantics/root-user.ts";
import type { Stage } from "../semantics/model.ts";
import type { UserInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL502",
  name: "user-root-last",
  aliases: ["DL3002"],
  category: "user",
  severity: { recommended: "warning", hadolint: "warning" },
  scope: "shipped",
  fix: "unsafe",
  summary: "The last USER of the image is root",
  docs: (): RuleDocs => ({
    why: `
      USER root is needed to install something, and then often stays: the process in the container is root from there
      on, and so is whoever gets into it. Go back to another user after the last instruction that needs root.

      Only the stage that ships is looked at; what a variable holds counts if it is known. Stages that bring
      \`gosu\`, \`su-exec\` or \`setpriv\` leave root by themselves.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM ubuntu:24.04
          USER ⟦root⟧
          CMD ["server"]
        `,
      },
      {
        title: "There was another user before: it is taken again.",
        dockerfile: dockerfile`
          FROM node:20-slim
          USER node
          COPY . /app
          USER ⟦0:0⟧
          RUN apt-get update && apt-get install -y curl
          CMD ["node", "/app"]
        `,
        fixed: dockerfile`
          FROM node:20-slim
          USER node
          COPY . /app
          USER 0:0
          RUN apt-get update && apt-get install -y curl
          USER node
          CMD ["node", "/app"]
        `,
      },
      {
        title: "Set in the stage below.",
        dockerfile: dockerfile`
          FROM ubuntu:24.04 AS base
          ARG OWNER=root
          USER ⟦\${OWNER}⟧
          FROM base
          CMD ["server"]
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM ubuntu:24.04
          USER root
          RUN apt-get update
          USER www-data
        `,
      },
      {
        title: "A stage that does not ship.",
        dockerfile: dockerfile`
          FROM ubuntu:24.04 AS build
          USER root
          RUN make
          FROM ubuntu:24.04
          USER 1000
          COPY --from=build /app /app
        `,
      },
      {
        dockerfile: dockerfile`
          FROM ubuntu:24.04
          ARG OWNER
          USER $OWNER
        `,
      },
    ],
  }),
  visit: {
    stage(stage, context) {
      const user = context.compat === "hadolint" ? lastUser(stage) : finalUser(stage, context);
      if (user?.user === undefined) return;
      context.report({
        at: user.user.span,
        instruction: user,
        message: `The last USER is ${user.user.text}, so the process runs as root and so does whoever breaks into it; set another USER after the last instruction that needs root.`,
        fixes: fixesOf(stage, user, context),
      });
    },
  },
});

/** hadolint looks at every stage by itself, and at the text. */
function lastUser({ instructions }: Stage): UserInstruction | undefined {
  const last = instructions.findLast(
    (instruction): instruction is UserInstruction => instruction.keyword === "USER",
  );
  const name = last?.user?.text.replace(/^["'](.*)["']$/, "$1");
  return name !== undefined && /^(?:root|0)(?::|$)/.test(name) ? last : undefined;
}

function finalUser(stage: Stage, { model, settings }: RuleContext): UserInstruction | undefined {
  const user = isFinalStage(stage, model, settings.stages.public) ? stage.end.user : undefined;
  if (user?.value === undefined || !isRootUser(user.value) || hasPrivilegeDrop(stage)) return undefined;
  return user.instruction.keyword === "USER" ? user.instruction : undefined;
}

/** The user that the stage had before becomes its user again. */
function fixesOf(
  stage: Stage,
  last: UserInstruction,
  { model, dockerfile: file }: RuleContext,
): OfferedFix[] {
  const before = model.state(last).user;
  if (!stage.instructions.includes(last) || before?.value === undefined || isRootUser(before.value))
    return [];
  const text = `USER ${before.word.text}`;
  const edit = insertBeforeStart(stage, text, file);
  return edit === undefined ? [] : [{ title: `Go back to ${text}`, edits: [edit] }];
}
