/**
 * Globs of many stars, in time that grows with glob and path alone. A regular expression tries every way to share a path out
 * among its stars, which for ten of them never ends.
 */

/** Whether one item is meant, or any number of those that it absorbs. */
type Token<Item> = (item: Item) => boolean;

/** A list of tokens; those of `stars` stand for any number of items. */
interface Pattern<Item> {
  readonly tokens: readonly Token<Item>[];
  readonly stars: ReadonlySet<Token<Item>>;
}

/** Goes back to the last star alone: what an earlier one could take more of, that one can. */
function matches<Item>({ tokens, stars }: Pattern<Item>, items: readonly Item[]): boolean {
  let at = 0;
  let token = 0;
  let star = -1;
  let taken = 0;
  for (;;) {
    const wanted = tokens[token];
    if (wanted !== undefined && stars.has(wanted)) {
      star = token;
      taken = at;
      token += 1;
      continue;
    }
    const item = items[at];
    if (wanted === undefined && at === items.length) return true;
    if (wanted !== undefined && item !== undefined && at < items.length && wanted(item)) {
      at += 1;
      token += 1;
      continue;
    }
    const more = items[taken];
    if (star === -1 || more === undefined || tokens[star]?.(more) !== true) return false;
    taken += 1;
    at = taken;
    token = star + 1;
  }
}

/** A part of a segment: an escape, a class or a range of characters, stars, or any other character. */
const PART = /\\.|\[(?:!|\^)?\]?(?:\[:[a-z]+:\]|\\.|[^\]\\])*\]|\{[^{},\\]+\.\.[^{},\\]+\}|\*+|./gsu;

/** The test of a glob without alternatives; `classOf` makes the test of `[…]` and of `{x..y}`. */
export function starGlob(
  glob: string,
  classOf: (text: string) => (character: string) => boolean,
): (path: string) => boolean {
  const isPlace = (segment: string): boolean => segment === "." || segment === "..";
  const folders: Token<string> = (segment) => !isPlace(segment);
  const segments = glob.split("/");
  const tokens = segments.map((segment): Token<string> => {
    if (segment === "**") return folders;
    const pattern = segmentPattern(segment, classOf);
    const isOpen = /^\.?\*/.test(segment);
    return (text) => !(isOpen && isPlace(text)) && text !== "" && matches(pattern, Array.from(text));
  });
  // What is below a folder is not the folder.
  if (segments.length > 1 && segments.at(-1) === "**") tokens.push((segment) => !isPlace(segment));
  const whole = { tokens, stars: new Set([folders]) };
  return (path) => matches(whole, path.split("/"));
}

function segmentPattern(segment: string, classOf: Parameters<typeof starGlob>[1]): Pattern<string> {
  const any: Token<string> = () => true;
  const one: Token<string> = () => true;
  const tokens = Array.from(segment.matchAll(PART), ([part]): Token<string> => {
    if (part.startsWith("*")) return any;
    if (part === "?") return one;
    if (/^[[{]./su.test(part)) return classOf(part);
    const letter = part.length > 1 && part.startsWith("\\") ? part.slice(1) : part;
    return (character) => character === letter;
  });
  return { tokens, stars: new Set([any]) };
}
