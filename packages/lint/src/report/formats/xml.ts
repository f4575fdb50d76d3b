/** Texts in XML 1.0. */
import { printable } from "../printable.ts";

/** What may stand in no XML 1.0 document, not even as a reference (https://www.w3.org/TR/xml/#charsets). */
const FORBIDDEN = /\p{Surrogate}|[\ufffe\uffff]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  // A reader turns a tab in an attribute into a blank where it is not written like this.
  "\t": "&#9;",
};

/** A text for an attribute or between tags; control characters are shown as `\u{…}`. */
export function xmlText(text: string): string {
  return printable(text)
    .replace(FORBIDDEN, "\ufffd")
    .replace(/[&<>"'\t]/g, (character) => ENTITIES[character] ?? character);
}

/** Attributes with a blank before each; those that are undefined are left out. */
export function xmlAttributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${xmlText(String(value))}"`)
    .join("");
}
