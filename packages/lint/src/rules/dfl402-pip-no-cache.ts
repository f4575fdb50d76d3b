import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { cacheSurroundings } from "../semantics/packages/cache-surroundings.ts";
import type { Model } from "../semantics/model.ts";
import { addArgument } from "../shell/edits/add-argument.ts";
import { cacheEscape, movedCache } from "../shell/package-managers/cache-escape.ts";
import { callName, callSpan, callWithPackages } from "../shell/package-managers/call-words.ts";
import { optionOf, packageCallsOf, type PackageCall } from "../shell/commands.ts";
import { firstCallForHadolint, installsWithPip } from "../shell/package-managers/hadolint-calls.ts";
import { hasFlag } from "../shell/hadolint-command.ts";
import type { Script } from "../shell/nodes.ts";
import { clearsAfter } from "../shell/removed-paths.ts";
import type { RunInstruction } from "../syntax/nodes.ts";

const SWITCH = "PIP_NO_CACHE_DIR";
/** What hadolint takes for yes; pip itself takes any value of the variable for it. */
const YES = /^(?:1|true|on|yes|y|t)$/i;

/** Where pip keeps what it loads, unless it is told otherwise. */
const HOME_CACHE = "~/.cache/pip";

export const rule: Rule = defineRule({
  code: "DFL402",
  name: "pip-no-cache",
  aliases: ["DL3042"],
  category: "layers",
  severity: { recommended: "warning", hadolint: "warning" },
  scope: "shipped",
  fix: "safe",
  summary: "pip leaves what it downloaded in the layer",
  docs: (): RuleDocs => ({
    why: `
      pip keeps every wheel it loads or builds below \`~/.cache/pip\`, so the layer holds each package twice: with
      pandas or torch that is tens to hundreds of megabytes which no container ever reads. \`--no-cache-dir\` turns
      it off.

      Nothing is left either where \`PIP_NO_CACHE_DIR\` is set, where a cache mount lies over the folder, or where
      the same RUN empties it.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM python:3.12-slim
          RUN ⟦pip install⟧ flask requests
        `,
        fixed: dockerfile`
          FROM python:3.12-slim
          RUN pip install --no-cache-dir flask requests
        `,
      },
      {
        dockerfile: dockerfile`
          FROM python:3.12-slim
          COPY requirements.txt .
          RUN ⟦python3 -m pip install⟧ --upgrade pip \
              # all but the tools for tests
              && ⟦pip3 install⟧ -r requirements.txt
        `,
        fixed: dockerfile`
          FROM python:3.12-slim
          COPY requirements.txt .
          RUN python3 -m pip install --no-cache-dir --upgrade pip \
              # all but the tools for tests
              && pip3 install --no-cache-dir -r requirements.txt
        `,
      },
      {
        title: "Deleted in a later layer, the cache is still in this one.",
        dockerfile: dockerfile`
          FROM python:3.12-slim
          RUN ⟦pip install⟧ flask
          RUN rm -rf /root/.cache/pip
        `,
        fixed: dockerfile`
          FROM python:3.12-slim
          RUN pip install --no-cache-dir flask
          RUN rm -rf /root/.cache/pip
        `,
      },
    ],
    good: [
      {
        title: "Elsewhere, and deleted there.",
        dockerfile: dockerfile`
          FROM python:3.12-slim
          ENV PIP_CACHE_DIR=/tmp/pip
          RUN pip install flask && rm -rf /tmp/*
        `,
      },
      {
        dockerfile: dockerfile`
          FROM python:3.12-slim
          RUN pip install --no-cache-dir -r requirements.txt
        `,
      },
      {
        dockerfile: dockerfile`
          FROM python:3.12-slim AS base
          ENV PIP_NO_CACHE_DIR=1
          FROM base
          RUN pip install flask
        `,
      },
      {
        dockerfile: dockerfile`
          FROM python:3.12-slim
          RUN --mount=type=cache,target=/root/.cache/pip pip install flask
        `,
      },
      {
        title: "The same RUN empties it, or pipx and uv, which are not pip, do the work.",
        dockerfile: dockerfile`
          FROM python:3.12-slim
          RUN pip install flask && rm -rf ~/.cache
          RUN pip install uvicorn && pip cache purge
          RUN pipx install black && uv pip install httpx
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run);
      if (script === undefined) return;
      const calls = packageCallsOf(script).filter(({ manager }) => manager === "pip");
      if (calls.length === 0) return;
      const lastClean = calls.findLast(({ action }) => action === "clean")?.call.command.index ?? -1;
      const found =
        context.compat === "hadolint"
          ? forHadolint(run, script, context.model)
          : calls.filter(
              (call) =>
                call.action === "install" &&
                loads(call) &&
                !isSpared(call, lastClean, run, script, context.model),
            );
      for (const call of found) {
        const { subcommand } = call;
        const folder = movedCache(call, cacheSurroundings(run, script, context.model)) ?? HOME_CACHE;
        context.report({
          at: callSpan(call),
          message: `${shown(call)} keeps every package it loads a second time, in ${folder}, and this layer ships it; call ${callName(call)} with --no-cache-dir.`,
          fixes:
            subcommand === undefined
              ? []
              : [
                  {
                    title: "Add --no-cache-dir",
                    edits: [addArgument(subcommand, "--no-cache-dir", script, context.source)],
                  },
                ],
        });
      }
    },
  },
});

/** `pip install --help` loads nothing. */
function loads(call: PackageCall): boolean {
  return optionOf(call, "--help", "-h", "--version", "-V", "--dry-run") === undefined;
}

function isSpared(
  call: PackageCall,
  lastClean: number,
  run: RunInstruction,
  script: Script,
  model: Model,
): boolean {
  const { index } = call.call.command;
  const around = cacheSurroundings(run, script, model);
  if (cacheEscape(call, around) !== undefined) return true;
  // `export` gives it to what follows, whatever its value.
  if (script.sets(SWITCH)) return true;
  if (lastClean > index) return true;
  return clearsAfter(script, index, movedCache(call, around) ?? HOME_CACHE);
}

function forHadolint(run: RunInstruction, script: Script, model: Model): PackageCall[] {
  const call = firstCallForHadolint(
    script,
    (command) => installsWithPip(command) && !hasFlag(command, "no-cache-dir"),
  );
  return call === undefined || isSparedByHadolint(run, script, model) ? [] : [call];
}

function isSparedByHadolint(run: RunInstruction, script: Script, model: Model): boolean {
  const assigned = /\bPIP_NO_CACHE_DIR=["']?(\w+)/.exec(script.text)?.[1];
  const around = cacheSurroundings(run, script, model);
  if (around.mounts.some((target) => target.includes(".cache/pip"))) return true;
  const declared = model.state(run).variable(SWITCH);
  const value = declared?.kind === "arg" ? undefined : around.environment(SWITCH);
  return YES.test(assigned ?? "") || YES.test(value ?? "");
}

function shown(call: PackageCall): string {
  const file = optionOf(call, "-r", "--requirement");
  return call.packages.length === 0 && file?.value !== undefined
    ? `${callName(call)} -r ${file.value}`
    : callWithPackages(call);
}
