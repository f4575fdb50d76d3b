/** Whether a text fits a pattern in which `*` stands for any characters. Takes time in proportion to the text. */
export function matchesWildcards(pattern: string, text: string): boolean {
  // Most patterns and texts begin differently, and to see that takes less than to take the pattern apart.
  const star = pattern.indexOf("*");
  if (star === -1) return text === pattern;
  if (!text.startsWith(pattern.slice(0, star))) return false;
  const parts = pattern.split("*");
  const tail = parts.at(-1) ?? "";
  if (text.length < star + tail.length || !text.endsWith(tail)) return false;
  let at = star;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= text.length - tail.length;
}
