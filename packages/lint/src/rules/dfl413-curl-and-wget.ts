import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { siblings } from "../semantics/stages/siblings.ts";
import type { Stage } from "../semantics/model.ts";
import { foldStages, unwrapped } from "../semantics/stages/stage-chain.ts";
import { packageCallsOf, programsOf } from "../shell/commands.ts";
import { hadolintCommands } from "../shell/hadolint-command.ts";
import type { Script } from "../shell/nodes.ts";
import type { Span } from "../source/span.ts";
import type { Instruction, RunInstruction } from "../syntax/nodes.ts";

const TOOLS = ["curl", "wget"] as const;
type Tool = (typeof TOOLS)[number];

export const rule: Rule = defineRule({
  code: "DFL413",
  name: "curl-and-wget",
  aliases: ["DL4001"],
  category: "packages",
  severity: { recommended: "info", strict: "warning", hadolint: "warning" },
  scope: "shipped",
  summary: "Both curl and wget are used, where one of them would do",
  docs: (): RuleDocs => ({
    why: `
      Both load a file from a URL. Whoever uses both installs both, with the libraries of each (some 5 MB on Debian),
      and has to keep two programs that talk to the network up to date in the image. Use the one that is there
      already: Alpine's busybox brings a \`wget\`.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN wget -q https://example.org/a.tar.gz
          RUN ⟦curl⟧ -fsSLO https://example.org/b.tar.gz
        `,
      },
      {
        title: "One is used, the other one installed.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN apt-get update && apt-get install -y curl ⟦wget⟧ \
              && curl -fsSLO https://example.org/a.tar.gz
        `,
      },
      {
        title: "The stage it is based on counts.",
        dockerfile: dockerfile`
          FROM debian:12 AS base
          RUN curl -fsSLO https://example.org/a.tar.gz
          FROM base
          RUN ⟦wget⟧ -q https://example.org/b.tar.gz
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN curl -fsSLO https://example.org/a.tar.gz
          RUN curl -fsSLO https://example.org/b.tar.gz
        `,
      },
      {
        title: "Each stage has its own programs, and only the last one is shipped.",
        dockerfile: dockerfile`
          FROM debian:12 AS load
          RUN curl -fsSLO https://example.org/a.tar.gz && wget -q https://example.org/b.tar.gz
          FROM alpine:3.20
          RUN wget -q https://example.org/c.tar.gz
        `,
      },
      {
        title: "A word is not a program.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN echo "use curl or wget" && curl -fsSLO https://example.org/a.tar.gz
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      if (context.compat === "hadolint") reportLikeHadolint(run, context);
    },
    stage(stage, context) {
      if (context.compat === "hadolint") return;
      const below =
        stage.base.stage && foldStages(stage.base.stage, known, (one, under) => seenIn(one, under, context));
      const own = new Map(below);
      for (const run of unwrapped(stage)) {
        for (const { tool, span } of usesIn(run, context)) {
          const other = [...own.keys()].find((name) => name !== tool);
          // The stages below were told of what they use themselves.
          if (other === undefined || own.size > 1) {
            if (!own.has(tool)) own.set(tool, span);
            continue;
          }
          context.report({
            at: span,
            instruction: run,
            message: `${tool} does what ${other} does, which this stage uses already: two programs with their libraries to ship and to patch; use ${other} here, too.`,
            related: [{ span: own.get(other) ?? span, message: `${other} is used here` }],
          });
          return;
        }
      }
    },
  },
});

const known = new WeakMap<Stage, ReadonlyMap<Tool, Span>>();

/** Where the tools were first used, up to the end of a stage. */
function seenIn(
  stage: Stage,
  below: ReadonlyMap<Tool, Span> | undefined,
  context: RuleContext,
): Map<Tool, Span> {
  const seen = new Map(below);
  for (const run of unwrapped(stage)) {
    for (const { tool, span } of usesIn(run, context)) if (!seen.has(tool)) seen.set(tool, span);
  }
  return seen;
}

function usesIn(instruction: Instruction, context: RuleContext): ToolUse[] {
  const script = instruction.keyword === "RUN" ? scriptNaming(instruction, context) : undefined;
  return script === undefined ? [] : usesOf(script);
}

function scriptNaming(run: RunInstruction, context: RuleContext): Script | undefined {
  const { text } = run.logical;
  return TOOLS.some((tool) => text.includes(tool)) ? context.script(run) : undefined;
}

interface ToolUse {
  readonly tool: Tool;
  readonly span: Span;
}

/** Where a script calls or installs one of the tools. */
function usesOf(script: Script): ToolUse[] {
  const called = programsOf(script).flatMap(({ name, word }) => {
    const tool = TOOLS.find((one) => one === name);
    return tool === undefined ? [] : [{ tool, span: word.span }];
  });
  const installed = packageCallsOf(script).flatMap(({ action, manager, packages }) => {
    if (action !== "install" || ["npm", "yarn", "pnpm", "pip", "gem", "go", "cargo"].includes(manager))
      return [];
    return packages.flatMap(({ name, word }) => {
      const tool = TOOLS.find((one) => one === name);
      return tool === undefined ? [] : [{ tool, span: word.span }];
    });
  });
  return [...called, ...installed].sort((left, right) => left.span.start - right.span.start);
}

/**
 * hadolint reports each RUN that calls either tool once both were seen in the stage; what ONBUILD holds it judges by
 * itself, over the whole file.
 */
function reportLikeHadolint(run: RunInstruction, context: RuleContext): void {
  const own = toolsCalled(run, context);
  const [first] = own;
  if (first === undefined) return;
  const called = firstCalls(run, context);
  const isSeen = (tool: Tool): boolean =>
    own.some((one) => one.tool === tool) || (called.get(tool) ?? Infinity) < run.span.start;
  if (!TOOLS.every(isSeen)) return;
  const other = first.tool === "curl" ? "wget" : "curl";
  context.report({
    at: first.span,
    message: `${first.tool} and ${other} are both used here, though either does what the other does; use one of them.`,
  });
}

type FirstCalls = ReadonlyMap<Tool, number>;
type KnownCalls = WeakMap<readonly Instruction[], FirstCalls>;
const ofStages: KnownCalls = new WeakMap();
const ofTriggers: KnownCalls = new WeakMap();

/** Where the instructions begin that call the tools first: of the stage, or of what ONBUILD holds in the file. */
function firstCalls(run: RunInstruction, context: RuleContext): FirstCalls {
  const isTrigger = run.onbuild !== undefined;
  const list = isTrigger ? context.dockerfile.instructions : siblings(run, context.model);
  const known = isTrigger ? ofTriggers : ofStages;
  const found = known.get(list);
  if (found !== undefined) return found;
  const first = new Map<Tool, number>();
  for (const one of list) {
    const own = isTrigger ? (one.keyword === "ONBUILD" ? one.inner : undefined) : one;
    if (own?.keyword !== "RUN") continue;
    for (const { tool } of toolsCalled(own, context)) if (!first.has(tool)) first.set(tool, one.span.start);
    if (first.size === TOOLS.length) break;
  }
  known.set(list, first);
  return first;
}

function toolsCalled(
  run: RunInstruction,
  context: RuleContext,
): { readonly tool: Tool; readonly span: Span }[] {
  const script = scriptNaming(run, context);
  if (script === undefined) return [];
  return hadolintCommands(script).flatMap(({ name, word }) => {
    const tool = TOOLS.find((one) => one === name);
    return tool === undefined ? [] : [{ tool, span: word.span }];
  });
}
