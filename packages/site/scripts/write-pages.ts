/** Writes the pages of dflint's rules and of its configuration into `pages`, as TypeDoc wants documents: with a title, and below their overview. */
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

const configuration = readFileSync(join(rules, "../configuration.md"), "utf8");
writeFileSync(
  join(pages, "configuration.md"),
  `---\ntitle: Configuration of dflint\n---\n${configuration.replace("(rules/README.md)", "(./rules.md)")}`,
);

/** The code and the name of a rule, and what other linters call it: what people search for. */
function titleOf(page: string): string {
  const [, heading = ""] = /^# (.+)$/m.exec(page) ?? [];
  const [, aliases] = /^\| also known as \| (.+) \|$/m.exec(page) ?? [];
  return aliases === undefined || aliases === "–" ? heading : `${heading} (${aliases})`;
}
