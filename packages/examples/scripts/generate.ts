/**
 * Copies the examples that README.md shows into it, so that they are the ones that are run.
 * A place looks like `<!-- example: run.ts -->` … `<!-- /example -->`. With `--check` nothing is written.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../..");
const readme = join(root, "README.md");
const place = /(<!-- example: (\S+) -->\n)[\s\S]*?(<!-- \/example -->)/g;

const text = readFileSync(readme, "utf8");
const filled = text.replace(place, (_, begin: string, name: string, end: string) => {
  const code = readFileSync(join(root, "packages/examples/src", name), "utf8");
  // The first line says what the file is for; the README says it in its own words.
  return `${begin}\`\`\`ts\n${code.replace(/^\/\*\*.*\*\/\n/, "")}\`\`\`\n${end}`;
});

if (process.argv.includes("--check")) {
  if (filled !== text) {
    console.error("README.md does not show the examples as they are: run `npm run generate`.");
    process.exitCode = 1;
  }
} else {
  writeFileSync(readme, filled);
}
