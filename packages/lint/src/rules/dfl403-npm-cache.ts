import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { startedBelow } from "../semantics/packages/cache-readers.ts";
import { cacheSurroundings } from "../semantics/packages/cache-surroundings.ts";
import { appendCommand } from "../shell/edits/append-command.ts";
import { callSpan, callWithPackages } from "../shell/package-managers/call-words.ts";
import { optionOf, packageCallOf } from "../shell/commands.ts";
import { callsThatLeaveCaches } from "../shell/package-managers/left-cache.ts";
import { rightsOf } from "../shell/programs/rights.ts";

const CLEAN = "npm cache clean --force";

const readsCacheBelow = startedBelow((program) => {
  const call = packageCallOf(program);
  return call?.manager === "npm" && optionOf(call, "--offline") !== undefined;
});

export const rule: Rule = defineRule({
  code: "DFL403",
  name: "npm-cache",
  category: "layers",
  severity: { recommended: "info", strict: "warning" },
  scope: "shipped",
  fix: "safe",
  summary: "npm leaves the packages it downloaded in the layer",
  docs: (): RuleDocs => ({
    why: `
      npm keeps the tarball of every package it downloads in \`~/.npm\`, beside the files it unpacks into
      \`node_modules\`. No container reads them, and they are often as large as the application. \`npm cache clean
      --force\` in the same RUN deletes them; in a later one it only hides them. A cache mount over the folder keeps
      them for the next build instead, and out of the image.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:22-slim
          COPY package.json package-lock.json ./
          RUN ⟦npm ci⟧ --omit=dev
        `,
        fixed: dockerfile`
          FROM node:22-slim
          COPY package.json package-lock.json ./
          RUN npm ci --omit=dev && npm cache clean --force
        `,
      },
      {
        title: "What a later layer deletes stays in the image.",
        dockerfile: dockerfile`
          FROM node:22-slim
          COPY package.json package-lock.json ./
          RUN ⟦npm ci⟧ \
            && npm run build
          RUN npm cache clean --force
        `,
        fixed: dockerfile`
          FROM node:22-slim
          COPY package.json package-lock.json ./
          RUN npm ci \
            && npm run build \
            && npm cache clean --force
          RUN npm cache clean --force
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:22-slim
          RUN npm ci && npm cache clean --force
          RUN npm install express && rm -rf ~/.npm
          RUN npm install --cache /tmp/npm lodash && rm -rf /tmp/npm
        `,
      },
      {
        dockerfile: dockerfile`
          FROM node:22-slim
          RUN --mount=type=cache,target=/root/.npm npm ci
        `,
      },
      {
        title: "Nothing of this stage is shipped but what is copied.",
        dockerfile: dockerfile`
          FROM node:22 AS build
          RUN npm ci && npm run build
          FROM nginx:1.27
          COPY --from=build /dist /usr/share/nginx/html
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run);
      if (script === undefined) return;
      const around = cacheSurroundings(run, script, context.model);
      for (const [index, call] of callsThatLeaveCaches("npm", script, around).entries()) {
        const clean = `${rightsOf(call.call)}${CLEAN}`;
        const isNeeded = readsCacheBelow(run.span.end, context.model.stageOf(run), context);
        const edit =
          index === 0 && !isNeeded ? appendCommand(run, script, clean, context.dockerfile) : undefined;
        context.report({
          at: callSpan(call),
          message: `${callWithPackages(call)} keeps every package it downloads in ~/.npm, too, and this layer ships it; end this RUN with ${clean}.`,
          fixes: edit === undefined ? [] : [{ title: `Add ${clean}`, edits: [edit] }],
        });
      }
    },
  },
});
