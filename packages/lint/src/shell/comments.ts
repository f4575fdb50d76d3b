/** Comments in shell code. */

/** Where a comment begins and ends; the `#` is part of it, the line end is not. */
export interface ShellComment {
  readonly start: number;
  readonly end: number;
}

const DOUBLE_QUOTED = '"';
const BRACES = "{";
const COMMANDS = "(";

/** The first comment in shell code without heredocs; undefined if there is none. */
export function firstComment(text: string): ShellComment | undefined {
  const inside: string[] = [];
  let isWordStart = true;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? "";
    const place = inside.at(-1);
    if (character === "\\") {
      at += 1;
      isWordStart = false;
    } else if (character === "$" && (text[at + 1] === "{" || text[at + 1] === "(")) {
      inside.push(text[at + 1] === "{" ? BRACES : COMMANDS);
      at += 1;
      isWordStart = inside.at(-1) === COMMANDS;
    } else if (character === '"') {
      if (place === DOUBLE_QUOTED) inside.pop();
      else inside.push(DOUBLE_QUOTED);
      isWordStart = false;
    } else if (place === DOUBLE_QUOTED) {
      continue;
    } else if (character === "'") {
      const end = text.indexOf("'", at + 1);
      if (end === -1) return undefined;
      at = end;
      isWordStart = false;
    } else if (place === BRACES) {
      if (character === "}") inside.pop();
      isWordStart = false;
    } else if (character === "#" && isWordStart) {
      const end = text.indexOf("\n", at);
      return { start: at, end: end === -1 ? text.length : end };
    } else if (character === "(") {
      inside.push(COMMANDS);
      isWordStart = true;
    } else if (character === ")") {
      if (place === COMMANDS) inside.pop();
      isWordStart = true;
    } else {
      isWordStart = /[\s;&|]/.test(character);
    }
  }
  return undefined;
}
