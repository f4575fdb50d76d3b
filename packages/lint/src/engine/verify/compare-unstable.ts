/** Which differences between two images are there between two builds of the same file, too: they prove nothing. */
import { posix } from "node:path";
import type { ImageDifference } from "../../linter/facts/verification.ts";

/**
 * Marks what `again`, the differences between two builds of one file, explains. A path is explained by itself, with no more
 * aspects than there; one that only one side has also by another new or missing one beside it: a random name.
 */
export function markUnstable(
  differences: readonly ImageDifference[],
  again: readonly ImageDifference[],
): ImageDifference[] {
  const changed = new Map(again.filter(isChange).map(({ kind, path, what }) => [`${kind} ${path}`, what]));
  const oneSided = again.filter((one) => !isChange(one));
  const folders = new Set(
    oneSided.filter(({ kind }) => kind === "file").map(({ path }) => posix.dirname(path)),
  );
  const paths = new Set(oneSided.map(({ kind, path }) => `${kind} ${path}`));
  const isExplained = (one: ImageDifference): boolean => {
    const key = `${one.kind} ${one.path}`;
    if (isChange(one)) {
      const known = changed.get(key);
      return known !== undefined && one.what.every((aspect) => known.includes(aspect));
    }
    return paths.has(key) || (one.kind === "file" && folders.has(posix.dirname(one.path)));
  };
  return differences.map((one) =>
    one.harmless === undefined && isExplained(one) ? { ...one, harmless: "unstable" } : one,
  );
}

function isChange({ change }: ImageDifference): boolean {
  return change === "changed";
}
