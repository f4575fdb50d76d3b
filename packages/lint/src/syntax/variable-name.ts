const SPECIAL_PARAMETERS = "@*#?-$!0";

/** Where the name of a variable ends that starts there, behind the `$`: letters, digits or one special parameter. */
export function endOfName(source: string, start: number): number {
  let at = start;
  const first = source[start];
  if (first === undefined) return start;
  if (first >= "0" && first <= "9") {
    while (isDigit(source.charCodeAt(at))) at += 1;
    return at;
  }
  if (SPECIAL_PARAMETERS.includes(first)) return start + 1;
  NAME.lastIndex = start;
  NAME.test(source); // which always matches
  at = NAME.lastIndex;
  while (at < source.length && isNameCharacter(source, at)) at += 1;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The part of a name that most names are. */
const NAME = /\w*/y;
const LETTER = /[\p{L}\p{Nd}]/u;

function isNameCharacter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) {
    return code === 95 || isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  }
  return LETTER.test(text[at] ?? "");
}
