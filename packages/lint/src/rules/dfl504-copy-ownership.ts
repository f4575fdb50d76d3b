import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { insertion } from "../source/edit.ts";
import type { Setting } from "../semantics/model.ts";
import { isRootUser } from "../semantics/root-user.ts";
import { siblings } from "../semantics/stages/siblings.ts";
import { absolutePath } from "../semantics/paths/absolute-path.ts";
import { programsOf } from "../shell/commands.ts";
import { flagNamed, type AddInstruction, type CopyInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL504",
  name: "copy-ownership",
  category: "user",
  severity: { recommended: "info", strict: "warning" },
  scope: "reachable",
  fix: "safe",
  summary: "Files are copied after USER and belong to root all the same",
  docs: (): RuleDocs => ({
    why: `
      USER says as whom RUN and the container run; COPY and ADD do not heed it, and what they write belongs to root.
      A later \`RUN npm ci\`, or the process itself, then stops with \`permission denied\` as soon as it writes there.
      \`--chown\` gives the files to the user, without the second copy that \`RUN chown\` makes.

      Looked at is what goes to the working directory, to a home folder or to a usual place of programs (\`/app\`,
      \`/srv\` …). If the user is only to read the files, nothing is wrong: mute the rule there, or copy above USER,
      where everybody expects files of root.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          WORKDIR /app
          USER node
          COPY package.json package-lock.json ⟦./⟧
          RUN npm ci
        `,
        fixed: dockerfile`
          FROM node:20-slim
          WORKDIR /app
          USER node
          COPY --chown=node package.json package-lock.json ./
          RUN npm ci
        `,
      },
      {
        title: "The user of the stage below.",
        dockerfile: dockerfile`
          FROM python:3.12-slim AS base
          USER 1000:1000
          FROM base
          COPY --link main.py ⟦/app/⟧
        `,
        fixed: dockerfile`
          FROM python:3.12-slim AS base
          USER 1000:1000
          FROM base
          COPY --link --chown=1000:1000 main.py /app/
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          WORKDIR /app
          COPY . .
          USER node
        `,
      },
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          WORKDIR /app
          USER node
          COPY --chown=node:node . .
        `,
      },
      {
        title: "Programs and settings belong to root.",
        dockerfile: dockerfile`
          FROM nginx:1.27-alpine
          USER nginx
          COPY nginx.conf /etc/nginx/nginx.conf
          COPY entrypoint.sh /usr/local/bin/
        `,
      },
      {
        title: "Given away later.",
        dockerfile: dockerfile`
          FROM debian:12
          WORKDIR /app
          USER app
          COPY . .
          USER root
          RUN chown -R app /app
          USER app
        `,
      },
    ],
  }),
  visit: {
    COPY: check,
    ADD: check,
  },
});

const OF_PROGRAMS =
  /^(?:~|\/(?:home|app|apps|srv|src|code|data|work|workdir|workspace|usr\/src|var\/www|var\/lib|opt))(?:\/|$)/;

function check(copy: CopyInstruction | AddInstruction, context: RuleContext): void {
  const { model, stage } = context;
  const state = model.state(copy);
  const { user } = state;
  const { destination } = copy;
  if (destination === undefined || user === undefined || stage?.image.family === "windows") return;
  if (user.value === undefined ? !user.word.text.startsWith("$") : isRootUser(user.value)) return;
  if (flagNamed(copy, "chown") !== undefined || flagNamed(copy, "chmod") !== undefined) return;
  const target = model.expand(destination, copy).value;
  if (target === undefined) return;
  const path = absolutePath(target, copy, model);
  const folder = state.workdir?.value;
  const inFolder = folder !== undefined && folder !== "/" && isBelow(path, absolutePath(folder, copy, model));
  if (target.startsWith("/") ? !inFolder && !OF_PROGRAMS.test(path) : folder === "/") return;
  if (isGivenAway(copy, path, context)) return;
  const name = user.value ?? user.word.text;
  context.report({
    at: destination.span,
    message: `What ${copy.keyword} writes to ${destination.text} belongs to root, though USER is ${name} by now, who cannot change it; write ${copy.keyword} --chown=${name}, or copy above USER if the files are only to be read.`,
    fixes: fixesFor(copy, user, context),
  });
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder.replace(/\/$/, "")}/`);
}

/** Whether a RUN below calls chown for the files or a folder that holds them. */
function isGivenAway(copy: CopyInstruction | AddInstruction, path: string, context: RuleContext): boolean {
  const start = context.model.positionOf(copy) + 1;
  const below = siblings(copy, context.model).slice(start, start + SEARCHED);
  return below.some((run) => {
    const script = run.keyword === "RUN" ? context.script(run) : undefined;
    if (script === undefined) return false;
    return programsOf(script).some(
      ({ name, args }) =>
        name === "chown" &&
        args.some(
          ({ value }) => value !== undefined && isBelow(path, absolutePath(value, run, context.model)),
        ),
    );
  });
}

/** How far a later chown is searched for. */
const SEARCHED = 100;

function fixesFor(
  copy: CopyInstruction | AddInstruction,
  user: Setting,
  { model, stage }: RuleContext,
): OfferedFix[] {
  // A variable of the stage below may not be known here.
  const sameStage = model.stageOf(user.instruction) === model.stageOf(copy);
  const name = user.value ?? (sameStage ? user.word.text : undefined);
  if (name === undefined || !/^[\w.${}-]+(?::[\w.${}-]+)?$/.test(name) || copy.onbuild !== undefined)
    return [];
  const at = copy.flags.at(-1)?.span.end ?? copy.name.span.end;
  const edits = [insertion(at, ` --chown=${name}`)];
  // An image that began empty knows no names until it has an /etc/passwd.
  const isUnknown = stage?.image.scratch === true && !/^\d+(?::\d+)?$/.test(name);
  return [{ title: `Add --chown=${name}`, edits, ...(isUnknown && { applicability: "suggestion" }) }];
}
