/**
 * Writes what is derived from the rules, and the style and the script of reports in HTML. With `--check` it writes nothing, names what is stale and exits with 1.
 * The index comes first, since the rest is made from the rules it lists.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Rule } from "../src/linter/rule.ts";
import { derivedFiles, indexSource, ruleFiles } from "./generated-files.ts";
import { pageAssets } from "./page-assets.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const isCheck = process.argv.includes("--check");
const stale: string[] = [];

function settle(path: string, content: string): void {
  const full = join(root, path);
  if (existsSync(full) && readFileSync(full, "utf8") === content) return;
  stale.push(path);
  if (isCheck) return;
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
}

function removeOthers(folder: string, kept: ReadonlySet<string>): void {
  for (const name of existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : []) {
    const path = `${folder}/${name}`;
    if (kept.has(path)) continue;
    stale.push(path);
    if (!isCheck) rmSync(join(root, path));
  }
}

const files = ruleFiles(join(root, "src/rules"));
settle("src/rules/index.ts", indexSource(files));
// Each file by itself, not through the index: what --check compares must not come from a stale one.
const rules: Rule[] = [];
for (const file of files) {
  const module = (await import(pathToFileURL(join(root, "src/rules", file)).href)) as { readonly rule: Rule }; // by convention
  rules.push(module.rule);
}
const derived = derivedFiles(rules);
for (const [path, content] of derived) settle(path, content);
removeOthers("docs/rules", new Set(derived.keys()));
settle("src/report/html/generated/page-assets.ts", await pageAssets(join(root, "src/report/html")));

for (const path of stale)
  console.log(isCheck ? `packages/lint/${path} is stale: run npm run generate` : path);
if (isCheck && stale.length > 0) process.exitCode = 1;
