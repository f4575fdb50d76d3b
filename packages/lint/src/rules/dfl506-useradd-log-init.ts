import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { addArgument } from "../shell/edits/add-argument.ts";
import { optionOf, programsOf, readCommandLine, type ProgramCall } from "../shell/commands.ts";
import { hadolintCommands, hasFlag } from "../shell/hadolint-command.ts";
import type { Script } from "../shell/nodes.ts";

const STYLE = {
  short: "bcdefgGkKpRPsuZ",
  long: ["base-dir", "comment", "home-dir", "expiredate", "inactive", "gid", "groups", "skel", "key"].concat([
    ...["password", "root", "prefix", "shell", "uid", "selinux-user"],
  ]),
};
/** From here on the file is tens of megabytes long, each id being some 300 bytes of it. */
const HIGH = 100_000;

const USERADD = /useradd/;

export const rule: Rule = defineRule({
  code: "DFL506",
  name: "useradd-log-init",
  aliases: ["DL3046"],
  category: "user",
  severity: { recommended: "warning", hadolint: "warning" },
  scope: "all",
  fix: "safe",
  summary: "useradd with a high id writes huge log files",
  docs: (): RuleDocs => ({
    why: `
      useradd makes an entry for the new user in \`/var/log/lastlog\` and \`/var/log/faillog\`, at the place of its id:
      with the id 1,000,000 lastlog is 290 MB long, nearly all of it a hole. Not every tool keeps the hole; those that
      do not write zeros into the layer, and some builds never end. \`--no-log-init\` leaves both files alone, which
      nobody misses in a container.

      Ignore it where something in the image reads these logs, such as an ssh server.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN ⟦useradd⟧ -u 1000650000 app
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN useradd --no-log-init -u 1000650000 app
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN ID=200000 \
              && groupadd -g $ID app \
              # the user that runs it
              && ⟦useradd⟧ --create-home --uid=$ID -g app app
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN ID=200000 \
              && groupadd -g $ID app \
              # the user that runs it
              && useradd --no-log-init --create-home --uid=$ID -g app app
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN useradd --no-log-init -u 1000650000 app && useradd -lmu 200000 other
          RUN useradd -u 10001 app && useradd -r worker && useradd -mr -u 999 job
        `,
      },
      {
        title: "Whoever builds it says which id.",
        dockerfile: dockerfile`
          FROM debian:12
          ARG ID
          RUN useradd -u $ID app
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run, USERADD);
      if (script === undefined) return;
      const found =
        context.compat === "hadolint" ? callsForHadolint(script) : programsOf(script).filter(isCostly);
      for (const call of found) {
        const id = idOf(call);
        context.report({
          at: call.word.span,
          message: `useradd makes room for the id${id === undefined ? "" : ` ${id}`} in /var/log/lastlog and faillog, hundreds of megabytes for high ones; call it with --no-log-init.`,
          fixes: [
            {
              title: "Add --no-log-init",
              edits: [addArgument(call.word, "--no-log-init", script, context.source)],
            },
          ],
        });
      }
    },
  },
});

function isCostly(call: ProgramCall): boolean {
  if (call.name !== "useradd" || optionOf(readCommandLine(call.args, STYLE), "-l", "--no-log-init"))
    return false;
  return Number(idOf(call)) >= HIGH;
}

function idOf({ args }: ProgramCall): string | undefined {
  return optionOf(readCommandLine(args, STYLE), "-u", "--uid")?.value;
}

/** hadolint measures the word after -u, digits or not. */
function callsForHadolint(script: Script): ProgramCall[] {
  const found = hadolintCommands(script).find((command) => {
    if (command.name !== "useradd" || hasFlag(command, "l", "no-log-init")) return false;
    const { args } = command;
    return args.some(({ flags }, index) => flags.includes("u") && (args[index + 1]?.text ?? "").length > 5);
  });
  return programsOf(script).filter(({ command }) => command.index === found?.command.index);
}
