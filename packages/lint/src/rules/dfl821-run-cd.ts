import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { siblings } from "../semantics/stages/siblings.ts";
import { isBase } from "../semantics/stages/stage-graph.ts";
import { hadolintCommands } from "../shell/hadolint-command.ts";
import type { Script, ShellCommand } from "../shell/nodes.ts";
import { cover } from "../source/span.ts";
import { insertAbove } from "../syntax/line-edits.ts";
import type { Instruction, RunInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL821",
  name: "run-cd",
  aliases: ["DL3003"],
  category: "workdir",
  severity: { recommended: "info", hadolint: "warning" },
  scope: "reachable",
  fix: "suggestion",
  summary: "A RUN changes its folder with cd, where WORKDIR would say it",
  docs: (): RuleDocs => ({
    why: `
      Each RUN starts in the folder that WORKDIR names: a \`cd\` holds to the end of its RUN, and a \`cd\` alone does
      nothing at all. Who reads the file has to follow every \`cd\` to know where things end up, and a COPY or CMD that
      relies on it looks elsewhere. WORKDIR says it once, for all that follows, and makes the folder if need be.

      A \`cd\` in a subshell, in the middle of a chain, or one that returns is fine.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20
          COPY . /app
          RUN ⟦cd /app⟧ && npm ci
        `,
        fixed: dockerfile`
          FROM node:20
          COPY . /app
          WORKDIR /app
          RUN npm ci
        `,
      },
      {
        title: "A cd that holds for nothing.",
        dockerfile: dockerfile`
          FROM node:20
          RUN ⟦cd /app⟧
          RUN npm ci
        `,
      },
      {
        title: "What follows would start elsewhere, so it is for a person to see.",
        dockerfile: dockerfile`
          FROM gcc:14
          # the library first
          RUN ⟦cd /src/lib⟧ \
              && make \
              && make install
          RUN ./configure
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20
          WORKDIR /app
          COPY . .
          RUN npm ci
        `,
      },
      {
        title: "In a subshell, in the middle, and back again.",
        dockerfile: dockerfile`
          FROM gcc:14
          RUN (cd /src && make)
          RUN tar -xzf /tmp/lib.tgz && cd lib-1.0 && make install
          RUN cd /src && make && cd - && rm -rf /src
        `,
      },
      {
        title: "Two folders in one RUN need no two layers.",
        dockerfile: dockerfile`
          FROM gcc:14
          RUN cd /src/a && make && cd /src/b && make
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run);
      if (script === undefined) return;
      if (context.compat === "hadolint") {
        const found = hadolintCommands(script).find(({ name }) => name === "cd");
        if (found !== undefined && run.onbuild === undefined) report(run, script, found.command, context);
        return;
      }
      const first = script.commands.find(({ name }) => name === "cd");
      if (first !== undefined && rules(first, script)) report(run, script, first, context);
    },
  },
});

/** Whether the cd holds for the whole RUN: it stands first, and no other one follows. */
function rules(cd: ShellCommand, script: Script): boolean {
  const { commands } = script;
  if (cd.block.kind !== "script" || cd.pipeline.length > 1 || cd.words.length !== 2) return false;
  const before = commands.slice(0, cd.index).every(({ name }) => name === "set");
  const other = commands.some(({ name, index }) => index > cd.index && (name === "cd" || name === "popd"));
  return (
    before &&
    !other &&
    (cd.after === "&&" || cd.after === ";" || cd.after === "newline" || cd.after === "none")
  );
}

function report(run: RunInstruction, script: Script, cd: ShellCommand, context: RuleContext): void {
  const folder = cd.words[1];
  const at =
    folder === undefined || cd.words[0] === undefined ? cd.span : cover(cd.words[0].span, folder.span);
  const alone = script.commands.length === 1;
  const target = folder?.text ?? "the folder";
  context.report({
    at,
    message: alone
      ? `This cd ends with its RUN, so it does nothing but add a layer: the next instruction starts in the old folder; write WORKDIR ${target} instead.`
      : !rules(cd, script)
        ? `cd changes the folder of all that follows in this RUN, so whoever reads on has to remember where it is; put it into parentheses with what needs it, or write a WORKDIR where that is possible.`
        : `cd holds to the end of this RUN only, so whoever reads on has to remember where it was; write WORKDIR ${target} before the RUN, for all that follows.`,
    fixes: alone ? [] : fixesFor(run, script, cd, context),
  });
}

/** WORKDIR in place of the cd, where nothing later in the stage starts from the folder before. */
function fixesFor(run: RunInstruction, script: Script, cd: ShellCommand, context: RuleContext): OfferedFix[] {
  const folder = cd.words[1];
  const next = script.commands[cd.index + 1];
  if (cd.index !== 0 || cd.after !== "&&" || next === undefined || next.block !== cd.block) return [];
  // What stands beside the cd would go with it.
  if (cd.redirects.length > 0 || cd.assignments.length > 0) return [];
  if (folder?.value === undefined || /[\s$"'\\*?~]|^-/.test(folder.value) || folder.value !== folder.text)
    return [];
  if (run.onbuild !== undefined || run.json || run.heredocs.length > 0) return [];
  const removed = { start: cd.span.start, end: next.span.start };
  if (context.source.slice(removed).includes("#")) return [];
  const place = context.model.positionOf(run);
  if (!isLeftBehind(siblings(run, context.model), place + 1, context)) return [];
  return [
    {
      title: `Write WORKDIR ${folder.text} instead of cd`,
      edits: [insertAbove(context.source, run, `WORKDIR ${folder.text}`), { span: removed, newText: "" }],
    },
  ];
}

/** Whether nothing from `place` on starts from the folder that the stage is in: a WORKDIR sets another before. */
function isLeftBehind(instructions: readonly Instruction[], place: number, context: RuleContext): boolean {
  for (let index = place; index < instructions.length; index += 1) {
    const instruction = instructions[index];
    if (instruction?.keyword === "WORKDIR") return instruction.path?.text.startsWith("/") === true;
    if (instruction !== undefined && startsFromFolder(instruction)) return false;
  }
  return context.stage === undefined || !isBase(context.stage, context.model);
}

function startsFromFolder({ keyword }: Instruction): boolean {
  return ["RUN", "COPY", "ADD", "CMD", "ENTRYPOINT", "HEALTHCHECK", "ONBUILD"].includes(keyword);
}
