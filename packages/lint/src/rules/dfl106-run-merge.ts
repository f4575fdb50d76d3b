import { mergeFix } from "../linter/merge-fix.ts";
import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { instructionBefore } from "../semantics/stages/siblings.ts";
import { pathsTakenBy } from "../semantics/paths/taken-paths.ts";
import { refreshesAlone } from "../shell/package-managers/apt-refresh.ts";
import { packageCallsOf, programsOf, type PackageCall } from "../shell/commands.ts";
import { haveSameFlags } from "../shell/edits/merge-runs.ts";
import type { Script } from "../shell/nodes.ts";
import type { Instruction, RunInstruction } from "../syntax/nodes.ts";

/** hadolint leaves RUNs of more commands alone. */
const HADOLINT_LIMIT = 2;

/** Commands that take no time worth a cache entry. */
const QUICK = new Set(
  (
    "mkdir touch ln cp mv chmod chown echo printf cat sed install true set export cd test [ useradd adduser groupadd " +
    "addgroup usermod groupmod passwd chpasswd update-alternatives ldconfig locale-gen dpkg-reconfigure a2enmod a2dismod " +
    "a2ensite setcap mkfifo rmdir rm tee date chsh"
  ).split(" "),
);

/** Package managers whose database is one file or a few, written anew by each call. */
const SYSTEM = new Set(["apt", "apk", "yum", "dnf", "zypper"]);

export const rule: Rule = defineRule({
  code: "DFL106",
  name: "run-merge",
  aliases: ["DL3059"],
  category: "cache",
  severity: { recommended: "info", hadolint: "info" },
  scope: "shipped",
  fix: "suggestion",
  onbuild: false,
  summary: "Two RUNs that belong together make two layers",
  docs: (): RuleDocs => ({
    why: `
      Each RUN starts a container and adds a layer that every pull, push and file look-up has to handle. What belongs
      together goes into one RUN, where that gains something:

      - both call the same package manager, so its database and caches are written to both layers;
      - both only do what takes no time (\`mkdir\`, \`chmod\`, \`useradd\`), so that there is nothing worth caching;
      - both stand below a COPY of the whole source, so that a change to any file re-runs both anyway.

      RUNs with different mounts are never meant, nor those between which a cache entry is worth having, such as
      \`npm ci\` and a build. \`apt-get update\` alone is DFL103's.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache curl
          ⟦RUN⟧ apk add --no-cache git
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          RUN apk add --no-cache curl \
              && apk add --no-cache git
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN useradd --no-log-init app
          # where the data goes
          ⟦RUN⟧ mkdir /data \
              && chown app /data
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN useradd --no-log-init app \
          # where the data goes
              && mkdir /data \
              && chown app /data
        `,
      },
      {
        title: "A cd would leak into what follows, so merging is left to a person.",
        dockerfile: dockerfile`
          FROM node:20
          COPY . /app
          RUN cd /app && npm ci
          ⟦RUN⟧ npm run build --prefix /app
        `,
      },
    ],
    good: [
      {
        title: "The first is worth a cache entry of its own.",
        dockerfile: dockerfile`
          FROM node:20
          WORKDIR /app
          COPY package*.json ./
          RUN npm ci
          RUN curl -fsSLo model.bin https://example.org/model.bin
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          RUN --mount=type=cache,target=/var/cache/apk apk add curl
          RUN apk add --no-cache git
        `,
      },
      {
        title: "What stands between them counts.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN mkdir /data
          USER app
          RUN touch /data/x
        `,
      },
      {
        title: "Nothing of this stage is shipped but what is copied.",
        dockerfile: dockerfile`
          FROM golang:1.23 AS build
          RUN mkdir /a
          RUN mkdir /b
          FROM scratch
          COPY --from=build /a /a
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const before = instructionBefore(run, context.model);
      if (before?.keyword !== "RUN" || !haveSameFlags(before, run)) return;
      const [first, second] = [context.script(before), context.script(run)];
      const gain = gainOf(before, first, run, second, context);
      if (gain === undefined) return;
      context.report({
        at: run.name.span,
        message: `${gain}; run its commands in the RUN before (line ${context.source.lineAt(before.span.start)}), joined by &&.`,
        related: [{ span: before.name.span, message: "This RUN can do both" }],
        fixes: mergeFix(before, run, context, "Merge both RUNs"),
      });
    },
  },
});

/** What merging gains, as the first half of a message. */
function gainOf(
  before: RunInstruction,
  first: Script | undefined,
  run: RunInstruction,
  second: Script | undefined,
  context: RuleContext,
): string | undefined {
  if (context.compat === "hadolint") {
    const few = [first, second].every((script) => (script?.commands.length ?? 0) <= HADOLINT_LIMIT);
    return few ? "This RUN makes a layer of its own, right after another RUN" : undefined;
  }
  if (first === undefined || second === undefined || first.form === "exec" || second.form === "exec")
    return undefined;
  if (refreshesAlone(first) !== undefined) return undefined;
  const manager = sharedManager(packageCallsOf(first), packageCallsOf(second));
  if (manager !== undefined) {
    return `This RUN calls ${manager} again, so that ${manager}'s database and caches are in two layers`;
  }
  if (isQuick(first) && isQuick(second)) {
    return "This RUN adds a layer and starts a container for what takes no time";
  }
  return belowWholeSource(before, context)
    ? "This RUN and the one before both run again when any copied file changes, so the layer between them saves nothing"
    : undefined;
}

function writes({ action }: PackageCall): boolean {
  return action !== "other" && action !== "clean";
}

function sharedManager(first: readonly PackageCall[], second: readonly PackageCall[]): string | undefined {
  const found = second.find(
    (call) =>
      writes(call) &&
      SYSTEM.has(call.manager) &&
      first.some((other) => writes(other) && other.manager === call.manager),
  );
  return found?.tool;
}

function isQuick(script: Script): boolean {
  return (
    script.commands.length > 0 &&
    programsOf(script).every(({ name }) => name !== undefined && QUICK.has(name)) &&
    script.commands.every(({ block }) => block.kind !== "loop")
  );
}

const wholeAbove = new WeakMap<Instruction, boolean>();

/** Whether a COPY of the whole context stands above, with nothing but RUNs between. */
function belowWholeSource(run: RunInstruction, { model }: RuleContext): boolean {
  const passed: Instruction[] = [];
  let one: Instruction | undefined = run;
  while (one !== undefined && !wholeAbove.has(one) && (one.keyword === "RUN" || one.keyword === "WORKDIR")) {
    passed.push(one);
    one = instructionBefore(one, model);
  }
  const isWhole =
    one !== undefined && (wholeAbove.get(one) ?? pathsTakenBy(one, model).some(({ path }) => path === ""));
  // Kept for the RUNs that follow.
  for (const below of passed) wholeAbove.set(below, isWhole);
  return isWhole;
}
