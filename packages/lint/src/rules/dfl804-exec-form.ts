import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { checkedTriggers } from "../semantics/stages/onbuild-triggers.ts";
import { lastCommand, plainCommand } from "../semantics/plain-command.ts";
import { lastInChain } from "../semantics/stages/stage-chain.ts";
import type { Script, ShellWord } from "../shell/nodes.ts";
import { insertion } from "../source/edit.ts";
import { brokenArray } from "../syntax/broken-array.ts";
import type { CmdInstruction, EntrypointInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL804",
  name: "exec-form",
  aliases: ["DL3025", "JSONArgsRecommended"],
  category: "runtime",
  severity: { recommended: "warning", hadolint: "warning" },
  scope: "shipped",
  fix: "suggestion",
  engine: "read",
  summary: "CMD or ENTRYPOINT runs under a shell",
  docs: (): RuleDocs => ({
    why: `
      Without the brackets of a JSON array the command is run by \`/bin/sh -c\`. The shell is process 1 then: it gets
      the signals, and need not pass them on. \`docker stop\` sends SIGTERM, waits ten seconds, and kills; open requests
      and writes are lost, and every restart takes ten seconds longer. An ENTRYPOINT under a shell also gets neither
      CMD nor the arguments of \`docker run\`.

      A command that needs a shell, for its variables or \`&&\`, should end with \`exec program\`, so that the program
      takes the place of the shell. That is what the second kind of fix writes.

      Nothing is said where SHELL chooses the shell, about \`exec\` in front of the last command, and about stages that
      do not ship.
    `,
    engine: `
      A SHELL of the base image counts as chosen, too. With \`--engine run\` a container of the image is started, without a
      network and with little of everything, and stopped: the seconds that this takes and the exit code are told, and a
      CMD whose shell makes way for it, as bash and some others do for a single command, is no more than worth knowing.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          ⟦CMD⟧ node server.js --name "my app"
        `,
        fixed: dockerfile`
          FROM node:20-slim
          CMD ["node", "server.js", "--name", "my app"]
        `,
      },
      {
        title: "Lines and comments stay.",
        dockerfile: dockerfile`
          FROM debian:12-slim
          ⟦ENTRYPOINT⟧ /usr/bin/server \
              # the port
              --port=80 \
              'a b'
        `,
        fixed: dockerfile`
          FROM debian:12-slim
          ENTRYPOINT ["/usr/bin/server", \
              # the port
              "--port=80", \
              "a b"]
        `,
      },
      {
        title: "The shell is needed for the variable, and makes way for the program.",
        dockerfile: dockerfile`
          FROM node:20-slim
          ⟦CMD⟧ ./migrate && node server.js --port=$PORT
        `,
        fixed: dockerfile`
          FROM node:20-slim
          CMD ./migrate && exec node server.js --port=$PORT
        `,
      },
      {
        title: "Tried out: the container had to be killed.",
        dockerfile: dockerfile`
          FROM debian:12-slim
          ⟦CMD⟧ server --port=80; echo ended
        `,
        fixed: dockerfile`
          FROM debian:12-slim
          CMD server --port=80; exec echo ended
        `,
        engine: { stop: { duration: 3000, exitCode: 137, killed: true } },
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          ENTRYPOINT ["node"]
          CMD ["server.js"]
        `,
      },
      {
        title: "Meant as JSON: DFL806.",
        dockerfile: dockerfile`
          FROM node:20-slim
          CMD ['node', 'server.js']
        `,
      },
      {
        title: "The shell makes way already.",
        dockerfile: dockerfile`
          FROM node:20-slim
          CMD ./migrate && exec node server.js --port=$PORT
        `,
      },
      {
        title: "A shell that was chosen.",
        dockerfile: dockerfile`
          FROM node:20
          SHELL ["/bin/bash", "-o", "pipefail", "-c"]
          CMD node server.js | tee log
        `,
      },
      {
        title: "Health checks get no signals, and stages that do not ship are not run.",
        dockerfile: dockerfile`
          FROM node:20-slim AS build
          CMD npm test
          FROM node:20-slim
          HEALTHCHECK CMD curl -fsS http://localhost || exit 1
        `,
      },
      {
        title: "A shell that the base image chose.",
        dockerfile: dockerfile`
          FROM registry.example.org/base:1
          CMD node server.js | tee log
        `,
        engine: {
          images: { "registry.example.org/base:1": { shell: ["/bin/bash", "-o", "pipefail", "-c"] } },
        },
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      // BuildKit reads what ONBUILD holds where it is triggered.
      if (context.compat !== "buildkit") return;
      let isChosen = context.stage?.base.stage?.end.shell.instruction !== undefined;
      for (const { keyword, json, startLine } of checkedTriggers(context.stage)) {
        isChosen ||= keyword === "SHELL";
        if ((keyword !== "CMD" && keyword !== "ENTRYPOINT") || json || isChosen) continue;
        const message = `The ${keyword} that the ONBUILD in line ${startLine} sets here runs under a shell, which need not pass on SIGTERM; write it as a JSON array.`;
        context.report({ at: from.name.span, message });
      }
    },
    CMD: check,
    ENTRYPOINT: check,
    HEALTHCHECK(healthcheck, context) {
      const { json, command, type, onbuild } = healthcheck;
      const [text] = command;
      if (context.compat !== "hadolint" || json || text === undefined || type === undefined || onbuild)
        return;
      context.report({
        at: type.span,
        aliases: ["DL3025"],
        message: `HEALTHCHECK runs "${shorten(text.text)}" under a shell; write it as a JSON array.`,
      });
    },
  },
});

function check(instruction: CmdInstruction | EntrypointInstruction, context: RuleContext): void {
  const { keyword, name, json, args, onbuild } = instruction;
  if (json) return;
  const { shell } = context.model.state(instruction);
  const isChosen = shell.instruction !== undefined || shell.ofImage === true;
  if (context.compat === "hadolint" ? onbuild !== undefined : isChosen) return;
  const script = args.length > 0 ? context.script(instruction) : undefined;
  const isBroken = brokenArray(instruction) !== undefined;
  if (context.compat === undefined && (isBroken || script === undefined || endsInExec(script))) return;
  const text = args[0]?.text ?? "";
  const plain = script && !isBroken ? plainCommand(script) : undefined;
  const tried = context.engine?.build?.stop;
  const stop = tried !== undefined && isStarted(instruction, context) ? tried : undefined;
  const passesOn = stop?.killed === false;
  const ignored = keyword === "ENTRYPOINT" ? ", and gets neither CMD nor the arguments of docker run" : "";
  context.report({
    at: name.span,
    message: isBroken
      ? `This is no JSON array, so all of it is a command for the shell; write ${keyword} ["program", "argument"], with double quotes and commas.`
      : `${keyword} runs "${shorten(text)}" under ${shell.argv.join(" ")}, ${passesOn ? "which made way when it was tried, as not every shell does" : "which need not pass on SIGTERM, so stopping the container takes until it is killed"}${ignored}; ${adviceFor(plain)}.`,
    evidence: stop === undefined ? [] : [stop.evidence],
    ...(passesOn && keyword === "CMD" && { severity: "info" }),
    fixes: isBroken || script === undefined ? [] : fixesOf(script, plain),
  });
}

/** Whether this is what a container of the image starts. */
function isStarted(instruction: CmdInstruction | EntrypointInstruction, { model }: RuleContext): boolean {
  const { target } = model;
  return instruction === (lastInChain(target, "ENTRYPOINT") ?? lastInChain(target, "CMD"));
}

function adviceFor(plain: readonly ShellWord[] | undefined): string {
  return plain === undefined
    ? "put exec before the last command, or move the script to a file that ends in exec"
    : `write ${shorten(`[${plain.map(quoted).join(", ")}]`)}`;
}

function endsInExec({ commands }: Script): boolean {
  return commands.findLast(({ block }) => block.kind === "script")?.name === "exec";
}

function fixesOf(script: Script, plain: readonly ShellWord[] | undefined): OfferedFix[] {
  if (plain === undefined) {
    const last = lastCommand(script);
    const first = last?.words[0];
    // With an assignment in front of it, exec is better placed by a person.
    if (last === undefined || first === undefined || last.assignments.length > 0 || endsInExec(script))
      return [];
    const { start } = first.span;
    return [{ title: `Put exec before ${first.text}`, edits: [insertion(start, "exec ")] }];
  }
  const edits = plain.map((word, index) => ({
    span: word.span,
    newText: `${index === 0 ? "[" : ""}${quoted(word)}${index === plain.length - 1 ? "]" : ","}`,
  }));
  return [{ title: "Write a JSON array", edits }];
}

function quoted({ value, text }: ShellWord): string {
  return JSON.stringify(value ?? text);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
