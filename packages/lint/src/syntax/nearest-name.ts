/**
 * The name that was most likely meant: the one at the smallest edit distance, the first on a tie.
 * Undefined if none is closer than `limit`. BuildKit's own limit is 3; distances count characters.
 * @param folded what of a candidate is compared. Default: all of it.
 */
export function nearestName(
  name: string,
  candidates: Iterable<string>,
  limit = 3,
  folded: (candidate: string) => string = (candidate) => candidate,
): string | undefined {
  let best: string | undefined;
  let bestDistance = limit;
  for (const candidate of candidates) {
    const compared = folded(candidate);
    if (Math.abs(compared.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name, compared, bestDistance);
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** The Levenshtein distance of two texts; `limit` where it is not below that. */
export function editDistance(from: string, to: string, limit: number = Number.POSITIVE_INFINITY): number {
  // The distances of what was read of `from` to every beginning of `to`.
  const row: number[] = [];
  for (let j = 0; j <= to.length; j += 1) row.push(j);
  for (let i = 1; i <= from.length; i += 1) {
    const code = from.charCodeAt(i - 1);
    let before = i - 1;
    let left = i;
    let smallest = i;
    row[0] = i;
    for (let j = 1; j <= to.length; j += 1) {
      const above = row[j] ?? 0;
      left = Math.min(before + (code === to.charCodeAt(j - 1) ? 0 : 1), above + 1, left + 1);
      before = above;
      row[j] = left;
      if (left < smallest) smallest = left;
    }
    if (smallest >= limit) return limit;
  }
  return Math.min(row[to.length] ?? 0, limit);
}
