/** "Did you mean": the closest of some names. */
import { nearestName } from "../syntax/nearest-name.ts";

/**
 * The name nearest to `text`, or undefined where none is near: at a distance below 3, or below 2 for a
 * word of two or three letters. Case does not count; the first of equals wins.
 */
export function nearest(text: string, names: Iterable<string>): string | undefined {
  const wanted = text.toLowerCase();
  const limit = Math.min(3, wanted.length, 1 + Math.ceil(wanted.length / 3));
  return nearestName(wanted, names, limit, (name) => name.toLowerCase());
}

/** " Did you mean X?", or nothing. */
export function didYouMean(text: string, names: Iterable<string>): string {
  const name = nearest(text, names);
  return name === undefined ? "" : ` Did you mean "${name}"?`;
}
