/**
 * The part of Go's regular expressions that patterns of `.dockerignore` are rewritten to, parsed and run here
 * because JavaScript's differ (`\s`, `.`, escapes) and backtrack.
 */

type Range = readonly [number, number];
export type Item =
  | { readonly kind: "one" | "many"; readonly accepts: (char: number) => boolean }
  /** Goes on with the next item, or behind the next two. */
  | { readonly kind: "fork" }
  /** Passes at the start of the path only. */
  | { readonly kind: "start" };

const newline = 10;
const lastChar = 0x10ffff;
const controls: Readonly<Record<string, number>> = { a: 7, t: 9, n: newline, v: 11, f: 12, r: 13 };
const classes: Readonly<Record<string, readonly Range[]>> = {
  d: [[48, 57]],
  w: [
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ],
  s: [
    [9, 10],
    [12, 13],
    [32, 32],
  ],
};

/** Reads an expression anchored at both ends. Throws `SyntaxError`. */
export function parseExpression(expression: string): Item[] {
  const chars = Array.from(expression);
  const items: Item[] = [];
  let at = 0;

  function escape(): Range[] {
    const char = chars[at++] ?? "";
    const named = classes[char] ?? complement(classes[char.toLowerCase()]);
    if (named !== undefined) return [...named];
    const code = controls[char] ?? codeOf(char);
    if (controls[char] === undefined && (code > 127 || /[0-9A-Za-z]/.test(char))) {
      throw new SyntaxError(`\\${char} has no meaning`);
    }
    return [[code, code]];
  }
  function member(): Range[] {
    const char = chars[at++];
    if (char === undefined) throw new SyntaxError("[ without ]");
    return char === "\\" ? escape() : [[codeOf(char), codeOf(char)]];
  }
  function bracket(): (char: number) => boolean {
    const negated = chars[at] === "^";
    if (negated) at++;
    const ranges: Range[] = [];
    do {
      const low = member();
      const isRange = chars[at] === "-" && chars[at + 1] !== "]" && low.length === 1;
      if (isRange) at++;
      const [first] = low[0] ?? [0];
      const [last] = (isRange ? member()[0] : undefined) ?? [first];
      if (last < first) throw new SyntaxError("the ends of a range in [...] are swapped");
      ranges.push(...(isRange ? [[first, last] as const] : low));
    } while (chars[at] !== "]");
    at++;
    return (char) => ranges.some(([low, high]) => low <= char && char <= high) !== negated;
  }

  while (at < chars.length) {
    const char = chars[at++] ?? "";
    if (char === "(") {
      items.push({ kind: "fork" }, { kind: "many", accepts: anyInLine });
      items.push({ kind: "one", accepts: (next) => next === codeOf("/") });
      at += "(.*/)?".length - 1;
    } else if (char === "^") {
      items.push({ kind: "start" });
    } else {
      const accepts =
        char === "." ? anyInLine : char === "[" ? bracket() : within(char === "\\" ? escape() : char);
      const repeated = chars[at] === "*";
      if (repeated) at++;
      items.push({ kind: repeated ? "many" : "one", accepts });
    }
  }
  return items;
}

function anyInLine(char: number): boolean {
  return char !== newline;
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? 0;
}

function within(what: string | readonly Range[]): (char: number) => boolean {
  const ranges: readonly Range[] = typeof what === "string" ? [[codeOf(what), codeOf(what)]] : what;
  return (char) => ranges.some(([low, high]) => low <= char && char <= high);
}

function complement(ranges: readonly Range[] | undefined): Range[] | undefined {
  if (ranges === undefined) return undefined;
  const starts = [0, ...ranges.map(([, high]) => high + 1)];
  const ends = [...ranges.map(([low]) => low - 1), lastChar];
  return starts.map((start, index) => [start, ends[index] ?? lastChar]);
}

interface State {
  readonly positions: readonly number[];
  readonly accepting: boolean;
  /** Where a character leads, filled in as paths are seen. */
  readonly next: Map<number, State>;
}

const rememberedSteps = 10_000;

/** All ways to match at once: backtracking would take a power of the path's length in a pattern of many stars. */
export class Automaton {
  readonly #items: readonly Item[];
  #states = new Map<string, State>();
  #steps = 0;
  #start: State;

  constructor(items: readonly Item[]) {
    this.#items = items;
    this.#start = this.#state([0], true);
  }

  matches(path: string): boolean {
    // Hostile patterns have many states; forgetting them bounds the memory.
    if (this.#steps > rememberedSteps) {
      this.#states = new Map();
      this.#steps = 0;
      this.#start = this.#state([0], true);
    }
    let state = this.#start;
    for (let at = 0; at < path.length; at++) {
      let char = path.charCodeAt(at);
      if (char >= 0xd800 && char < 0xdc00) {
        char = path.codePointAt(at) ?? char;
        if (char > 0xffff) at++;
      }
      state = state.next.get(char) ?? this.#step(state, char);
      if (state.positions.length === 0) return false;
    }
    return state.accepting;
  }

  #step(from: State, char: number): State {
    const reached: number[] = [];
    for (const position of from.positions) {
      const item = this.#items[position];
      if (item === undefined || !("accepts" in item) || !item.accepts(char)) continue;
      reached.push(item.kind === "many" ? position : position + 1);
    }
    const state = this.#state(reached, false);
    from.next.set(char, state);
    this.#steps++;
    return state;
  }

  #state(reached: Iterable<number>, atStart: boolean): State {
    // A set visits what is added while it is iterated, so this follows every step that takes no character.
    const positions = new Set(reached);
    for (const position of positions) {
      const kind = this.#items[position]?.kind;
      if (kind === "many" || kind === "fork" || (kind === "start" && atStart)) positions.add(position + 1);
      if (kind === "fork") positions.add(position + 3);
    }
    const sorted = [...positions].sort((a, b) => a - b);
    const key = sorted.join();
    let state = this.#states.get(key);
    if (state === undefined) {
      state = { positions: sorted, accepting: positions.has(this.#items.length), next: new Map() };
      this.#states.set(key, state);
    }
    return state;
  }
}
