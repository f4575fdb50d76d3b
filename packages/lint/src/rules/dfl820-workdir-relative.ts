import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import type { Stage, State } from "../semantics/model.ts";
import { checkedTriggers } from "../semantics/stages/onbuild-triggers.ts";
import { expandWord, UNKNOWN } from "../syntax/expansion.ts";
import type { Word, WorkdirInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL820",
  name: "workdir-relative",
  aliases: ["DL3000", "WorkdirRelativePath"],
  category: "workdir",
  severity: { recommended: "warning", hadolint: "error" },
  engine: "read",
  scope: "all",
  summary: "WORKDIR is relative, with no absolute one before it",
  docs: (): RuleDocs => ({
    why: `
      A relative WORKDIR goes on from the one before. With none before it in the file, it goes on from that of the
      base image, which the next version of that image may set differently: all paths below move with it. Begin with
      an absolute path.
    `,
    engine: `
      The folder that the base image starts in is named, where the engine has the image.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          WORKDIR ⟦app⟧
        `,
      },
      {
        title: "The value of a variable counts. After the first one, relative ones are plain.",
        dockerfile: dockerfile`
          FROM node:20-slim
          ARG DIR=srv
          WORKDIR ⟦"\${DIR}/app"⟧
          WORKDIR src
        `,
      },
      {
        title: "A drive's letter is a name like others outside of Windows.",
        dockerfile: dockerfile`
          FROM debian:12-slim
          WORKDIR ⟦c:/app⟧
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          WORKDIR /app
          WORKDIR src
        `,
      },
      {
        title: "The stage below has an absolute one.",
        dockerfile: dockerfile`
          FROM node:20-slim AS base
          WORKDIR /app
          FROM base
          WORKDIR client
        `,
      },
      {
        title: "Who builds it, or the base image, says where.",
        dockerfile: dockerfile`
          FROM golang:1.23
          ARG DIR
          WORKDIR \${DIR}
          FROM golang:1.23
          WORKDIR $GOPATH/src
        `,
      },
      {
        dockerfile: dockerfile`
          # escape=\`
          FROM mcr.microsoft.com/windows/nanoserver:ltsc2022
          WORKDIR C:\app
        `,
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      const { compat, stage } = context;
      // BuildKit reads what ONBUILD holds where it is triggered.
      if (compat !== "buildkit" || stage?.base.stage?.end.workdir !== undefined) return;
      const trigger = checkedTriggers(stage).find(({ keyword }) => keyword === "WORKDIR");
      if (stage === undefined || trigger?.keyword !== "WORKDIR") return;
      const { path, startLine } = trigger;
      if (path === undefined || isAbsolute(valueForBuildkit(path, stage.start, context), stage)) return;
      const message = `The ONBUILD in line ${startLine} runs here, and its WORKDIR ${path.text} goes on from the WORKDIR of the base image; write an absolute path there.`;
      context.report({ at: from.name.span, message });
    },
    WORKDIR(workdir, context) {
      const { path } = workdir;
      // Whatever its variables are.
      if (path === undefined || path.text.startsWith("/")) return;
      if (!isRelative(workdir, context)) return;
      context.report({
        at: path.span,
        evidence: evidenceOf(context),
        message: `WORKDIR ${path.text} goes on from the WORKDIR of the base image, which may change; write an absolute path, such as ${absolute(path.text, context)}.`,
      });
    },
  },
});

/** What was most likely meant. */
function absolute(text: string, { stage }: RuleContext): string {
  const plain = text.replace(/["']/g, "");
  if (stage?.image.family === "windows")
    return /^[A-Za-z]:/.test(plain) ? plain.replace(/\\+/g, "/") : `C:/${plain}`;
  const start = stage?.image.facts?.workdir.replace(/\/+$/, "") ?? "";
  return `${start}/${plain.replace(/^(?:[A-Za-z]:)?(?:\.?[\\/])*/, "")}`;
}

function evidenceOf({ stage }: RuleContext): string[] {
  const facts = stage?.image.facts;
  return facts === undefined ? [] : [`It starts in ${facts.workdir || "/"}: ${facts.source}.`];
}

function isRelative(workdir: WorkdirInstruction, context: RuleContext): boolean {
  const { compat, stage, model } = context;
  const text = workdir.path?.text ?? "";
  if (compat === "hadolint") {
    // Every one by itself, and by its text.
    return workdir.onbuild === undefined && !/^(?:[/$]|[A-Za-z]:)/.test(text.replace(/["']/g, ""));
  }
  const state = model.state(workdir);
  if (stage === undefined || workdir.path === undefined || state.workdir !== undefined) return false;
  if (compat === "buildkit") return !isAbsolute(valueForBuildkit(workdir.path, state, context), stage);
  const { value } = model.expand(workdir.path, workdir);
  return value !== undefined && value !== "" && !isAbsolute(value, stage);
}

/** What is not defined is empty for BuildKit, unless it knows it from outside the file. */
function valueForBuildkit({ text: written }: Word, state: State, { dockerfile }: RuleContext): string {
  const { text, unknown } = expandWord(
    written,
    (name) => {
      const variable = state.variable(name);
      if (variable === undefined || variable.known) return variable?.value;
      // Names of systems and architectures are relative, whatever they are.
      return /^(?:BUILD|TARGET)(?:PLATFORM|OS|ARCH)$/.test(name) ? name : UNKNOWN;
    },
    dockerfile.escape,
  );
  if (!unknown) return text;
  // How it begins may be known all the same: `$(…)` is text.
  return /^(?:[^$"'\\`]|\$\()/.test(written) ? written : "/";
}

function isAbsolute(path: string, { image, platform }: Stage): boolean {
  if (path.startsWith("/")) return true;
  const windows = image.family === "windows" || platform?.startsWith("windows") === true;
  return windows && /^(?:[A-Za-z]:)?[\\/]/.test(path);
}
