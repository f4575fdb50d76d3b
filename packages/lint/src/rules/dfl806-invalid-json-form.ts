import { defineRule, dockerfile, type Rule, type RuleContext, type RuleDocs } from "../linter/rule.ts";
import { brokenArray } from "../syntax/broken-array.ts";
import { readLooseArray } from "../syntax/loose-json.ts";
import type { Instruction } from "../syntax/nodes.ts";

export const rule: Rule = defineRule({
  code: "DFL806",
  name: "invalid-json-form",
  category: "runtime",
  severity: "error",
  scope: "all",
  fix: "suggestion",
  summary: "What was meant as a JSON array is none, so it is read as plain text",
  docs: (): RuleDocs => ({
    why: `
      The builder takes arguments for a JSON array only if they are one to the letter: double quotes, a comma between
      the elements and none behind the last, nothing behind the bracket. Anything else becomes shell form without a word:
      the container then starts a program named \`[node,\`, VOLUME makes a folder named \`[/data]\`, COPY looks for a
      file named \`["a\`.

      A test such as \`RUN [ -f x ]\` is left alone.
    `,
    bad: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          ENTRYPOINT [⟦“docker-entrypoint.sh”⟧]
          CMD [⟦'node'⟧, 'server.js']
        `,
        fixed: dockerfile`
          FROM node:20-slim
          ENTRYPOINT ["docker-entrypoint.sh"]
          CMD ["node", "server.js"]
        `,
      },
      {
        title: "A comma too many, one too few, no quotes, an escape that JSON does not know.",
        dockerfile: dockerfile`
          FROM node:20-slim
          RUN ["npm", "ci"⟦,⟧]
          RUN ["npm" ⟦"test"⟧]
          CMD [ "node" ⟦"server.js"⟧ ]
          VOLUME [⟦/data⟧]
          ENTRYPOINT ["C:⟦\a⟧pp.exe"]
        `,
        fixed: dockerfile`
          FROM node:20-slim
          RUN ["npm", "ci"]
          RUN ["npm", "test"]
          CMD ["node", "server.js"]
          VOLUME ["/data"]
          ENTRYPOINT ["C:\\app.exe"]
        `,
      },
      {
        title: "What stands behind it a person should look at; a bracket that is missing as well.",
        dockerfile: dockerfile`
          FROM node:20-slim
          HEALTHCHECK CMD ["curl", "-f", "http://localhost/"] ⟦|| exit 1⟧
          COPY ["a b.txt", "/srv/⟦"⟧
          CMD ["node"] ⟦# starts it⟧
        `,
      },
      {
        title: "Instructions that take no JSON at all.",
        dockerfile: dockerfile`
          FROM node:20-slim
          WORKDIR ⟦["/app"]⟧
        `,
        fixed: dockerfile`
          FROM node:20-slim
          WORKDIR /app
        `,
      },
    ],
    good: [
      {
        dockerfile: dockerfile`
          FROM node:20-slim
          RUN ["npm", "ci"]
          COPY ["a b.txt", "/srv/"]
          ENTRYPOINT []
          CMD [ "node", \
                "server.js" ]
        `,
      },
      {
        title: "Other values than strings are refused: DFL901.",
        dockerfile: dockerfile`
          FROM node:20-slim
          CMD ["sleep", 1]
        `,
      },
      {
        title: "Tests of the shell, patterns, PowerShell.",
        dockerfile: dockerfile`
          FROM node:20-slim
          RUN [ -f a ] || exit 1
          RUN [ "$A" = "b" ] && echo "c, d"
          RUN [[ -f a ]]
          RUN [Environment]::SetEnvironmentVariable("a", "b")
          COPY [a-z]*.txt [ab] /srv/
        `,
      },
    ],
  }),
  visit: {
    instruction(instruction, context) {
      if (!instruction.logical.text.includes("[")) return;
      if (TAKE_NONE.has(instruction.keyword)) reportNone(instruction, context);
      const broken = brokenArray(instruction);
      if (broken === undefined) return;
      const { word, fault, array } = broken;
      const { keyword } = instruction;
      context.report({
        at: word.spanOf(fault.start, fault.end),
        message: `This is no JSON array (${fault.what}), so ${consequence(instruction)}; write ${keyword}${keyword === "HEALTHCHECK" ? " CMD" : ""} ["…", "…"].`,
        fixes:
          array.rest !== "" || context.source.slice(word.span).includes("\n")
            ? []
            : [
                {
                  title: "Write a JSON array",
                  edits: [{ span: word.span, newText: `[${array.elements.map(quoted).join(", ")}]` }],
                },
              ],
      });
    },
  },
});

/** Those whose arguments are never JSON. */
const TAKE_NONE: ReadonlySet<Instruction["keyword"]> = new Set(["WORKDIR", "USER", "STOPSIGNAL"]);

function consequence({ keyword }: Instruction): string {
  if (keyword === "VOLUME") return "the brackets and quotes become part of the names of the folders";
  if (keyword === "COPY" || keyword === "ADD") return "the brackets and quotes become part of the paths";
  return "all of it is a command for the shell, brackets included";
}

function reportNone({ keyword, rest: word }: Instruction, context: RuleContext): void {
  const array = readLooseArray(word);
  const [value, more] = array?.elements ?? [];
  if (array?.first !== "quoted" || value === undefined) return;
  const isPlain = more === undefined && array.rest === "" && /^[\w./:@-]+$/.test(value);
  context.report({
    at: word.span,
    message: `${keyword} takes no JSON array: the brackets and quotes become part of its value; write ${keyword} ${value}.`,
    fixes: isPlain ? [{ title: `Write ${value}`, edits: [{ span: word.span, newText: value }] }] : [],
  });
}

function quoted(element: string): string {
  return JSON.stringify(element);
}
