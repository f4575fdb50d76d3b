import { fitted } from "../source/fitted.ts";
import { skipSpace } from "./blank.ts";
import { Word } from "./word.ts";

const QUOTE = 34;
const COMMA = 44;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/**
 * Reads arguments in JSON form. `not-strings` is a JSON array that holds something else, which BuildKit refuses;
 * undefined is anything that is no JSON array, which becomes shell form.
 */
export function readJsonArray(word: Word): readonly Word[] | "not-strings" | undefined {
  const { logical, end } = word;
  const { text } = logical;
  let at = skipSpace(text, word.start, end);
  if (text.charCodeAt(at) !== OPEN || at >= end) return undefined;
  const open = at;
  const elements: Word[] = [];
  at = skipBlank(text, at + 1, end);
  if (text.charCodeAt(at) === CLOSE && at < end)
    return skipBlank(text, at + 1, end) === end ? elements : undefined;
  for (;;) {
    // Anything but a string: the JSON may be right, and then it is refused, or wrong, and then it is shell form.
    if (at >= end || text.charCodeAt(at) !== QUOTE)
      return isJson(text.slice(open, end)) ? "not-strings" : undefined;
    const element = readString(word, at + 1);
    if (!element) return undefined;
    elements.push(element);
    at = skipBlank(text, element.end + 1, end);
    const code = at < end ? text.charCodeAt(at) : 0;
    if (code === CLOSE) return skipBlank(text, at + 1, end) === end ? fitted(elements) : undefined;
    if (code !== COMMA) return undefined;
    at = skipBlank(text, at + 1, end);
  }
}

/** Reads a string from after its quote. */
function readString(word: Word, start: number): Word | undefined {
  const { logical, end } = word;
  const { text } = logical;
  let at = start;
  for (; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return new Word(text.slice(start, at), logical, start, at);
    if (code === BACKSLASH) return readEscapedString(word, start);
    if (code < 32) return undefined;
  }
  return undefined;
}

function readEscapedString(word: Word, start: number): Word | undefined {
  const { logical, end } = word;
  const { text } = logical;
  const offsets: number[] = [];
  let decoded = "";
  let at = start;
  while (at < end) {
    const character = text[at] ?? "";
    if (character === '"') return new Word(decoded, logical, start, at, offsets);
    if (character < " ") return undefined;
    offsets.push(at);
    if (character !== "\\") {
      decoded += character;
      at += 1;
      continue;
    }
    const escape = text[at + 1] ?? "";
    if (escape === "u") {
      const digits = text.slice(at + 2, at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) return undefined;
      decoded += String.fromCharCode(Number.parseInt(digits, 16));
      at += 6;
    } else {
      const meant = ESCAPES[escape];
      if (meant === undefined) return undefined;
      decoded += meant;
      at += 2;
    }
  }
  return undefined;
}

function skipBlank(text: string, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 9 && code !== 10 && code !== 13) break;
    at += 1;
  }
  return at;
}

/** Whether a text is JSON of any kind. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
