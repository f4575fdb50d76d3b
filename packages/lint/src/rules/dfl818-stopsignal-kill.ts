import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

export const rule: Rule = defineRule({
  code: "DFL818",
  name: "stopsignal-kill",
  category: "runtime",
  severity: "warning",
  scope: "shipped",
  fix: "suggestion",
  summary: "STOPSIGNAL is one that no program can handle",
  docs: (): RuleDocs => ({
    why: `
      \`docker stop\` sends this signal and waits ten seconds, so that the program can finish what it does. SIGKILL ends it
      at once: connections break, and data that is not written is lost. SIGSTOP only halts it, and the wait is for nothing.
      Without STOPSIGNAL it is SIGTERM, which most programs take for a request to end.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          STOPSIGNAL ⟦SIGKILL⟧
          CMD ["server"]
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          STOPSIGNAL SIGTERM
          CMD ["server"]
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          STOPSIGNAL ⟦9⟧
        `,
        fixed: dockerfile`
          FROM alpine:3.20
          STOPSIGNAL SIGTERM
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          STOPSIGNAL SIGQUIT
          CMD ["nginx", "-g", "daemon off;"]
        `,
      },
      {
        dockerfile: dockerfile`
          FROM alpine:3.20
          ARG SIGNAL
          STOPSIGNAL $SIGNAL
        `,
      },
    ],
  }),
  visit: {
    STOPSIGNAL(instruction, context) {
      const { signal } = instruction;
      if (signal === undefined) return;
      const value = context.model.expand(signal, instruction).value;
      const name = value?.toUpperCase().replace(/^SIG/, "");
      const kills = name === "KILL" || name === "9";
      if (!kills && name !== "STOP" && name !== "19") return;
      context.report({
        at: signal.span,
        message: kills
          ? "With this signal docker stop kills the program without a chance to finish; leave STOPSIGNAL out, or write the signal that the program handles."
          : "With this signal docker stop halts the program instead of ending it, waits in vain and kills it; write SIGTERM, or the signal that the program handles.",
        fixes: [{ title: "Write SIGTERM", edits: [{ span: signal.span, newText: "SIGTERM" }] }],
      });
    },
  },
});
