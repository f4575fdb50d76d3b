/** Whether a character is white space to Go's `unicode.IsSpace`, which BuildKit asks. Not the same set as `\s`. */
export function isSpace(code: number): boolean {
  if (code <= 32) return code === 32 || (code >= 9 && code <= 13);
  if (code < 133) return false;
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** Whether a character parts words where BuildKit splits by its own set: tab, vertical tab, form feed, CR, space. */
export function isSeparator(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || code === 11 || code === 12;
}

const UNTIL_SEPARATOR = /[^\t\v\f\r ]*/y;

/** The first offset from `start` of such a character, at most `end`. */
export function findSeparator(text: string, start: number, end: number): number {
  return endOf(UNTIL_SEPARATOR, text, start, end);
}

/**
 * Where that ends which a pattern matches from `start` on, at most `end`. The pattern has to be sticky, and to match even
 * nothing. To look at each character by hand is dear until V8 has optimised it.
 */
export function endOf(pattern: RegExp, text: string, start: number, end: number): number {
  pattern.lastIndex = start;
  pattern.test(text);
  return Math.min(pattern.lastIndex, end);
}

/** The first offset from `start` that is no white space, at most `end`. */
export function skipSpace(text: string, start: number, end: number): number {
  let at = start;
  for (; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if ((code > 32 && code < 133) || !isSpace(code)) break;
  }
  return at;
}

/** The offset after the last character before `end` that is no white space, at least `start`. */
export function trimSpaceEnd(text: string, start: number, end: number): number {
  let at = end;
  for (; at > start; at -= 1) {
    const code = text.charCodeAt(at - 1);
    if ((code > 32 && code < 133) || !isSpace(code)) break;
  }
  return at;
}
