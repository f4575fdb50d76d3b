/**
 * Patterns of `${name#pattern}`, `${name%pattern}` and `${name/pattern/replacement}`: `*` and `?`, with `\` before
 * a character that is meant literally. Matching follows all candidate positions at once, so no pattern can make
 * it slower than the pattern's length times the text's.
 */

/** A pattern, taken apart: literal characters, or one of the two wildcards. */
export type Pattern = readonly (string | typeof ANY | typeof ANY_RUN)[];

const ANY: unique symbol = Symbol("?");
const ANY_RUN: unique symbol = Symbol("*");

/** Reads a pattern; an error is returned as its message. */
export function readPattern(text: string): Pattern | { readonly error: string } {
  const characters = Array.from(text);
  const pattern: (string | typeof ANY | typeof ANY_RUN)[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? "";
    if (character === "*") {
      pattern.push(ANY_RUN);
    } else if (character === "?") {
      pattern.push(ANY);
    } else if (character === "\\") {
      const next = characters[at + 1];
      // `}` and `/` need an escape inside of `${}`, which is not part of the pattern.
      if (next === "}" || next === "/") continue;
      if (next !== "*" && next !== "?" && next !== "\\") return { error: `invalid escape '\\${next ?? ""}'` };
      pattern.push(next);
      at += 1;
    } else {
      pattern.push(character);
    }
  }
  return pattern;
}

/** `${name#pattern}` and `${name%pattern}`: the value without what matches at its beginning or end, the most if `greedy`. */
export function cutMatch(value: string, pattern: Pattern, operator: "#" | "%", greedy: boolean): string {
  const characters = Array.from(value);
  if (operator === "#") {
    return characters.slice(matchLength(pattern, characters, 0, greedy) ?? 0).join("");
  }
  const length = matchLength(pattern.toReversed(), characters.toReversed(), 0, greedy) ?? 0;
  return characters.slice(0, characters.length - length).join("");
}

/**
 * `${name/pattern/replacement}`: the value with the first match replaced, or all of them.
 * @param grow called before each; what it throws ends the work.
 */
export function replaceMatches(
  value: string,
  pattern: Pattern,
  replacement: string,
  all: boolean,
  grow: () => void,
): string {
  const characters = Array.from(value);
  let result = "";
  let replaced = false;
  let afterMatch = false;
  for (let at = 0; at <= characters.length;) {
    const length = replaced && !all ? undefined : matchLength(pattern, characters, at, true);
    // An empty match right after another match is none.
    if (length !== undefined && !(length === 0 && afterMatch)) {
      grow();
      result += replacement;
      replaced = true;
      afterMatch = length > 0;
      at += length;
      if (length > 0) continue;
    }
    afterMatch = false;
    result += characters[at] ?? "";
    at += 1;
  }
  return result;
}

/**
 * How many of `characters` from `from` on the pattern matches: the most if `greedy`, else the fewest.
 * Undefined if it does not match there.
 */
function matchLength(
  pattern: Pattern,
  characters: readonly string[],
  from: number,
  greedy: boolean,
): number | undefined {
  let active = new Uint8Array(pattern.length + 1);
  let next = new Uint8Array(pattern.length + 1);
  activate(pattern, active, 0);
  let best: number | undefined;
  for (let at = from; ; at += 1) {
    if (active[pattern.length]) {
      best = at - from;
      if (!greedy) return best;
    }
    const character = characters[at];
    if (character === undefined) return best;
    next.fill(0);
    let alive = false;
    for (let state = 0; state < pattern.length; state += 1) {
      if (!active[state]) continue;
      const expected = pattern[state];
      // A wildcard matches anything but a line feed.
      if (expected === ANY_RUN && character !== "\n") {
        activate(pattern, next, state);
        alive = true;
      } else if (expected === character || (expected === ANY && character !== "\n")) {
        activate(pattern, next, state + 1);
        alive = true;
      }
    }
    if (!alive) return best;
    [active, next] = [next, active];
  }
}

function activate(pattern: Pattern, states: Uint8Array, state: number): void {
  let at = state;
  while (!states[at]) {
    states[at] = 1;
    if (pattern[at] !== ANY_RUN) return;
    at += 1;
  }
}
