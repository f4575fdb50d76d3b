import { expect, it } from "vitest";
import type { MeasuredLayer } from "../../engine/measurement.ts";
import { stackOf } from "./slabs.ts";

function layer(index: number, bytes: number, origin: MeasuredLayer["origin"] = "instruction"): MeasuredLayer {
  const digest = `sha256:${index}`;
  return { index, digest, bytes, added: 1, changed: 0, deleted: 0, origin, waste: [], largest: [] };
}

it("puts the topmost layer first, and the base image's apart", () => {
  const { own, base } = stackOf([layer(0, 10, "base"), layer(1, 20, "base"), layer(2, 5), layer(3, 0)]);
  expect(base.map(({ layers: [{ index }] }) => index)).toEqual([1, 0]);
  expect(own.map(({ layers: [{ index }] }) => index)).toEqual([3, 2]);
});

it("draws heights in proportion, and none too small to be read", () => {
  const { own } = stackOf([layer(0, 1), layer(1, 1000), layer(2, 3000)]);
  const [large, middle, small] = own.map(({ height }) => height);
  expect((large ?? 0) / (middle ?? 1)).toBeCloseTo(3, 1);
  expect(small).toBeGreaterThan(20);
});

it("joins light neighbours when there are many layers, and loses none", () => {
  const layers = Array.from({ length: 200 }, (_, at) => layer(at, at % 5 === 0 ? 1_000_000 + at : at));
  const { own } = stackOf(layers);
  expect(own.length).toBeLessThan(90);
  expect(own.flatMap((slab) => slab.layers).length).toBe(200);
  expect(own.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(
    layers.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  expect(own.some((slab) => slab.layers.length > 1)).toBe(true);
});

it("counts the waste of a layer", () => {
  const wasting = {
    ...layer(0, 100),
    waste: [{ kind: "deleted" as const, bytes: 60, files: 1, largest: [] }],
  };
  expect(stackOf([wasting]).own).toMatchObject([{ bytes: 100, wasted: 60 }]);
});
