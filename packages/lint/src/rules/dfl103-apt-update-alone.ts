import { mergeFix } from "../linter/merge-fix.ts";
import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { scratchMounts } from "../semantics/packages/cache-surroundings.ts";
import { instructionAfter, siblings } from "../semantics/stages/siblings.ts";
import { APT_CALL, refreshesAlone } from "../shell/package-managers/apt-refresh.ts";
import { callName, callSpan, callWithPackages } from "../shell/package-managers/call-words.ts";
import { packageCallsOf, type PackageCall } from "../shell/commands.ts";
import type { Instruction, RunInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL103",
  name: "apt-update-alone",
  category: "cache",
  severity: "warning",
  scope: "reachable",
  fix: "suggestion",
  summary: "apt-get update stands in another RUN than the install that needs it",
  docs: (): RuleDocs => ({
    why: `
      The layer of \`RUN apt-get update\` is cached under its text, which never changes. Months later, a package added
      to the install step is looked up in the lists of then: apt asks for versions that the server no longer has
      (404), or installs old ones. Together in one RUN, the lists are as new as the install. And in a layer of their
      own, nothing can take the 20 to 50 MB of the lists away again.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM ubuntu:24.04
          RUN ⟦apt-get update⟧
          RUN apt-get install -y curl
        `,
        fixed: dockerfile`
          FROM ubuntu:24.04
          RUN apt-get update \
              && apt-get install -y curl
        `,
      },
      {
        title: "The layout and the comments stay.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN echo "deb http://packages.example.org/debian bookworm-backports main" > /etc/apt/sources.list.d/b.list && \
            ⟦apt-get update⟧

          # for the health check
          RUN apt-get install -y \
              curl \
              jq && \
            rm -rf /var/lib/apt/lists/*
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN echo "deb http://packages.example.org/debian bookworm-backports main" > /etc/apt/sources.list.d/b.list && \
            apt-get update && \
          # for the health check
            apt-get install -y \
              curl \
              jq && \
            rm -rf /var/lib/apt/lists/*
        `,
      },
      {
        title: "Something stands between them.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN ⟦apt update⟧
          ENV DEBIAN_FRONTEND=noninteractive
          RUN apt install -y curl
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
        title: "The lists are used, by an upgrade or by a script.",
        dockerfile: dockerfile`
          FROM debian:12
          COPY install.sh /tmp/
          RUN apt-get update && apt-get -y dist-upgrade
          RUN apt-get update && /tmp/install.sh
          RUN apt-get update && echo curl | xargs apt-get install -y
        `,
      },
      {
        title: "A cache mount keeps the lists out of the layer.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN --mount=type=cache,target=/var/lib/apt/lists apt-get update
          RUN --mount=type=cache,target=/var/lib/apt/lists apt-get install -y curl
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run, APT_CALL);
      const update = script && refreshesAlone(script);
      if (update === undefined) return;
      if (scratchMounts(run, context.model).some((target) => target.startsWith("/var/lib/apt"))) return;
      const later = laterInstall(run, context);
      const isRightBelow = later !== undefined && instructionAfter(run, context.model) === later.run;
      const line = later && context.source.lineAt(later.run.span.start);
      context.report({
        at: callSpan(update),
        message:
          later === undefined
            ? `No install in this RUN uses the lists that ${callName(update)} loads: they are cached here, grow stale, and cost 20 to 50 MB; run it together with the install, as in apt-get update && apt-get install.`
            : `${callName(update)} is cached apart from ${callWithPackages(later.call)} (line ${line}), which will one day look for versions that its old lists still name (404); run both in one RUN.`,
        related:
          later === undefined
            ? []
            : [{ span: callSpan(later.call), message: "This install uses the cached lists" }],
        fixes: isRightBelow
          ? mergeFix(run, later.run, context, "Run the update and the install in one RUN")
          : [],
      });
    },
  },
});

/** A RUN that installs by apt. */
interface Install {
  readonly run: RunInstruction;
  readonly call: PackageCall;
}

/** The last search through a list of instructions: any that begins within it ends as it did. */
interface Search {
  readonly from: number;
  readonly until: number;
  readonly found: Install | undefined;
}

type Searches = WeakMap<readonly Instruction[], Search>;
const ofStages: Searches = new WeakMap();
const ofTriggers: Searches = new WeakMap();

/** The next RUN of the stage that installs by apt. */
function laterInstall(run: RunInstruction, context: RuleContext): Install | undefined {
  const searches = run.onbuild === undefined ? ofStages : ofTriggers;
  const list = siblings(run, context.model);
  const from = context.model.positionOf(run);
  const known = searches.get(list);
  if (known !== undefined && known.from <= from && from < known.until) return known.found;
  const search = { from, ...searchFrom(run, context) };
  searches.set(list, search);
  return search.found;
}

function searchFrom(run: RunInstruction, context: RuleContext): Omit<Search, "from"> {
  const { model } = context;
  let last: Instruction = run;
  for (let next = instructionAfter(run, model); next; next = instructionAfter(next, model)) {
    last = next;
    if (next.keyword !== "RUN") continue;
    const code = context.script(next, APT_CALL);
    const calls = code === undefined ? [] : packageCallsOf(code);
    const call = calls.find(({ manager, action }) => manager === "apt" && action === "install");
    if (call !== undefined) return { until: model.positionOf(next), found: { run: next, call } };
  }
  return { until: model.positionOf(last) + 1, found: undefined };
}
