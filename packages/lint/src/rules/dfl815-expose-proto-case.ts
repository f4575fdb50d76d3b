import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";
import { checkedTriggers } from "../semantics/stages/onbuild-triggers.ts";

/** A port whose protocol is not in lower case. */
const UPPER = /\/.*[A-Z]/;

export const rule: Rule = defineRule({
  code: "DFL815",
  name: "expose-proto-case",
  aliases: ["ExposeProtoCasing"],
  category: "runtime",
  severity: { recommended: "style", strict: "warning" },
  scope: "all",
  fix: "safe",
  summary: "The protocol of EXPOSE is not in lower case",
  docs: (): RuleDocs => ({
    why: `
      The image holds the protocol in lower case, whatever the file says: \`80/TCP\` is looked for in vain in what
      \`docker inspect\` shows. BuildKit warns of it. Ignore it where the file is made from a list that you do not own.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM nginx:1.27
          EXPOSE 80/⟦TCP⟧ 53/udp 8000-8010/⟦Udp⟧
        `,
        fixed: dockerfile`
          FROM nginx:1.27
          EXPOSE 80/tcp 53/udp 8000-8010/udp
        `,
      },
      {
        title: "Where it comes from a variable, it is to be mended there.",
        dockerfile: dockerfile`
          FROM nginx:1.27
          ENV WEB=80/TCP PORT=53
          EXPOSE ⟦$WEB⟧ $PORT/⟦UDP⟧
        `,
        fixed: dockerfile`
          FROM nginx:1.27
          ENV WEB=80/TCP PORT=53
          EXPOSE $WEB $PORT/udp
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM nginx:1.27
          ARG PROTOCOL
          EXPOSE 80 443/tcp 53/udp 99/$PROTOCOL
        `,
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      // BuildKit reads what ONBUILD holds where it is triggered.
      const { compat, stage } = context;
      if (compat !== "buildkit" || stage === undefined) return;
      for (const trigger of checkedTriggers(stage)) {
        if (trigger.keyword !== "EXPOSE") continue;
        const words = trigger.ports.flatMap((port) => stage.expandAtStart(port).words ?? []);
        for (const text of words.filter((word) => UPPER.test(word))) {
          const message = `The protocol of ${text}, which the ONBUILD in line ${trigger.startLine} exposes here, becomes lower case in the image; write it so.`;
          context.report({ at: from.name.span, message });
        }
      }
    },
    EXPOSE(expose, context) {
      for (const port of expose.ports) {
        const written = /\/([A-Za-z]+)$/.exec(port.text)?.[1];
        if (written !== undefined && written !== written.toLowerCase()) {
          const at = port.spanOf(port.text.length - written.length, port.text.length);
          const lower = written.toLowerCase();
          context.report({
            at,
            message: `The protocol of ${port.text} becomes "${lower}" in the image; write it so.`,
            fixes: [{ title: `Write ${lower}`, edits: [{ span: at, newText: lower }] }],
          });
          continue;
        }
        const words = port.text.includes("$") ? context.model.expand(port, expose).words : undefined;
        const upper = words?.find((word) => UPPER.test(word));
        if (upper === undefined) continue;
        context.report({
          at: port.span,
          message: `${port.text} is ${upper}, whose protocol becomes lower case in the image; write it so where the variable is set.`,
        });
      }
    },
  },
});
