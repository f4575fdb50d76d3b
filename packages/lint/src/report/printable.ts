/** Text that is safe to show in a terminal and a log: what a file holds must not steer the terminal. */
import { eastAsianWidth } from "get-east-asian-width";

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const CONTROLS = new RegExp(CONTROL, "g");

/** The text with control characters and direction marks shown as `\u{…}`; tabs stay. */
export function printable(text: string): string {
  // To look takes a fraction of what replacing takes, and there is hardly ever anything to replace.
  if (!CONTROL.test(text)) return text;
  return text.replace(CONTROLS, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}

/** What may take another number of columns than one. */
const BEYOND_LATIN = /[\u0300-\uffff]/;

/** How many columns a text takes in a terminal: East Asian wide characters and emoji take two, marks none. */
export function columnsOf(text: string): number {
  if (!BEYOND_LATIN.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += columnsOfCharacter(character);
  return columns;
}

const WITHOUT_COLUMN = /[\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Default_Ignorable_Code_Point}]/u;

function columnsOfCharacter(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  return WITHOUT_COLUMN.test(character) ? 0 : eastAsianWidth(code);
}
