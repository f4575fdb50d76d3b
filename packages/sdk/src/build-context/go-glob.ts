/**
 * Go's `filepath.Match`, which moby runs on each pattern with the name "." to find syntax errors. It looks at the
 * parts between stars one by one and stops at the first that does not match, so that errors behind it pass.
 */

/** Whether the pattern matches the whole name. Throws `SyntaxError`. */
export function matchGlob(pattern: string, name: string): boolean {
  let chars = Array.from(pattern);
  let rest = Array.from(name);
  while (chars.length > 0) {
    const { hasStar, part, behind } = splitAtStar(chars);
    if (hasStar && part.length === 0) return !rest.includes("/");
    const furthest = hasStar ? rest.length : 0;
    let next: string[] | undefined;
    for (let skipped = 0; skipped <= furthest && next === undefined; skipped++) {
      if (skipped > 0 && rest[skipped - 1] === "/") break;
      const left = matchPart(part, rest.slice(skipped));
      if (left?.length === 0 || behind.length > 0) next = left;
    }
    if (next === undefined) return false;
    rest = next;
    chars = behind;
  }
  return rest.length === 0;
}

/** Leading stars, what follows up to the next star outside [...], and what is behind. */
function splitAtStar(chars: readonly string[]): { hasStar: boolean; part: string[]; behind: string[] } {
  let start = 0;
  while (chars[start] === "*") start++;
  let end = start;
  for (let inRange = false; end < chars.length; end++) {
    const char = chars[end];
    if (char === "\\" && end + 1 < chars.length) end++;
    else if (char === "[") inRange = true;
    else if (char === "]") inRange = false;
    else if (char === "*" && !inRange) break;
  }
  return { hasStar: start > 0, part: chars.slice(start, end), behind: chars.slice(end) };
}

/** What is left of the name behind a part without stars; undefined when that does not match. Reads all of the part. */
function matchPart(part: readonly string[], name: readonly string[]): string[] | undefined {
  let at = 0;
  let read = 0;
  let fails = false;

  function member(): string {
    if (part[at] === "-" || part[at] === "]") throw new SyntaxError(`"${part[at]}" out of place in [...]`);
    if (part[at] === "\\") at++;
    const char = part[at++];
    if (char === undefined || at >= part.length) throw new SyntaxError("[ without ]");
    return char;
  }
  function rangesHold(char: string): boolean {
    const isNegated = part[at] === "^";
    if (isNegated) at++;
    let holds = false;
    do {
      const low = member();
      let high = low;
      if (part[at] === "-") {
        at++;
        high = member();
      }
      if (codeOf(low) <= codeOf(char) && codeOf(char) <= codeOf(high)) holds = true;
    } while (part[at] !== "]");
    at++;
    return holds !== isNegated;
  }

  while (at < part.length) {
    const char = name[read++];
    fails ||= char === undefined;
    const wanted = part[at++];
    if (wanted === "[") {
      if (!rangesHold(char ?? "")) fails = true;
    } else if (wanted === "?") {
      if (char === "/") fails = true;
    } else {
      const literal = wanted === "\\" ? part[at++] : wanted;
      if (literal === undefined) throw new SyntaxError("nothing follows the last \\");
      if (char !== literal) fails = true;
    }
  }
  return fails ? undefined : name.slice(read);
}

function codeOf(char: string): number {
  return char.codePointAt(0) ?? -1;
}
