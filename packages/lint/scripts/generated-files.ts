/** What is generated from the rules: their index, their pages, the schema of the configuration. */
import { readdirSync } from "node:fs";
import { CONFIG_SHAPE } from "../src/config/schema.ts";
import { BUILDKIT_CHECKS } from "../src/linter/comments/buildkit-checks.ts";
import { HADOLINT_CODES } from "../src/linter/hadolint-codes.ts";
import { presetLevel } from "../src/linter/presets.ts";
import type { Rule } from "../src/linter/rule.ts";
import { docsPath } from "../src/report/report.ts";
import { rulePage } from "../src/report/rule-page.ts";
import { configSchema } from "./config-schema.ts";
import { configurationPage } from "./configuration-page.ts";

const NOTE = "made by `npm run generate` from the rules; not to be edited";

/** The names of the rule files in a folder, in order of their codes. */
export function ruleFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^dfl\d{3}-.+\.ts$/.test(name) && !name.endsWith(".test.ts"))
    .sort();
}

/** `src/rules/index.ts` for those files. */
export function indexSource(files: readonly string[]): string {
  const imports = files.map((file) => `import { rule as ${identifier(file)} } from "./${file}";`);
  const items = files.map((file) => `  ${identifier(file)},`);
  return `// ${NOTE}
import type { Rule } from "../linter/rule.ts";
${imports.join("\n")}

/** Every rule, in order of its code. */
export const rules: readonly Rule[] = [
${items.join("\n")}
];
`;
}

function identifier(file: string): string {
  return file.slice(0, 6);
}

/** Everything else, by path in the package. */
export function derivedFiles(rules: readonly Rule[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const rule of rules) {
    files.set(docsPath({ rule: rule.code, name: rule.name }), `<!-- ${NOTE} -->\n${rulePage(rule)}`);
  }
  files.set("docs/rules/README.md", `<!-- ${NOTE} -->\n${overview(rules)}`);
  files.set("docs/configuration.md", `<!-- ${NOTE} -->\n${configurationPage(CONFIG_SHAPE)}`);
  files.set(
    "schema/dflint.schema.json",
    `${JSON.stringify(configSchema(CONFIG_SHAPE, rules), undefined, 2)}\n`,
  );
  return files;
}

function overview(rules: readonly Rule[]): string {
  const rows = rules.map((rule) => {
    const { name, summary, aliases, fix, since } = rule;
    const levels = OVERVIEW_PRESETS.map((preset) => presetLevel(rule, preset, since));
    return `| ${linkTo(rule)} | ${name} | ${levels.join(" | ")} | ${fix ?? "–"} | ${aliases.join(", ") || "–"} | ${summary} |`;
  });
  return `# Rules

Each page says why, what it costs, when to ignore it, which options there are, and shows what is reported and what is
not. \`dflint explain\` prints it for a code, a name, or what another linter calls it.

| rule | name | ${OVERVIEW_PRESETS.join(" | ")} | fix | also known as | what it finds |
| --- | --- | ${OVERVIEW_PRESETS.map(() => "---").join(" | ")} | --- | --- | --- |
${rows.join("\n")}

## hadolint's rules

With preset \`hadolint\` these are the rules that run, at hadolint's levels and with its verdicts. Codes of ShellCheck
(SC…) are not ours: they come from a \`shellcheck\` on the PATH.

| hadolint | here | level | what it finds |
| --- | --- | --- | --- |
${HADOLINT_CODES.map((code) => homeRow(code, rules, "hadolint")).join("\n")}

## BuildKit's checks

With preset \`buildkit\` these are the rules that run, beside what stops the build. \`# check=skip=…;error=…;experimental=…\`
is heeded as BuildKit heeds it, at the top of the file and above an instruction; where BuildKit does not, ${linkTo(ruleOf("DFL909", rules))} says
so, and one that mutes nothing is told by ${linkTo(ruleOf("DFL910", rules))}.

| BuildKit | here | level | what it finds |
| --- | --- | --- | --- |
${BUILDKIT_CHECKS.map((name) => homeRow(name, rules, "buildkit")).join("\n")}
`;
}

const OVERVIEW_PRESETS = ["recommended", "strict", "hadolint", "buildkit"] as const;

/** Where a check of another linter lives. */
function homeRow(alias: string, rules: readonly Rule[], preset: "hadolint" | "buildkit"): string {
  const homes = rules.filter(({ aliases }) => aliases.includes(alias));
  const [first] = homes;
  if (first === undefined) throw new Error(`${alias} has no home: give it to a rule as an alias.`);
  const summaries = homes.map(({ summary }) => summary).join("; ");
  return `| ${alias} | ${homes.map(linkTo).join(", ")} | ${presetLevel(first, preset, first.since, alias)} | ${summaries} |`;
}

function ruleOf(code: string, rules: readonly Rule[]): Rule {
  const rule = rules.find((one) => one.code === code);
  if (rule === undefined) throw new Error(`There is no rule ${code}.`);
  return rule;
}

function linkTo({ code, name }: Rule): string {
  return `[${code}](${docsPath({ rule: code, name }).replace("docs/rules/", "")})`;
}
