// CSI and OSC sequences, other escapes: what a program's output may do to a terminal, except printing.
const escapes = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[ -/]*[0-~])/g; // oxlint-disable-line no-control-regex -- they are looked for
const controls = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/g; // oxlint-disable-line no-control-regex -- as above
const without = /^[\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Default_Ignorable_Code_Point}]$/u;
// East Asian ones, and what terminals show as a picture by default. Two regional indicators make one flag.
const wide =
  /^(?!\p{Regional_Indicator})[\p{Emoji_Presentation}\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]$/u;

/** One line of text without anything that would move the cursor or change colours. */
export function printable(line: string): string {
  // What was overwritten after a carriage return is not shown, as on a terminal.
  const shown = line.replace(/\r+$/, "").split("\r").at(-1) ?? "";
  return shown.replaceAll(escapes, "").replaceAll("\t", "    ").replaceAll(controls, "");
}

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

/** The text cut to at most `columns`, the cut marked by `…`. */
export function fit(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = "";
  let width = 1; // the mark
  for (const character of text) {
    width += widthOfCharacter(character);
    if (width > columns) break;
    kept += character;
  }
  return columns < 1 ? "" : `${kept}…`;
}

function widthOfCharacter(character: string): number {
  if (without.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
