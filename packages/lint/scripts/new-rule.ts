/** `npm run new-rule -- DFL402 pip-no-cache`: writes the file of a new rule, with its place in the index and the docs. */
import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../src/rules", import.meta.url));

const CATEGORIES: Readonly<Record<string, string>> = {
  1: "cache",
  2: "base",
  3: "stages",
  4: "packages",
  5: "user",
  6: "context",
  7: "variables",
  8: "runtime",
  9: "syntax",
};

function template(code: string, name: string): string {
  return `import { defineRule, dockerfile, type Rule, type RuleDocs } from "../linter/rule.ts";

export const rule: Rule = defineRule({
  code: "${code}",
  name: "${name}",
  category: "${CATEGORIES[code.charAt(3)] ?? "syntax"}",
  severity: "warning",
  scope: "all",
  summary: "Say in one line what it finds",
  docs: (): RuleDocs => ({
    why: \`
      Say what it costs and what to do instead.
    \`,
    bad: [
      {
        dockerfile: dockerfile\`
          FROM ⟦alpine⟧
        \`,
      },
    ],
    good: [
      {
        dockerfile: dockerfile\`
          FROM alpine:3.20
        \`,
      },
    ],
  }),
  visit: {
    FROM(from, context) {
      if (from.image === undefined || from.image.text !== "alpine") return;
      context.report({ at: from.image.span, message: "Say what is wrong, why it costs and what to do." });
    },
  },
});
`;
}

/** The first free code, for a name that comes without one. */
function freeCode(taken: ReadonlySet<string>): string {
  for (let number = 101; number < 1000; number += 1) {
    const code = `DFL${number}`;
    if (!taken.has(code)) return code;
  }
  throw new Error("Every code is taken.");
}

const words = process.argv.slice(2).filter((word) => word !== "--");
const given = words.find((word) => /^DFL\d{3}$/i.test(word))?.toUpperCase();
const [name, ...others] = words.filter((word) => !/^DFL\d{3}$/i.test(word));
const files = readdirSync(folder).filter((file) => /^dfl\d{3}-/.test(file));
const taken = new Set(files.map((file) => file.slice(0, 6).toUpperCase()));

if (name === undefined || others.length > 0 || !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)) {
  console.error("Usage: npm run new-rule -- [DFL402] name-in-kebab-case");
  process.exitCode = 2;
} else if (given !== undefined && taken.has(given)) {
  console.error(`${given} is taken; codes are never reused.`);
  process.exitCode = 2;
} else if (files.some((file) => file.slice(7) === `${name}.ts`)) {
  console.error(`There is a rule ${name} already.`);
  process.exitCode = 2;
} else {
  const code = given ?? freeCode(taken);
  const path = join(folder, `${code.toLowerCase()}-${name}.ts`);
  writeFileSync(path, template(code, name), { flag: "wx" });
  execFileSync(
    process.execPath,
    [...process.execArgv, fileURLToPath(new URL("generate.ts", import.meta.url))],
    { stdio: "inherit" },
  );
  console.log(path);
}
