/** The variables of a `.env` file, as compose reads it. */
import { valueOf } from "./build-target.ts";
import { interpolate } from "./interpolate.ts";

/** A name, and what stands behind it up to the line's end, or to the end of what is quoted. */
const SETTING =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:](?:[ \t]*"((?:[^"\\]|\\[^])*)"|[ \t]*'((?:[^'\\]|\\[^])*)'|(.*))/gm;

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/**
 * The variables by name. A value may name those of `environment`, and those above it; single quotes keep it as it is,
 * and quotes let it span lines. Throws a `BuildsFileError` for a variable that is written wrongly.
 */
export function parseDotenv(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [, name = "", double, single, bare = ""] of text.replaceAll("\r\n", "\n").matchAll(SETTING)) {
    const known = { ...found, ...environment };
    if (single !== undefined) found[name] = single.replaceAll("\\'", "'");
    else if (double !== undefined) found[name] = interpolate(unescaped(double), known);
    else found[name] = interpolate(bare.replace(/[ \t]#.*$/, "").trim(), known);
  }
  return found;
}

function unescaped(text: string): string {
  // A dollar behind a backslash is one; interpolation wants two for that.
  return text.replaceAll(/\\([^])/g, (whole, char: string) =>
    char === "$" ? "$$" : /["\\]/.test(char) ? char : (valueOf(ESCAPES, char) ?? whole),
  );
}
