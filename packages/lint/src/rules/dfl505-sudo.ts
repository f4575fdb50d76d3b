import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { programsOf, type ProgramCall } from "../shell/commands.ts";

export const rule: Rule = defineRule({
  code: "DFL505",
  name: "sudo",
  aliases: ["DL3004"],
  category: "user",
  severity: { recommended: "warning", hadolint: "error" },
  scope: "reachable",
  summary: "RUN uses sudo",
  docs: (): RuleDocs => ({
    why: `
      A build runs as root unless USER says otherwise, so sudo does nothing but change the environment: it drops
      variables, and may ask for a terminal. Where USER did say otherwise, sudo works only with a rule that lets that
      user become root without a password, and with that rule whoever breaks into the container is root as well. Put
      \`USER root\` before the RUN and the old user after it. To start a process as another user, use \`gosu\` or
      \`setpriv\`, which get out of the way of signals.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM ubuntu:24.04
          RUN apt-get update && \
              ⟦sudo⟧ apt-get install -y curl
        `,
      },
      {
        title: "Wherever it stands.",
        dockerfile: dockerfile`
          FROM ubuntu:24.04
          RUN if [ -n "$(⟦/usr/bin/sudo⟧ -l)" ]; then echo "$VAR" | ⟦sudo⟧ tee /etc/file; fi
          RUN <<EOF
          set -e
          ⟦sudo⟧ make install
          EOF
          ONBUILD RUN ["⟦sudo⟧", "make"]
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM ubuntu:24.04
          USER root
          RUN apt-get update && apt-get install -y curl
          USER app
        `,
      },
      {
        title: "The word alone does nothing.",
        dockerfile: dockerfile`
          FROM ubuntu:24.04
          RUN apt-get purge -y sudo && echo "no sudo here"
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      if (!mentionsSudo(run.logical.text) && !run.heredocs.some(({ content }) => mentionsSudo(content)))
        return;
      const script = context.script(run);
      const calls = script === undefined ? [] : programsOf(script).filter(isSudo);
      for (const { command, name, wrappers } of context.compat === "hadolint" ? calls.slice(0, 1) : calls) {
        const sudo = command.words.find(({ value }) => value !== undefined && /(?:^|\/)sudo$/.test(value));
        if (sudo === undefined) continue;
        const what = name === undefined || !wrappers.includes("sudo") ? "the command" : name;
        const user = context.model.state(run).user;
        const isRoot = user === undefined || user.value === "root" || user.value === "0";
        context.report({
          at: sudo.span,
          message: isRoot
            ? `sudo is not needed: the build is root already, and sudo drops the environment; run ${what} without it.`
            : `sudo lets ${user.word.text} become root without a password, in the container, too; put USER root before this RUN and USER ${user.word.text} after it, and run ${what} without sudo.`,
        });
      }
    },
  },
});

function isSudo({ name, wrappers }: ProgramCall): boolean {
  return name === "sudo" || wrappers.includes("sudo");
}

function mentionsSudo(text: string): boolean {
  return text.includes("sudo");
}
