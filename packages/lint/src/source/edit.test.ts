import * as fc from "fast-check";
import { expect, test } from "vitest";
import { applyEdits, EditConflictError, editsOverlap } from "./edit.ts";
import type { Edit } from "./edit.ts";

function edit(start: number, end: number, newText: string): Edit {
  return { span: { start, end }, newText };
}

test("edits are made whatever their order", () => {
  expect(applyEdits("abcdef", [edit(4, 6, "X"), edit(0, 0, "<"), edit(1, 3, "")])).toBe("<adX");
  expect(applyEdits("abc", [])).toBe("abc");
  expect(applyEdits("", [edit(0, 0, "x")])).toBe("x");
});

test("edits that touch are no conflict", () => {
  expect(applyEdits("abcd", [edit(0, 2, "1"), edit(2, 2, "-"), edit(2, 4, "2")])).toBe("1-2");
});

test.each([
  ["crossing", [edit(0, 3, ""), edit(2, 4, "")]],
  ["the same", [edit(0, 3, "a"), edit(0, 3, "b")]],
  ["two insertions at one place", [edit(1, 1, "a"), edit(1, 1, "b")]],
  ["an insertion within", [edit(0, 3, "a"), edit(1, 1, "b")]],
  ["after the end", [edit(4, 7, "a")]],
  ["the wrong way round", [edit(3, 2, "a")]],
])("%s is one", (_, edits) => {
  expect(() => applyEdits("abcdef", edits)).toThrow(EditConflictError);
});

test("whether edits overlap does not depend on their order, and applying agrees", () => {
  const edits = fc
    .tuple(fc.nat(6), fc.nat(6), fc.nat(6), fc.nat(6))
    .map(
      ([a, b, c, d]) =>
        [edit(Math.min(a, b), Math.max(a, b), "x"), edit(Math.min(c, d), Math.max(c, d), "y")] as const,
    );
  const wrong: unknown[] = [];
  fc.assert(
    fc.property(edits, ([first, second]) => {
      const overlap = editsOverlap(first, second);
      let refused = false;
      try {
        applyEdits("abcdef", [first, second]);
      } catch {
        refused = true;
      }
      if (overlap !== editsOverlap(second, first) || overlap !== refused) wrong.push([first, second]);
    }),
  );
  expect(wrong).toEqual([]);
});
