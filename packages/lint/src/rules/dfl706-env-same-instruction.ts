import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { baseEnvironment } from "../semantics/images/base-environment.ts";
import type { EnvInstruction, Instruction, KeyValue } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL706",
  name: "env-same-instruction",
  aliases: ["DL3044"],
  category: "variables",
  severity: { recommended: "error", hadolint: "error" },
  scope: "all",
  summary: "A pair of ENV uses a variable that another pair of the same ENV sets",
  docs: (): RuleDocs => ({
    why: `
      All pairs of one ENV are read before any of them is set. \`ENV A=1 B=$A\` leaves B empty, or gives it what A was
      before, and nothing stops the build: the path is wrong at run time. Write a second ENV below; it costs no layer of
      files.

      Where A was set above, B gets the old value, which may be meant, so nothing is said.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          ENV HOME_DIR=/opt/app \
              BIN_DIR=⟦$HOME_DIR⟧/bin
        `,
      },
      {
        title: "The order does not matter, a default hides it, and each use is told.",
        dockerfile: dockerfile`
          FROM debian:12
          ENV URL="http://⟦\${HOST}⟧:⟦\${PORT:-80}⟧/" HOST=localhost PORT=8080
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          ENV HOME_DIR=/opt/app
          ENV BIN_DIR=$HOME_DIR/bin PATH=$HOME_DIR/bin:$PATH
        `,
      },
      {
        title: "What was set above counts, also what the image sets; single quotes keep the dollar.",
        dockerfile: dockerfile`
          FROM golang:1.23
          ARG VERSION=1
          ENV VERSION=2 NAME=app-$VERSION
          ENV GOPATH=/go2 PATH=$GOPATH/bin:$PATH
          ENV A=1 B='$A' C=\$A
        `,
      },
    ],
  }),
  visit: {
    ENV(env, context) {
      if (context.compat === "hadolint" || context.stage === undefined || !env.rest.text.includes("$"))
        return;
      const before = context.model.state(env);
      const inherited = baseEnvironment(context.stage.image).names;
      const setters = new Map<string, KeyValue>();
      for (const pair of env.pairs) if (!setters.has(pair.key.text)) setters.set(pair.key.text, pair);
      for (const { value } of env.pairs) {
        for (const { name, span } of context.model.expand(value, env).uses) {
          const setter = setters.get(name);
          if (setter === undefined || setter.value === value) continue;
          if (before.variable(name) !== undefined || inherited.has(name)) continue;
          report(env, setter, span, context);
        }
      }
    },
    file({ instructions }, context) {
      if (context.compat === "hadolint") reportAsHadolint(instructions, context);
    },
  },
});

function report(
  env: EnvInstruction,
  { key }: KeyValue,
  at: KeyValue["key"]["span"],
  context: RuleContext,
): void {
  context.report({
    at,
    instruction: env,
    message: `"${key.text}" has no value yet here, though the same ENV sets it: all pairs of an ENV are read before any is set; move this pair to an ENV of its own below.`,
    related: [{ span: key.span, message: "Set here, for what follows this ENV" }],
  });
}

/** hadolint looks at texts, knows `$NAME` and `${NAME}` only, and forgets nothing from one stage to the next. */
function reportAsHadolint(instructions: readonly Instruction[], context: RuleContext): void {
  const known = new Set<string>();
  for (const outer of instructions) {
    const instruction = outer.keyword === "ONBUILD" ? outer.inner : outer;
    if (instruction?.keyword === "ARG") for (const { name } of instruction.declarations) known.add(name.text);
    if (instruction?.keyword !== "ENV") continue;
    const keys = new Map(instruction.pairs.map((pair) => [pair.key.text, pair]));
    for (const pair of instruction.pairs) {
      const name = namesIn(pair.value.text).find((used) => {
        const setter = keys.get(used);
        return setter !== undefined && setter.key.text !== pair.key.text && !known.has(used);
      });
      const setter = name === undefined ? undefined : keys.get(name);
      if (setter === undefined) continue;
      report(instruction, setter, pair.value.span, context);
      break;
    }
    for (const name of keys.keys()) known.add(name);
  }
}

function namesIn(text: string): string[] {
  return [...text.matchAll(/\$(?:(\w+)|\{(\w+)\})/g)].map(([, bare, braced]) => bare ?? braced ?? "");
}
