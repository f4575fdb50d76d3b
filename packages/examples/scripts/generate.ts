/**
 * Copies the examples that the READMEs show into them, so that they are the ones that are run.
 * A place looks like `<!-- example: run.ts -->` … `<!-- /example -->`. With `--check` nothing is written.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../../..");
const place = /(<!-- example: (\S+) -->\n)[\s\S]*?(<!-- \/example -->)/g;

for (const name of ["README.md", "packages/sdk/README.md"]) {
  const path = join(root, name);
  const text = readFileSync(path, "utf8");
  const filled = text.replace(place, (_, begin: string, example: string, end: string) => {
    const code = readFileSync(join(root, "packages/examples/src", example), "utf8");
    // The first line says what the file is for; a README says it in its own words.
    return `${begin}\`\`\`ts\n${code.replace(/^\/\*\*.*\*\/\n/, "")}\`\`\`\n${end}`;
  });
  if (!process.argv.includes("--check")) {
    writeFileSync(path, filled);
  } else if (filled !== text) {
    console.error(`${name} does not show the examples as they are: run \`npm run generate\`.`);
    process.exitCode = 1;
  }
}
