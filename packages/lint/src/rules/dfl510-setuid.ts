import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { programsOf } from "../shell/commands.ts";
import type { Span } from "../source/span.ts";
import { flagNamed, type AddInstruction, type CopyInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL510",
  name: "setuid",
  category: "user",
  severity: { recommended: "info", strict: "warning" },
  scope: "shipped",
  summary: "A program runs as its owner, whoever starts it",
  docs: (): RuleDocs => ({
    why: `
      With the setuid bit a program that root owns runs as root for every user of the container: a hole in it undoes
      USER. Most services need none; for a port below 1024 or raw sockets a capability does, as in
      \`setcap cap_net_bind_service=+ep /usr/local/bin/server\`, and \`--security-opt no-new-privileges\` makes the bit
      useless anyway.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          COPY --chmod=⟦4755⟧ helper /usr/local/bin/
          RUN chmod ⟦u+s⟧ /usr/local/bin/tool && chmod ⟦4711⟧ /usr/local/bin/other
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          COPY --chmod=755 helper /usr/local/bin/
          RUN chmod u-s /usr/bin/passwd && chmod 2775 /srv/shared && chmod g+s /srv/shared && chmod 0755 /x
        `,
      },
    ],
  }),
  visit: {
    RUN(run, context) {
      const script = context.script(run);
      if (script === undefined) return;
      for (const call of programsOf(script)) {
        if (call.name !== "chmod") continue;
        const word = call.args.find(({ prefix }) => !/^-[A-Za-z-]{1,}$/.test(prefix));
        if (word?.value !== undefined && setsUser(word.value))
          report(word.span, `chmod ${word.value}`, context);
      }
    },
    COPY: checkCopy,
    ADD: checkCopy,
  },
});

function setsUser(mode: string): boolean {
  if (/^[0-7]{4,5}$/.test(mode)) return (Number.parseInt(mode, 8) & 0o4000) !== 0;
  return mode.split(",").some((clause) => /^(?:[ugo]*[ua][ugoa]*)?[+=][rwxXt]*s/.test(clause));
}

function checkCopy(copy: CopyInstruction | AddInstruction, context: RuleContext): void {
  const word = flagNamed(copy, "chmod")?.value;
  const mode = word && context.model.expand(word, copy).value;
  if (word !== undefined && mode !== undefined && setsUser(mode))
    report(word.span, `--chmod=${mode}`, context);
}

function report(at: Span, what: string, context: RuleContext): void {
  context.report({
    at,
    message: `${what} lets every user of the container run the program as its owner, so a hole in it undoes USER; give it the capability that it needs instead, or none.`,
  });
}
