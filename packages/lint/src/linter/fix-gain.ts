/** Whether a file got better by fixes. */
import { reaches, type Diagnostic } from "./diagnostic.ts";

/** Whether there are fewer findings above info, or as many and fewer others: that comes to an end. */
export function isBetter(before: readonly Diagnostic[], after: readonly Diagnostic[]): boolean {
  const [was, is] = [sumOf(countLoud(before)), sumOf(countLoud(after))];
  return is < was || (is === was && after.length < before.length);
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** Whether a rule has more findings above info than before. */
export function isWorse(before: readonly Diagnostic[], after: readonly Diagnostic[]): boolean {
  const known = countLoud(before);
  return [...countLoud(after)].some(([rule, count]) => count > (known.get(rule) ?? 0));
}

function countLoud(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { rule, severity, suppressed } of diagnostics) {
    if (suppressed !== undefined || !reaches(severity, "warning")) continue;
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return counts;
}
