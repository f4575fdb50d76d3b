/** Names of licences as SPDX lists them. */
import deprecated from "spdx-license-ids/deprecated.json" with { type: "json" };
import current from "spdx-license-ids/index.json" with { type: "json" };

let known: ReadonlySet<string> | undefined;

/** Whether a text is the name of one licence, in its exact case; names that SPDX has given up count. */
export function isSpdxLicense(text: string): boolean {
  known ??= new Set([...current, ...deprecated]);
  return known.has(text);
}

/** Whether a text is an expression of licences: `MIT OR (Apache-2.0 WITH LLVM-exception)`, `GPL-2.0-or-later`. */
export function isSpdxExpression(text: string): boolean {
  if (!isBalanced(text)) return false;
  const terms = text
    .replace(/[()]/g, " ")
    .trim()
    .split(/\s+(?:AND|OR|and|or)\s+/);
  return terms.every((term) => {
    const [license = "", exception] = term.split(/\s+(?:WITH|with)\s+/);
    if (exception !== undefined && !/^[\w.-]+$/.test(exception)) return false;
    return (
      isSpdxLicense(license.replace(/\+$/, "")) ||
      /^(?:DocumentRef-[\w.-]+:)?LicenseRef-[\w.-]+$/.test(license)
    );
  });
}

/** Whether every parenthesis that is opened is closed after it. */
function isBalanced(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
