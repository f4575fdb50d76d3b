import fc from "fast-check";
import { expect, it } from "vitest";
import { squarify, type Box } from "./squarify.ts";

const within: Box = { x: 3, y: 5, width: 640, height: 300 };

it("shares the area out by size, inside the box and without overlaps", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(sizes, (unsorted) => {
      const sorted = [...unsorted].sort((a, b) => b - a);
      const total = sorted.reduce((sum, size) => sum + size, 0);
      const boxes = squarify(sorted, within);
      expect(boxes).toHaveLength(sorted.length);
      for (const [at, { x, y, width, height }] of boxes.entries()) {
        expect(width * height).toBeCloseTo(((sorted[at] ?? 0) / total) * 640 * 300, 3);
        expect(x).toBeGreaterThan(within.x - 1e-6);
        expect(y).toBeGreaterThan(within.y - 1e-6);
        expect(x + width).toBeLessThan(within.x + within.width + 1e-6);
        expect(y + height).toBeLessThan(within.y + within.height + 1e-6);
        for (const other of boxes.slice(at + 1)) {
          const wide = Math.min(x + width, other.x + other.width) - Math.max(x, other.x);
          const tall = Math.min(y + height, other.y + other.height) - Math.max(y, other.y);
          expect(Math.min(wide, tall)).toBeLessThan(1e-6);
        }
      }
    }),
  );
});

it("makes equal sizes nearly square", () => {
  const boxes = squarify(
    Array.from({ length: 12 }, () => 1),
    { x: 0, y: 0, width: 400, height: 300 },
  );
  for (const { width, height } of boxes) expect(Math.max(width / height, height / width)).toBeLessThan(2);
});

it("gives nothing to what has no size", () => {
  const areas = (sizes: readonly number[], box: Box): number[] =>
    squarify(sizes, box).map(({ width, height }) => width * height);
  expect(areas([4, 0, 0], within)).toEqual([640 * 300, 0, 0]);
  expect(areas([0, 0], within)).toEqual([0, 0]);
  expect(areas([1, 2], { ...within, width: 0 })).toEqual([0, 0]);
  expect(squarify([], within)).toEqual([]);
});
