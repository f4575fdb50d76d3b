import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { scratchMounts } from "../semantics/packages/cache-surroundings.ts";
import type { Model, Stage } from "../semantics/model.ts";
import { isBase } from "../semantics/stages/stage-graph.ts";
import { appendCommand } from "../shell/edits/append-command.ts";
import { refreshesAlone } from "../shell/package-managers/apt-refresh.ts";
import { callName, callSpan } from "../shell/package-managers/call-words.ts";
import { optionOf, packageCallOf, packageCallsOf, programsOf, type PackageCall } from "../shell/commands.ts";
import { firstCallForHadolint } from "../shell/package-managers/hadolint-calls.ts";
import { hadolintCommands, hasArgument } from "../shell/hadolint-command.ts";
import type { Script } from "../shell/nodes.ts";
import type { PackageAction } from "../shell/package-managers/call.ts";
import { clearsAfter } from "../shell/removed-paths.ts";
import { rightsOf } from "../shell/programs/rights.ts";
import type { RunInstruction } from "../syntax/nodes.ts";

const LISTS = "/var/lib/apt/lists";

export const rule: Rule = defineRule({
  code: "DFL405",
  name: "apt-lists",
  aliases: ["DL3009"],
  category: "layers",
  severity: { recommended: "warning", hadolint: "info" },
  scope: "shipped",
  fix: "safe",
  summary: "apt's package lists are left in the layer",
  docs: (): RuleDocs => ({
    why: `
      \`apt-get update\` loads the lists of all packages into \`/var/lib/apt/lists\`: 20 to 50 MB, more than many of the
      programs installed with them. In an image they are stale at once, and only an \`update\`, which loads them anew,
      makes them useful again. They have to go in the same RUN: a later one hides them and keeps their bytes.

      The packages themselves (\`/var/cache/apt\`) are deleted by the configuration of the official Debian and Ubuntu
      images, without any \`apt-get clean\`.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN ⟦apt-get update⟧ && apt-get install -y curl
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN ⟦apt-get update⟧ && apt-get install -y --no-install-recommends \
              # for the health check
              curl \
              git
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y --no-install-recommends \
              # for the health check
              curl \
              git \
              && rm -rf /var/lib/apt/lists/*
        `,
      },
      {
        title: "In the layout of the RUN.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN ⟦apt-get update⟧ && \
            apt-get install -y curl && \
            apt-get clean
          RUN set -eux; \
              ⟦apt update⟧; \
              apt install -y git
          RUN <<EOF
          ⟦apt-get update⟧
          apt-get install -y jq
          EOF
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN apt-get update && \
            apt-get install -y curl && \
            apt-get clean && \
            rm -rf /var/lib/apt/lists/*
          RUN set -eux; \
              apt update; \
              apt install -y git; \
              rm -rf /var/lib/apt/lists/*
          RUN <<EOF
          apt-get update
          apt-get install -y jq && rm -rf /var/lib/apt/lists/*
          EOF
        `,
      },
      {
        title: "A later RUN cannot take the bytes out of this layer.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN ⟦apt-get update⟧ && apt-get install -y curl
          RUN rm -rf /var/lib/apt/lists/*
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
          RUN rm -rf /var/lib/apt/lists/*
        `,
      },
      {
        title: "What installs or upgrades later needs the lists: deleting them here would break it.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN ⟦apt-get update⟧ && apt-get install -y curl
          COPY . /app
          RUN apt-get install -y git
        `,
      },
      {
        title: "An update alone is of no use once its lists are deleted.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN ⟦apt-get update⟧
          RUN apt-get install -y curl
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \
              --mount=type=cache,target=/var/lib/apt,sharing=locked \
              apt-get update && apt-get install -y curl
        `,
      },
      {
        title: "Nothing of this stage is shipped but what is copied.",
        dockerfile: dockerfile`
          FROM debian:12 AS build
          RUN apt-get update && apt-get install -y gcc
          FROM scratch
          COPY --from=build /app /app
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:13
          RUN apt-get update && apt-get install -y curl && apt-get distclean
          RUN apt-get update && apt-get install -y git && find /var/lib/apt/lists -mindepth 1 -delete
          RUN apt-get update && apt-get install -y jq && apt-get clean && rm -f /var/lib/apt/lists/*_*
          RUN apt-get update && apt-get install -y sed && find /var/lib/apt/lists/ -type f -delete
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run);
      if (script === undefined) return;
      const calls = packageCallsOf(script).filter(({ manager }) => manager === "apt");
      if (calls.length === 0) return;
      const update =
        context.compat === "hadolint"
          ? leftByHadolint(run, script, context)
          : leftLists(calls, run, script, context);
      if (update === undefined) return;
      const clean = `${rightsOf(update.call)}rm -rf ${LISTS}/*`;
      const user = laterUser(run, context);
      const edit =
        user === undefined && refreshesAlone(script) === undefined
          ? appendCommand(run, script, clean, context.dockerfile)
          : undefined;
      const advice =
        user === undefined
          ? `end this RUN with ${clean}`
          : `line ${context.source.lineAt(user.span.start)} uses them, so make one RUN of both and end it with ${clean}`;
      context.report({
        at: callSpan(update),
        message: `${callName(update)} leaves the lists of all packages in the layer, 20 to 50 MB that are stale at once; ${advice}.`,
        fixes: edit === undefined ? [] : [{ title: `Delete ${LISTS} in the same RUN`, edits: [edit] }],
      });
    },
  },
});

/** The next RUN that reads the lists of this one, in its stage or one that is built on it. */
function laterUser(run: RunInstruction, context: RuleContext): RunInstruction | undefined {
  const { model } = context;
  const own = model.stageOf(run);
  if (own === undefined) return undefined;
  const uses = usesIn(context);
  const next = (uses.runs.get(own) ?? [])[model.positionOf(run) + 1];
  return next === undefined ? uses.below.get(own)?.run : reading(next);
}

/** What finds a RUN that reads lists, for any place: worked out once for a file. */
interface Uses {
  /** For each place in a stage, the first RUN there or below that reads or loads lists. */
  readonly runs: ReadonlyMap<Stage, readonly (Use | undefined)[]>;
  /** The first RUN that reads them, in the stages that are built on one; those nearest to it come first. */
  readonly below: ReadonlyMap<Stage, { readonly run: RunInstruction; readonly depth: number }>;
}

interface Use {
  readonly run: RunInstruction;
  readonly reads: boolean;
}

const known = new WeakMap<Model, Uses>();

function usesIn(context: RuleContext): Uses {
  const { model } = context;
  const found = known.get(model);
  if (found !== undefined) return found;
  const runs = new Map<Stage, (Use | undefined)[]>();
  const below = new Map<Stage, { run: RunInstruction; depth: number }>();
  const uses: Uses = { runs, below };
  known.set(model, uses);
  // A stage stands below those it is built on.
  for (const stage of model.stages.toReversed()) {
    const list = nextUses(stage, context);
    runs.set(stage, list);
    const first = list[0];
    const { stage: base } = stage.base;
    const run = first && reading(first);
    const nearest = first === undefined ? below.get(stage) : run && { run, depth: 0 };
    if (base === undefined || nearest === undefined) continue;
    const depth = nearest.depth + 1;
    if (depth <= (below.get(base)?.depth ?? Infinity)) below.set(base, { run: nearest.run, depth });
  }
  return uses;
}

function nextUses({ instructions }: Stage, context: RuleContext): (Use | undefined)[] {
  let next: Use | undefined;
  const upwards = instructions.toReversed().map((run) => {
    const reads = run.keyword === "RUN" ? readsLists(context.script(run)) : undefined;
    if (run.keyword === "RUN" && reads !== undefined) next = { run, reads };
    return next;
  });
  return upwards.toReversed();
}

function reading({ run, reads }: Use): RunInstruction | undefined {
  return reads ? run : undefined;
}

/** Whether a RUN reads the lists that it finds; undefined where it neither reads nor loads any. */
function readsLists(script: Script | undefined): boolean | undefined {
  for (const program of script === undefined ? [] : programsOf(script)) {
    if (program.name === "apt-cache") return true;
    const call = packageCallOf(program);
    if (call?.manager !== "apt") continue;
    if (call.action === "refresh") return false;
    // What is installed stands in dpkg's own files.
    if (optionOf(call, "--installed") !== undefined) continue;
    if (READING.has(call.action) || READERS.has(call.subcommand?.value ?? "")) return true;
  }
  return undefined;
}

const READING: ReadonlySet<PackageAction> = new Set(["install", "upgrade", "download"]);
const READERS = new Set(["source", "changelog", "search", "show", "policy", "list", "madison"]);

/** The last update whose lists stay. */
function leftLists(
  calls: readonly PackageCall[],
  run: RunInstruction,
  script: Script,
  { model }: RuleContext,
): PackageCall | undefined {
  const update = calls.findLast(({ action }) => action === "refresh");
  if (update === undefined) return undefined;
  const { index } = update.call.command;
  const mounted = scratchMounts(run, model).some((target) =>
    `${LISTS}/`.startsWith(`${target.replace(/\/$/, "")}/`),
  );
  if (mounted || clearsAfter(script, index, LISTS)) return undefined;
  const cleans = calls.some(
    ({ call, subcommand }) => call.command.index > index && /^dist-?clean$/.test(subcommand?.value ?? ""),
  );
  return cleans ? undefined : update;
}

/** As hadolint decides it: any `rm -rf` will do, and only stages that end up somewhere count. */
function leftByHadolint(
  run: RunInstruction,
  script: Script,
  { model, stage }: RuleContext,
): PackageCall | undefined {
  const update = firstCallForHadolint(
    script,
    (command) => /^(?:apt|apt-get|aptitude)$/.test(command.name) && hasArgument(command, "update"),
  );
  if (update === undefined) return undefined;
  if (run.onbuild === undefined && stage !== undefined && !isUsed(stage, model)) return undefined;
  const targets = scratchMounts(run, model);
  const has = (path: string): boolean => targets.some((target) => target.includes(path));
  if (has(LISTS) || (has("/var/lib/apt") && has("/var/cache/apt"))) return undefined;
  const removes = hadolintCommands(script).some(
    (command) => command.name === "rm" && hasArgument(command, "-rf", `${LISTS}/*`),
  );
  return removes ? undefined : update;
}

function isUsed(stage: Stage, model: Model): boolean {
  return stage === model.stages.at(-1) || isBase(stage, model);
}
