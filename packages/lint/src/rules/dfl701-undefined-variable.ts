import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { didYouMean, nearest } from "../linter/nearest.ts";
import { editDistance } from "../syntax/nearest-name.ts";
import { baseEnvironment } from "../semantics/images/base-environment.ts";
import { expandedWords } from "../semantics/variables/expanded-words.ts";
import type { Stage, VariableUse } from "../semantics/model.ts";
import { triggerUses } from "../semantics/stages/onbuild-triggers.ts";
import type { Instruction, Word } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL701",
  name: "undefined-variable",
  aliases: ["UndefinedVar"],
  category: "variables",
  severity: "warning",
  scope: "all",
  engine: "read",
  // What ONBUILD holds is expanded in the stage that is built on this one; see FROM.
  onbuild: false,
  summary: "An instruction uses a variable that nothing defines",
  docs: (): RuleDocs => ({
    why: `
      The builder replaces a variable that nothing defines by nothing, and says so at best in a warning: a path loses
      its middle, \`COPY --chown\` its owner, PATH its old value.

      What a base image defines is not in the file. Nothing is said about images that may define the variable,
      unless its name is nearly that of one of the file: a slip of the pen. Neither is anything said where a default is
      given, as in \`\${PORT:-80}\`. Variables in RUN, CMD and ENTRYPOINT are the shell's.
    `,
    engine: `
      The variables of a base image that the engine has are known, with their values: what it does not define is reported,
      and what it does define is not.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENV APP_HOME=/srv/app
          WORKDIR ⟦\${APP_HOM}⟧/bin
        `,
      },
      {
        title: "In a heredoc that is expanded, and in a flag.",
        dockerfile: dockerfile`
          FROM ubuntu:24.04
          COPY --chown=⟦$OWNER⟧ <<EOF /etc/app.conf
          listen "⟦\${PORT}⟧"
          EOF
        `,
      },
      {
        title: "The image may define much, but hardly this.",
        dockerfile: dockerfile`
          FROM registry.example.org/base:1
          ARG RELEASE=1
          LABEL version="⟦$RELAESE⟧"
        `,
      },
      {
        title: "The base image defines APP_HOME, and nothing else.",
        dockerfile: dockerfile`
          FROM registry.example.org/base:1
          WORKDIR $APP_HOME/⟦$RELEASE⟧
        `,
        engine: { images: { "registry.example.org/base:1": { env: { APP_HOME: "/srv" } } } },
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          ARG VERSION=1
          ENV HOME_DIR=/opt/app-\${VERSION}
          ENV PATH=$HOME_DIR/bin:$PATH
        `,
      },
      {
        title: "A use in the ENV that sets it is a case of its own: DFL706.",
        dockerfile: dockerfile`
          FROM debian:12
          ENV HOME_DIR=/opt/app BIN_DIR=$HOME_DIR/bin
        `,
      },
      {
        title: "A stage has what the stage below it defines.",
        dockerfile: dockerfile`
          FROM alpine:3.20 AS base
          ENV APP=/srv
          FROM base
          WORKDIR $APP
        `,
      },
      {
        title: "The image of golang defines it; the other one may.",
        dockerfile: dockerfile`
          FROM golang:1.23
          WORKDIR $GOPATH/src
          FROM mirror.example.org/golang:1.23
          WORKDIR $GOPATH/src
          FROM registry.example.org/builder:1
          WORKDIR $GOPATH/src
          FROM registry.example.org/base:1
          WORKDIR $APP_HOME/bin
        `,
      },
      {
        title: "Single quotes and an escape keep the dollar; a default is meant.",
        dockerfile: dockerfile`
          FROM alpine:3.20
          ENV PS1='$PWD' PRICE=\$CENTS MODE=\${MODE:-fast}
        `,
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      const { stage } = context;
      if (stage?.base.stage === undefined || (context.compat === "buildkit" && !stage.reachable)) return;
      for (const { name, guarded, instruction } of triggerUses(stage, context.dockerfile.escape)) {
        const { names, complete } = baseEnvironment(stage.image);
        if (names.has(name) || (context.compat !== "buildkit" && (guarded || !complete))) continue;
        context.report({
          at: from.image?.span ?? from.span,
          message: `The ONBUILD in line ${instruction.startLine} runs here and uses "${name}", which nothing defines, so it is empty; declare it in the stage that holds the ONBUILD.`,
          related: [{ span: instruction.span, message: "This FROM triggers it" }],
        });
      }
    },
    instruction(instruction, context) {
      const { model, stage, compat } = context;
      if (stage === undefined || instruction.keyword === "FROM") return;
      // BuildKit warns of none of them in EXPOSE.
      if (compat === "buildkit" && instruction.keyword === "EXPOSE") return;
      const words = expandedWords(instruction);
      if (words.length === 0) return;
      const place = new Place(instruction, context);
      for (const word of words) {
        const seen = new Set<string>();
        for (const use of model.expand(word, instruction).undefined) {
          const { name } = use;
          // It names each once for each word.
          if (compat === "buildkit" ? seen.has(name) : place.excuses(use, word)) continue;
          if (baseEnvironment(stage.image).names.has(name)) continue;
          seen.add(name);
          context.report({
            at: use.span,
            message: place.messageFor(name, word),
            evidence: evidenceOf(stage),
          });
        }
      }
    },
  },
});

function evidenceOf({ image: { name = "", facts } }: Stage): string[] {
  if (facts === undefined) return [];
  const names = [...facts.env.keys()].join(", ");
  return [`${name} defines ${names === "" ? "no variables" : names}: ${facts.source}.`];
}

/**
 * Whether a name is another one mistyped. Where the base image may define anything, `GOPATH` is more likely a variable of its
 * own than a slip for `PATH`, and so is `USER_UID` beside `UID`.
 */
function isSlip(name: string, meant: string): boolean {
  const [one, other] = [name.toLowerCase(), meant.toLowerCase()];
  if (one.length < 4 || one.replace(/\d/g, "") === other.replace(/\d/g, "")) return one === other;
  if (editDistance(one, other) === 1) return true;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return one.slice(0, at) + (one[at + 1] ?? "") + (one[at] ?? "") + one.slice(at + 2) === other;
}

/** How many variables are looked at for one that was meant: more than any person writes. */
const SUGGESTED = 100;

/** An instruction and what is known where it stands, worked out when something is undefined. */
class Place {
  readonly #instruction: Instruction;
  readonly #context: RuleContext;
  #names: readonly string[] | undefined;
  #pairs: ReadonlyMap<string, Word> | undefined;

  constructor(instruction: Instruction, context: RuleContext) {
    this.#instruction = instruction;
    this.#context = context;
  }

  messageFor(name: string, word: Word): string {
    const problem = `Nothing defines "${name}" here, so the builder puts nothing in its place`;
    return this.#isSetBeside(name, word)
      ? `${problem}: all pairs of an ENV are read before any is set; move this one to an ENV of its own below.`
      : `${problem}; declare it with ARG or ENV above.${didYouMean(name, this.#known())}`;
  }

  /** Whether there is nothing to report unless one asks as BuildKit does. */
  excuses({ name, guarded }: VariableUse, word: Word): boolean {
    const { model, stage } = this.#context;
    const [first] = model.stages;
    if (guarded || stage === undefined || first === undefined) return true;
    // An ARG before the first FROM is a case of its own: DFL704.
    if (model.state(first.from).variable(name)?.kind === "arg") return true;
    // So is a use in the very ENV that sets it: DFL706.
    if (this.#isSetBeside(name, word)) return true;
    if (baseEnvironment(stage.image).complete) return false;
    const meant = nearest(name, this.#known());
    return meant === undefined || !isSlip(name, meant);
  }

  /** Whether another pair of the same ENV sets it. */
  #isSetBeside(name: string, word: Word): boolean {
    const instruction = this.#instruction;
    if (instruction.keyword !== "ENV") return false;
    this.#pairs ??= new Map(instruction.pairs.map(({ key, value }) => [key.text, value]));
    const value = this.#pairs.get(name);
    return value !== undefined && value !== word;
  }

  #known(): readonly string[] {
    this.#names ??= this.#context.model.state(this.#instruction).variableNames(SUGGESTED);
    return this.#names;
  }
}
