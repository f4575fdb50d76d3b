import {
  defineRule,
  dockerfile,
  type OfferedFix,
  type Rule,
  type RuleContext,
  type RuleDocs,
} from "../linter/rule.ts";
import { insertion } from "../source/edit.ts";
import { programsOf, readCommandLine, type ProgramCall } from "../shell/commands.ts";
import { CURL_OPTIONS } from "../shell/programs/curl-options.ts";
import type { CommandLine } from "../shell/options.ts";
import type { HealthcheckInstruction, RunInstruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL416",
  name: "curl-unchecked",
  category: "packages",
  severity: { recommended: "info", strict: "warning" },
  scope: "reachable",
  fix: "suggestion",
  summary: "curl takes an error page or a redirect for what was asked for",
  docs: (): RuleDocs => ({
    why: `
      Without \`-f\` curl succeeds whatever the server answers: \`404 Not Found\` becomes the contents of the archive, and
      the step fails later, elsewhere, or not at all and is cached. In a HEALTHCHECK an answer of \`500\` counts as
      healthy. Without \`-L\` a download that has moved is an empty file. \`curl -fsSL\` says all that is wanted: fail, be
      quiet but tell errors, follow.

      Calls that look at the status themselves (\`-w\`), or throw the answer away, are left alone.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN ⟦curl⟧ -sSLo /tmp/tool.tar.gz https://example.org/tool.tar.gz
          RUN ⟦curl⟧ https://example.org/tool --output /usr/local/bin/tool
        `,
        fixed: dockerfile`
          FROM debian:12
          RUN curl -fsSLo /tmp/tool.tar.gz https://example.org/tool.tar.gz
          RUN curl -fL https://example.org/tool --output /usr/local/bin/tool
        `,
      },
      {
        dockerfile: dockerfile`
          FROM debian:12
          HEALTHCHECK CMD ["⟦curl⟧", "-s", "http://localhost:8080/health"]
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM debian:12
          RUN curl -fsSL https://example.org/tool -o /usr/local/bin/tool
          RUN curl --fail --location --silent https://example.org/tool | sh
          HEALTHCHECK CMD curl -f http://localhost:8080/health
        `,
      },
      {
        title: "The answer is looked at, or of no interest.",
        dockerfile: dockerfile`
          FROM debian:12
          RUN test "$(curl -s -o /dev/null -w '%{http_code}' https://example.org)" = 200
          RUN curl --version && curl -s --unix-socket /run/x.sock http://x/
        `,
      },
    ],
  }),
  visit: {
    RUN: check,
    HEALTHCHECK: check,
  },
});

/** What checks the answer, asks for something else than a download, or sets options elsewhere. */
const CHECKED =
  /^(?:-f|--fail(?:-with-body|-early)?|-w|--write-out|-I|--head|-K|--config|-V|--version|-h|--help|--manual|--unix-socket|-X|--request|-d|--data.*|-F|--form|-T|--upload-file)$/;
const FOLLOWS = /^(?:-L|--location(?:-trusted)?|--follow)$/;

function check(instruction: RunInstruction | HealthcheckInstruction, context: RuleContext): void {
  const script = context.script(instruction);
  if (script === undefined || script.text.includes(".curlrc")) return;
  for (const call of programsOf(script)) {
    if (call.name !== "curl") continue;
    const line = readCommandLine(call.args, CURL_OPTIONS);
    const url = line.operands.find(
      ({ prefix }) => /^(?:https?:\/\/|\$|$)/.test(prefix) || prefix.includes("."),
    );
    if (url === undefined || /^(?:file|ftp)/.test(url.prefix) || line.options.some(isExempt)) continue;
    const isHealth = instruction.keyword === "HEALTHCHECK";
    const letters = isHealth || line.options.some(({ name }) => FOLLOWS.test(name)) ? "f" : "fL";
    const redirects = letters === "fL" ? ", and a redirect for nothing" : "";
    context.report({
      at: call.word.span,
      message: isHealth
        ? "curl succeeds whatever the service answers, so an answer of 500 counts as healthy; call curl -f."
        : `curl takes the page of an error for the file${redirects}, and the build goes on with it; call curl -${letters}.`,
      fixes: script.form === "exec" ? [] : [fixFor(call, letters)],
    });
  }
}

function isExempt({ name, value }: CommandLine["options"][number]): boolean {
  return CHECKED.test(name) || ((name === "-o" || name === "--output") && value === "/dev/null");
}

/** Puts the letters in front of those that are there, as people write them. */
function fixFor({ word, args }: ProgramCall, letters: string): OfferedFix {
  const [first] = args;
  const cluster = first !== undefined && /^-[a-zA-Z]+$/.test(first.text) && /^-[sSLko]/.test(first.text);
  const at = cluster ? first.span.start + 1 : word.span.end;
  const newText = cluster ? letters : ` -${letters}`;
  return { title: `Add -${letters}`, edits: [insertion(at, newText)] };
}
