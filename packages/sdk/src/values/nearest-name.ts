/** The name that was probably meant, of those that there are; undefined when none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const given = fold(name);
  let nearest: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    const folded = fold(candidate);
    const steps = slips(given, folded);
    const isAbbreviated = Math.min(given.length, folded.length) > 2 && beginTheSame(given, folded);
    // Of three letters one may be wrong.
    const isNear = steps <= Math.max(given.length, folded.length) / 3 || isAbbreviated;
    if (!isNear || steps >= least) continue;
    nearest = candidate;
    least = steps;
  }
  return nearest;
}

/** `build-args`, `build_args` and `BuildArgs` are one name. */
function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, "");
}

function beginTheSame(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

/** Optimal string alignment: letters left out, added, replaced, or two of them exchanged. */
function slips(from: string, to: string): number {
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const next = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const isExchanged = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      next[column] = Math.min(
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isExchanged ? (before[column - 2] ?? Infinity) + 1 : Infinity,
      );
    }
    before = last;
    last = next;
  }
  return last[to.length] ?? 0;
}
