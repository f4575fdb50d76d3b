import fc from "fast-check";
import { expect, it } from "vitest";
import { countBefore } from "./count-before.ts";

it("counts what stands before a place, and looks at few items", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), fc.integer({ min: -1, max: 51 }), (numbers, limit) => {
      const sorted = numbers.toSorted((left, right) => left - right);
      let looks = 0;
      const count = countBefore(sorted, (number) => {
        looks += 1;
        return number < limit;
      });
      expect(count).toBe(numbers.filter((number) => number < limit).length);
      expect(looks).toBeLessThanOrEqual(Math.log2(numbers.length + 1) + 1);
    }),
  );
});
