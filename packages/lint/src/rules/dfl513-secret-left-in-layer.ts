import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { SecretLayer } from "../linter/facts/secret-layer.ts";
import { KEEPING, keptSecrets } from "../semantics/secrets/kept-secrets.ts";
import type { Stage } from "../semantics/model.ts";
import { credentialFile } from "../semantics/secrets/secret-files.ts";
import { isSecretName } from "../semantics/secrets/secret-names.ts";
import { shellUses } from "../semantics/variables/shell-uses.ts";
import { absolutePath } from "../semantics/paths/absolute-path.ts";
import { matcherFor } from "../semantics/paths/path-matcher.ts";
import { REMOVAL_CALL, removedPaths } from "../shell/removed-paths.ts";
import type { Script } from "../shell/nodes.ts";
import { baseName } from "../source/path.ts";
import type { Span } from "../source/span.ts";
import type { AddInstruction, CopyInstruction, RunInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL513",
  name: "secret-left-in-layer",
  category: "secrets",
  severity: "warning",
  scope: "shipped",
  engine: "build",
  summary: "A layer of the image holds a secret",
  docs: (): RuleDocs => ({
    why: `
      Layers are never changed: a file with credentials that one instruction brings and a later one deletes is only
      hidden, and \`docker save\` gives it to everybody who has the image. The same goes for what commands keep
      (\`npm config set …:_authToken\`, \`git clone https://$TOKEN@…\` in \`.git/config\`, \`docker login\`), and for the value
      of an ARG that a RUN uses: the history shows it with the command.

      \`RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci\` lends the file to the step, and
      \`--mount=type=ssh\` an SSH agent; nothing of either is in a layer. What a RUN writes and deletes itself is in none.
      Stages that do not ship are left alone, though their layers are in the build cache.
    `,
    engine: `
      With \`--engine build\` the paths in the layers are looked at: a file of credentials that a script writes, or a stage
      hands on in a folder, is found where the text names none.
    `,
    bad: [
      {
        title: "Deleted too late.",
        dockerfile: dockerfile`
          FROM node:20-slim
          WORKDIR /app
          COPY package.json package-lock.json ⟦.npmrc⟧ ./
          RUN npm ci
          RUN rm -f .npmrc
        `,
      },
      {
        title: "Kept by a command, and by the history.",
        dockerfile: dockerfile`
          FROM node:20-slim
          ARG NPM_TOKEN
          RUN npm config set ⟦//npm.example.org/:_authToken⟧ "⟦$NPM_TOKEN⟧" && npm install --global @team/tool
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          COPY ⟦deploy/id_ed25519⟧ /root/.ssh/
          RUN --mount=type=secret,id=netrc cp /run/secrets/netrc ⟦~/.netrc⟧ \
              && echo "$PGPASS" > ⟦/root/.pgpass⟧
        `,
      },
      {
        title: "The address of a clone stays in its settings.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN --mount=type=secret,id=token,env=TOKEN \
              git clone ⟦"https://oauth2:$TOKEN@git.example.org/team/app.git"⟧ /app
        `,
      },
      {
        title: "Nothing in the text names the key; the layers hold it.",
        dockerfile: dockerfile`
          FROM alpine:3.20 AS fetch
          RUN fetch-everything /out
          FROM alpine:3.20
          ⟦COPY⟧ --from=fetch /out /
          ⟦RUN⟧ /setup.sh
          RUN /clean.sh
        `,
        engine: {
          layers: {
            "COPY --from=fetch /out /": { written: ["/root/.ssh/id_ed25519", "/setup.sh"] },
            "RUN /setup.sh": { written: ["/root/.netrc"] },
            "RUN /clean.sh": {
              hidden: [{ path: "/root/.netrc", bytes: 40, reason: "deleted", by: "RUN /setup.sh" }],
            },
          },
        },
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci
        `,
      },
      {
        title: "Written and deleted by one step.",
        dockerfile: dockerfile`
          FROM node:20-slim
          WORKDIR /app
          RUN --mount=type=secret,id=token,env=NPM_TOKEN \
              echo "//npm.example.org/:_authToken=$NPM_TOKEN" > .npmrc && npm ci && rm .npmrc
          RUN --mount=type=secret,id=token,env=TOKEN \
              git clone "https://oauth2:$TOKEN@git.example.org/a/b.git" /b && rm -rf /b/.git
        `,
      },
      {
        title: "Settings without a credential, and public halves.",
        dockerfile: dockerfile`
          FROM node:20-slim
          COPY .npmrc package.json ./
          RUN echo "registry=https://npm.example.org/" > /root/.npmrc
          RUN ssh-keyscan github.com >> ~/.ssh/known_hosts
          COPY deploy/id_ed25519.pub /root/.ssh/
          RUN echo '//npm.example.org/:_authToken=\${NPM_TOKEN}' > .npmrc
        `,
      },
      {
        title: "In a stage that does not ship.",
        dockerfile: dockerfile`
          FROM node:20-slim AS build
          ARG NPM_TOKEN
          RUN npm config set //npm.example.org/:_authToken "$NPM_TOKEN" && npm ci
          FROM node:20-slim
          COPY --from=build /app /app
        `,
      },
      {
        title: "What packages bring is no secret.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache python3
        `,
        engine: {
          layers: {
            "RUN apk add --no-cache python3": { written: ["/usr/lib/python3.12/test/certdata/ssl_key.pem"] },
          },
        },
      },
    ],
  }),
  visit: {
    stage(stage, context) {
      let found: readonly Removal[] | undefined;
      const removals = (): readonly Removal[] => (found ??= removalsOf(stage, context));
      const told = new Set<string>();
      for (const instruction of stage.instructions) {
        const layer = new SecretLayer(instruction, context);
        if (instruction.keyword === "COPY" || instruction.keyword === "ADD")
          checkCopy(instruction, { removals, layer }, context);
        const script = instruction.keyword === "RUN" ? context.script(instruction, KEEPING) : undefined;
        if (instruction.keyword === "RUN" && script !== undefined) {
          for (const { at, by, path } of keptSecrets(instruction, script, context.model)) {
            const where = path === undefined ? "in a file of its own" : `in ${path}`;
            const why = `${by} keeps the credential ${where}, which stays in the layer for everybody who has the image; delete it in the same RUN, or lend it to the step with --mount=type=secret.`;
            const evidence =
              path === undefined ? [] : layer.take(absolutePath(path, instruction, context.model));
            context.report({ at, instruction, message: why, evidence });
          }
          checkArgs(instruction, script, told, context);
        }
        layer.reportRest();
      }
    },
  },
});

/** A path that a RUN of the stage deletes. */
interface Removal {
  readonly matches: (path: string) => boolean;
  readonly run: RunInstruction;
  readonly span: Span;
}

function removalsOf(stage: Stage, context: RuleContext): Removal[] {
  return stage.instructions.flatMap((run): Removal[] => {
    const script = run.keyword === "RUN" ? context.script(run, REMOVAL_CALL) : undefined;
    if (script === undefined || run.keyword !== "RUN") return [];
    return removedPaths(script).map(({ path, word }) => ({
      matches: matcherFor(absolutePath(path, run, context.model)),
      run,
      span: word.span,
    }));
  });
}

function checkCopy(
  copy: CopyInstruction | AddInstruction,
  { removals, layer }: { readonly removals: () => readonly Removal[]; readonly layer: SecretLayer },
  context: RuleContext,
): void {
  const { model } = context;
  const target = copy.destination && model.expand(copy.destination, copy).value;
  const fromStage = copy.flags.some(({ name }) => name === "from");
  for (const word of copy.sources) {
    const source = model.expand(word, copy).value;
    const kind = source === undefined ? undefined : credentialFile(source);
    if (source === undefined || kind === undefined || /^https?:/.test(source)) continue;
    const name = baseName(source);
    const path = target === undefined ? undefined : absolutePath(placeIn(target, name, copy), copy, model);
    const removal =
      path === undefined
        ? undefined
        : removals().find(({ matches, span }) => span.start > copy.span.start && matches(path));
    // Of what is in the context DFL603 tells, if it is known.
    if (removal === undefined && (kind === "sometimes" || (context.context !== undefined && !fromStage)))
      continue;
    context.report({
      at: word.span,
      instruction: copy,
      evidence: path === undefined ? [] : layer.take(path),
      message:
        removal === undefined
          ? `${source} holds credentials by its name, and ${copy.keyword} puts it into a layer, where everybody who has the image reads it; lend it to the step with RUN --mount=type=secret, or give it to the container when it starts.`
          : `${source} stays in this layer for everybody who has the image, though line ${removal.run.startLine} deletes it; lend it to the step with RUN --mount=type=secret instead.`,
      related: removal === undefined ? [] : [{ span: removal.span, message: "This only hides it" }],
    });
  }
}

function placeIn(target: string, name: string, { sources }: CopyInstruction | AddInstruction): string {
  return /(?:^|\/)\.{0,2}$/.test(target) || sources.length > 1 ? `${target}/${name}` : target;
}

/** The ARGs that a RUN uses are in the history, with their values. Each is told once for a stage. */
function checkArgs(run: RunInstruction, script: Script, told: Set<string>, context: RuleContext): void {
  const uses = shellUses(script, context.source).filter(({ name }) => !told.has(name) && isSecretName(name));
  if (uses.length === 0) return;
  const state = context.model.state(run);
  const mounted = new Set(
    run.mounts.flatMap(({ options }) =>
      options.flatMap(({ key, value }) => (key === "env" && value ? [value.text] : [])),
    ),
  );
  for (const { name, span } of uses) {
    if (told.has(name) || mounted.has(name)) continue;
    if (state.variable(name)?.kind !== "arg") continue;
    told.add(name);
    context.report({
      at: span,
      instruction: run,
      message: `The history of the image shows this command together with the value of the ARG ${name}; give it to the step with --mount=type=secret,id=${name},env=${name}.`,
    });
  }
}
