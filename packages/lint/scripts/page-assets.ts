/** The style and the script of `dflint measure --html` as texts, with the hashes by which its policy lets them in. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "tsdown";

/** In the order in which they overrule each other. */
const STYLES = ["tokens", "page", "bars", "stack", "source", "parts", "media"];

/** The module that holds them. @param folder of the page's sources */
export async function pageAssets(folder: string): Promise<string> {
  const style = STYLES.map((name) =>
    shortStyle(readFileSync(join(folder, "style", `${name}.css`), "utf8")),
  ).join("");
  const script = await bundle(join(folder, "browser/page.ts"));
  return `// made by \`npm run generate\` from ../style and ../browser; not to be edited
${constant("PAGE_STYLE", style)}${constant("PAGE_STYLE_HASH", hash(style))}${constant("PAGE_SCRIPT", script)}${constant("PAGE_SCRIPT_HASH", hash(script))}`;
}

function constant(name: string, value: string): string {
  return `export const ${name}: string = ${JSON.stringify(value)};\n`;
}

/** As a Content-Security-Policy has it. */
function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** Without comments and indentation; our styles have neither in texts. */
function shortStyle(text: string): string {
  return text
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/\s*\n\s*/g, "")
    .replace(/: /g, ":")
    .replace(/ \{/g, "{")
    .replace(/;\}/g, "}");
}

async function bundle(entry: string): Promise<string> {
  const [result] = await build({
    config: false,
    entry: { page: entry },
    format: "iife",
    platform: "browser",
    target: "es2022",
    minify: true,
    write: false,
    clean: false,
    dts: false,
    logLevel: "silent",
  });
  const [chunk] = result?.chunks ?? [];
  if (chunk?.type !== "chunk" || chunk.code.includes("</script"))
    throw new Error("The page's script was not built.");
  return chunk.code;
}
