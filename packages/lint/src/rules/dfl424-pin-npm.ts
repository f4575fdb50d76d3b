import { looseVisitors } from "../linter/loose-visitors.ts";
import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { packageCallsOf, type PackageCall } from "../shell/commands.ts";
import { hadolintCommands, operandsOf } from "../shell/hadolint-command.ts";
import { loosePackages, type LoosePackage } from "../shell/package-managers/loose-packages.ts";
import type { Script } from "../shell/nodes.ts";

/** Names of versions that move. */
const MOVING = /^(?:latest|next|canary|beta|alpha|\*|x)?$/;
const ARCHIVE = /\.(?:tar|tar\.gz|tgz)$/;
const PATH = /^(?:\/|~\/|\.{1,2}\/)/;

export const rule: Rule = defineRule({
  code: "DFL424",
  name: "pin-npm",
  aliases: ["DL3016"],
  category: "packages",
  severity: { recommended: "off", strict: "warning", hadolint: "warning" },
  scope: "all",
  summary: "npm, yarn or pnpm installs packages without a version",
  docs: (): RuleDocs => ({
    why: `
      \`npm install express\` takes what is published as \`latest\` when the layer is built. Two builds of one commit may
      differ, and a broken or hijacked release is in your image within the hour. \`express@4.19.2\` says which one was
      tested. For what the project itself needs, use \`npm ci\`: the lock file pins what packages depend on, too.

      It is off in \`recommended\`: for a tool of the build the newest may be just what is wanted.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          RUN npm install -g ⟦typescript⟧ @angular/cli@18.2.0 ⟦@nestjs/cli⟧
        `,
      },
      {
        title: "`latest` is a name for whatever comes; a repository without `#` is its default branch.",
        dockerfile: dockerfile`
          FROM node:20-slim
          RUN npm i --global --registry https://npm.example.org ⟦npm@latest⟧ \
              && npm install \
                  # the fork
                  ⟦git+https://example.org/team/tool.git⟧ \
                  ⟦team/other⟧
        `,
      },
      {
        title: "yarn and pnpm do the same.",
        dockerfile: dockerfile`
          FROM node:20-slim
          RUN yarn global add ⟦serve⟧ && pnpm add --global ⟦turbo⟧
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          COPY package.json package-lock.json ./
          RUN npm ci && npm install -g typescript@5.6.2 @angular/cli@^18
        `,
      },
      {
        title: "What a manifest lists, files, folders, commits.",
        dockerfile: dockerfile`
          FROM node:20-slim
          RUN npm install && yarn install && pnpm install --frozen-lockfile
          RUN npm install ./lib ../other tool-1.0.0.tgz git+https://example.org/team/tool.git#v1.2.3 team/other#v2
        `,
      },
      {
        title: "Versions in variables.",
        dockerfile: dockerfile`
          FROM node:20-slim
          ARG NPM_VERSION=10.8.2
          RUN npm install -g npm@$NPM_VERSION "pnpm@\${PNPM_VERSION}" $TOOLS
        `,
      },
    ],
  }),
  visit: looseVisitors({
    looseIn,
    looseForHadolint,
    report: ({ name, tool, remote }) => ({
      message: remote
        ? `${name} takes the default branch as it is that day; put # and a tag or a commit after it.`
        : `${tool} installs what is published of ${name} that day, so two builds may differ; name the version that was tested: ${name}@VERSION.`,
      aliases: tool === "npm" ? ["DL3016"] : [],
    }),
  }),
});

/** With what loads it; `remote` is a source repository. */
interface LooseNodePackage extends LoosePackage {
  readonly tool: string;
  readonly remote: boolean;
}

function looseIn(script: Script): LooseNodePackage[] {
  return packageCallsOf(script)
    .filter(({ manager, action }) => /^(?:npm|yarn|pnpm)$/.test(manager) && action === "install")
    .flatMap((call) => [
      ...loosePackages(call).map((one) => ({ ...one, tool: call.manager, remote: false })),
      ...movingPackages(call),
    ])
    .toSorted((first, second) => first.word.span.start - second.word.span.start);
}

function movingPackages(call: PackageCall): LooseNodePackage[] {
  return call.packages.flatMap(({ word, name, version, constrained, source }): LooseNodePackage[] => {
    const { value } = word;
    if (value === undefined || name === undefined) return [];
    const found = { word, tool: call.manager };
    if (source === "remote" && !constrained && !ARCHIVE.test(value))
      return [{ ...found, name: value, remote: true }];
    if (source === "repository" && constrained && MOVING.test(version ?? ""))
      return [{ ...found, name, remote: false }];
    return [];
  });
}

function looseForHadolint(script: Script): LooseNodePackage[] {
  return hadolintCommands(script)
    .filter(({ name }) => name === "npm")
    .map((command) => operandsOf(command, ["loglevel", "registry"]))
    .flatMap(([subcommand, ...packages]) => (subcommand?.text === "install" ? packages : []))
    .filter(({ text }) => !isPinnedForHadolint(text))
    .map(({ text, word }) => ({ name: text, word, tool: "npm", remote: isRepository(text) }));
}

function isPinnedForHadolint(text: string): boolean {
  if (isRepository(text)) return text.includes("#");
  return ARCHIVE.test(text) || PATH.test(text) || text.replace(/^@/, "").includes("@");
}

function isRepository(text: string): boolean {
  return /^git(?:\+(?:ssh|http|https|file))?:\/\//.test(text);
}
