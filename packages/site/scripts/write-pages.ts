/** Writes the pages of dflint and its rules into `pages`, as TypeDoc wants documents: with a title, and the rules below their overview. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const site = join(import.meta.dirname, "..");
const rules = join(site, "../lint/docs/rules");
const pages = join(site, "pages");

// It takes titles, and what stands below a document, from YAML before the text.
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

const docs = join(rules, "..");
for (const name of readdirSync(docs).filter((file) => file.endsWith(".md"))) {
  const text = readFileSync(join(docs, name), "utf8");
  const [, heading = ""] = /^# (.+)$/m.exec(text) ?? [];
  const linked = text.replaceAll("(rules/README.md)", "(./rules.md)").replaceAll("(rules/", "(./");
  writeFileSync(join(pages, name), `---\ntitle: "dflint: ${heading}"\n---\n${linked}`);
}

/** The code and the name of a rule, and what other linters call it: what people search for. */
function titleOf(page: string): string {
  const [, heading = ""] = /^# (.+)$/m.exec(page) ?? [];
  const [, aliases] = /^\| also known as \| (.+) \|$/m.exec(page) ?? [];
  return aliases === undefined || aliases === "–" ? heading : `${heading} (${aliases})`;
}
