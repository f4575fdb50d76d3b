/** "Did you mean": the closest of some names. */
import { editDistance } from "../syntax/nearest-name.ts";

/**
 * The name nearest to `text`, or undefined where none is near: at a distance below 3, or below 2 for a
 * word of two or three letters. Case does not count; the first of equals wins.
 */
export function nearest(text: string, names: Iterable<string>): string | undefined {
  const wanted = text.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.min(3, wanted.length, 1 + Math.ceil(wanted.length / 3));
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** " Did you mean X?", or nothing. */
export function didYouMean(text: string, names: Iterable<string>): string {
  const name = nearest(text, names);
  return name === undefined ? "" : ` Did you mean "${name}"?`;
}
