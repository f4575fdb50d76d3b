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
  const terms = text
    .replace(/[()]/g, " ")
    .trim()
    .split(/\s+(?:AND|OR)\s+/);
  return terms.every((term) => {
    const [license = "", exception] = term.split(/\s+WITH\s+/);
    if (exception !== undefined && !/^[\w.-]+$/.test(exception)) return false;
    return (
      isSpdxLicense(license.replace(/\+$/, "")) ||
      /^(?:DocumentRef-[\w.-]+:)?LicenseRef-[\w.-]+$/.test(license)
    );
  });
}
