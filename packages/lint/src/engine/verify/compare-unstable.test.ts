import { expect, it } from "vitest";
import type { ImageDifference } from "../../linter/facts/verification.ts";
import { markUnstable } from "./compare-unstable.ts";

const difference = (
  path: string,
  change: ImageDifference["change"],
  what: readonly string[] = [],
): ImageDifference => ({ kind: "file", path, change, what, before: "a", after: "b", harmless: undefined });

function unstable(differences: readonly ImageDifference[], again: readonly ImageDifference[]): string[] {
  return markUnstable(differences, again)
    .filter(({ harmless }) => harmless === "unstable")
    .map(({ path }) => path);
}

it("takes for unstable what two builds of one file differ in, too, and no more of it than that", () => {
  const again = [difference("/date", "changed", ["content", "size"])];
  expect(unstable([difference("/date", "changed", ["content"])], again)).toEqual(["/date"]);
  expect(unstable([difference("/date", "changed", ["content", "mode"])], again)).toEqual([]);
  expect(unstable([difference("/other", "changed", ["content"])], again)).toEqual([]);
  expect(unstable([difference("/date", "removed")], again)).toEqual([]);
});

it("knows random names by those beside them", () => {
  const again = [difference("/run/x.1", "removed"), difference("/run/x.2", "added")];
  const differences = [
    difference("/run/x.1", "removed"),
    difference("/run/x.3", "added"),
    difference("/x.3", "added"),
  ];
  expect(unstable(differences, again)).toEqual(["/run/x.1", "/run/x.3"]);
});
