import { describe, expect, it } from "vitest";
import { editDistance, nearestName } from "./nearest-name.ts";

const DISTANCES = [
  ["", "", 0],
  ["", "run", 3],
  ["run", "", 3],
  ["copy", "copy", 0],
  ["cpoy", "copy", 2],
  ["form", "from", 2],
  ["kitten", "sitting", 3],
  ["entrypiont", "entrypoint", 2],
  ["label", "maintainer", 8],
] as const;

describe("the distance of two names", () => {
  it.each(DISTANCES)("%s → %s is %d", (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
    expect(editDistance(to, from)).toBe(distance);
  });

  it.each(DISTANCES)("%s → %s stops at a limit", (from, to, distance) => {
    const limits = [1, 2, 3, 4, 9];
    const found = limits.map((limit) => editDistance(from, to, limit));
    expect(found).toEqual(limits.map((limit) => Math.min(limit, distance)));
  });
});

it("finds the nearest name, the first of several, and none that is too far", () => {
  expect(nearestName("copi", ["add", "cmd", "copy"])).toBe("copy");
  expect(nearestName("aad", ["add", "and"])).toBe("add");
  expect(nearestName("cop", ["cope", "copy"])).toBe("cope");
  expect(nearestName("nothing", ["add", "copy"])).toBeUndefined();
});
