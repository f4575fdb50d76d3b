/** What is generated from the rules: their index, their pages, the schema of the configuration. */
import { readdirSync } from "node:fs";
import { CONFIG_SHAPE } from "../src/config/schema.ts";
import { presetLevel } from "../src/linter/presets.ts";
import type { Rule } from "../src/linter/rule.ts";
import { docsPath } from "../src/report/report.ts";
import { rulePage } from "../src/report/rule-page.ts";
import { configSchema } from "./config-schema.ts";

const NOTE = "made by `pnpm generate` from the rules; not to be edited";

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
  files.set(
    "schema/dflint.schema.json",
    `${JSON.stringify(configSchema(CONFIG_SHAPE, rules), undefined, 2)}\n`,
  );
  return files;
}

function overview(rules: readonly Rule[]): string {
  const rows = rules.map((rule) => {
    const { code, name, summary, aliases, fix, since } = rule;
    const page = docsPath({ rule: code, name }).replace("docs/rules/", "");
    const levels = (["recommended", "strict"] as const).map((preset) => presetLevel(rule, preset, since));
    return `| [${code}](${page}) | ${name} | ${levels.join(" | ")} | ${fix ?? "–"} | ${aliases.join(", ") || "–"} | ${summary} |`;
  });
  return `# Rules

| rule | name | recommended | strict | fix | also known as | what it finds |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}
