import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { insertion } from "../source/edit.ts";
import { isHadolintSecretName } from "../semantics/secrets/hadolint-secret-names.ts";
import { checkedTriggers } from "../semantics/stages/onbuild-triggers.ts";
import { isOpenValue, isSecretName, isSetting } from "../semantics/secrets/secret-names.ts";
import { siblings } from "../semantics/stages/siblings.ts";
import { isBase } from "../semantics/stages/stage-graph.ts";
import { wholeLines } from "../syntax/line-edits.ts";
import type { ArgInstruction, Instruction, RunInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL511",
  name: "secret-name",
  aliases: ["DL3064", "SecretsUsedInArgOrEnv"],
  category: "secrets",
  severity: { recommended: "warning", hadolint: "warning" },
  scope: "reachable",
  fix: "unsafe",
  summary: "By its name, an ARG or ENV holds a secret",
  docs: (): RuleDocs => ({
    why: `
      What ENV sets is in the image's configuration, and what a build gets by \`--build-arg\` is in its history and its
      provenance: whoever pulls the image reads it with \`docker inspect\` or \`docker history\`. Give a secret of the
      build to the step that needs it, \`RUN --mount=type=secret,id=npm,env=NPM_TOKEN\` with
      \`docker build --secret id=npm,env=NPM_TOKEN\`; give a secret of the service to the container when it starts.

      Judged are name and value: pointers (\`TOKEN_FILE\`, \`TOKEN_URL\`), public halves, switches (\`AUTH=none\`), paths,
      and values that stand for a secret (\`dummy\`, \`<token>\`) are left alone. An ARG before the first FROM is in no
      stage yet. Preset \`buildkit\` judges by the name alone, as BuildKit does.

      The fix is unsafe: whoever builds has to pass \`--secret\` from then on, and the frontend has to be 1.10 or later.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          ARG ⟦NPM_TOKEN⟧
          RUN echo "//npm.example.org/:_authToken=$NPM_TOKEN" > .npmrc && npm ci && rm .npmrc
        `,
        fixed: dockerfile`
          FROM node:20-slim
          RUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN echo "//npm.example.org/:_authToken=$NPM_TOKEN" > .npmrc && npm ci && rm .npmrc
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENV LOG_LEVEL=info \
              ⟦DB_PASSWORD⟧=s3cr3t \
              TOKEN_TTL=3600
        `,
      },
      {
        title: "Handed on from an ARG to an ENV: it is in both.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ARG ⟦apiKey⟧
          ENV ⟦API_KEY⟧=$apiKey
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci
        `,
      },
      {
        title: "About secrets, and none.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENV DB_PASSWORD_FILE=/run/secrets/db PUBLIC_KEY=abc AUTH_MODE=basic PASSWORD_AUTHENTICATION=no
          ENV SSH_AUTH_SOCK=/agent.sock TOKEN_URL=https://id.example.org/token MAX_TOKENS=4096 CACHE_KEY=v1
        `,
      },
      {
        title: "Nothing is set, or what stands for a secret while the assets are built.",
        dockerfile: dockerfile`
          FROM ruby:3.3
          ENV API_TOKEN=
          RUN SECRET_KEY_BASE=dummy rails assets:precompile
        `,
      },
      {
        title: "Before the first FROM it is in no stage.",
        dockerfile: dockerfile`
          ARG NPM_TOKEN
          FROM node:20-slim
        `,
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      // BuildKit reads what ONBUILD holds where it is triggered.
      if (context.compat !== "buildkit") return;
      for (const trigger of checkedTriggers(context.stage)) {
        for (const name of namesSetBy(trigger)) {
          if (!isSecret(name, context)) continue;
          const message = `By its name ${name}, which the ONBUILD in line ${trigger.startLine} sets here, is a secret, and everybody who has the image can read it; use RUN --mount=type=secret instead.`;
          context.report({ at: from.name.span, message });
        }
      }
    },
    ARG(arg, context) {
      if (context.stage === undefined && context.compat !== "hadolint") return;
      for (const { name, value } of arg.declarations) {
        if (!isSecret(name.text, context)) continue;
        const set = value === undefined ? undefined : context.model.expand(value, arg).value;
        // An empty default, or one that stands for a secret, is there to be replaced.
        if (context.compat === undefined && set !== undefined && set !== "" && isSetting(set, name.text))
          continue;
        context.report({
          at: name.span,
          message: `By its name ${name.text} is a secret, and everybody who has the image reads the value of an ARG in its history; use RUN --mount=type=secret,id=${name.text},env=${name.text} instead.`,
          fixes: fixesFor(arg, name.text, context),
        });
        // hadolint reports an instruction once.
        if (context.compat === "hadolint") return;
      }
    },
    ENV(env, context) {
      for (const { key, value } of env.pairs) {
        const name = context.model.expand(key, env).value;
        if (name === undefined || !isSecret(name, context)) continue;
        const set = context.model.expand(value, env).value;
        if (context.compat === undefined && set !== undefined && isOpenValue(set, name)) continue;
        context.report({
          at: key.span,
          message: `By its name ${name} is a secret, and ENV writes its value into the image, where docker inspect shows it; give it to the container when it starts, or to the step that needs it with RUN --mount=type=secret.`,
        });
        if (context.compat === "hadolint") return;
      }
    },
  },
});

function namesSetBy(instruction: Instruction): string[] {
  if (instruction.keyword === "ENV") return instruction.pairs.map(({ key }) => key.text);
  return instruction.keyword === "ARG" ? instruction.declarations.map(({ name }) => name.text) : [];
}

function isSecret(name: string, { compat }: RuleContext): boolean {
  if (compat === "hadolint") return isHadolintSecretName(name);
  if (compat === undefined) return isSecretName(name);
  return BUILDKIT_SECRET.test(name) && !BUILDKIT_OPEN.test(name);
}

const BUILDKIT_SECRET = /(?:^|_)(?:apikey|auth|credentials?|key|password|pword|passwd|secret|token)(?:_|$)/i;
const BUILDKIT_OPEN = /(?:^|_)(?:public|file|version)(?:_|$)/i;

/** Mounts the secret in the steps that name it, where these are all that use it. */
function fixesFor(arg: ArgInstruction, name: string, context: RuleContext): OfferedFix[] {
  const { source, model } = context;
  if (arg.declarations.length !== 1 || arg.onbuild !== undefined || !/^\w+$/.test(name)) return [];
  const stage = model.stageOf(arg);
  const all = siblings(arg, model);
  const first = model.positionOf(arg) + 1;
  // A stage based on this one may use it, too; and nobody reads through a stage of that length.
  if (stage === undefined || isBase(stage, model) || all.length - first > 200) return [];
  if (stage.image.family === "windows") return []; // it knows no mounts
  const users = all.slice(first).filter((instruction) => names(instruction, name));
  const runs = users.filter((one): one is RunInstruction => one.keyword === "RUN" && canMount(one));
  if (runs.length === 0 || runs.length < users.length) return [];
  return [
    {
      title: `Mount the secret ${name} in the steps that use it`,
      edits: [
        { span: wholeLines(arg, source), newText: "" },
        ...runs.map((run) => {
          const at = run.name.span.end;
          return insertion(at, ` --mount=type=secret,id=${name},env=${name}`);
        }),
      ],
    },
  ];
}

function canMount({ onbuild, flags }: RunInstruction): boolean {
  return onbuild === undefined && !flags.some(({ value }) => value?.text.includes("type=secret"));
}

function names({ logical, heredocs }: Instruction, name: string): boolean {
  const use = new RegExp(`(?<!\\w)${name}(?!\\w)`);
  return use.test(logical.text) || heredocs.some(({ content }) => use.test(content));
}
