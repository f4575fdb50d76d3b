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

/**
 * How many of `characters` from `from` on the pattern matches: the most if `greedy`, else the fewest.
 * Undefined if it does not match there.
 */
export function matchLength(
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
