/**
 * Builds the site into `dist`: the API of both packages, the READMEs, the documents of `docs`, and the pages of dflint's
 * rules. It needs no server: `dist/index.html` is opened from disk. `--out DIR` builds it elsewhere.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const site = join(import.meta.dirname, "..");
const rules = join(site, "../lint/docs/rules");
const pages = join(site, "pages");

// TypeDoc takes the title of a document, and what stands below it, from YAML before its text.
rmSync(pages, { recursive: true, force: true });
mkdirSync(pages);
const names = readdirSync(rules).filter((name) => name.startsWith("dfl"));
for (const name of names) {
  const text = readFileSync(join(rules, name), "utf8");
  writeFileSync(join(pages, name), `---\ntitle: ${JSON.stringify(titleOf(text))}\n---\n${text}`);
}
const children = names.map((name) => `  - ./${name}\n`).join("");
const overview = readFileSync(join(rules, "README.md"), "utf8");
writeFileSync(join(pages, "rules.md"), `---\ntitle: Rules of dflint\nchildren:\n${children}---\n${overview}`);

const program = join(site, "node_modules/.bin/typedoc");
const { status } = spawnSync(program, ["--options", "typedoc.jsonc", ...process.argv.slice(2)], {
  cwd: site,
  stdio: "inherit",
});
process.exitCode = status ?? 1;

/** The code and the name of a rule, and what other linters call it: what people search for. */
function titleOf(page: string): string {
  const [, heading = ""] = /^# (.+)$/m.exec(page) ?? [];
  const [, aliases] = /^\| also known as \| (.+) \|$/m.exec(page) ?? [];
  return aliases === undefined || aliases === "–" ? heading : `${heading} (${aliases})`;
}
