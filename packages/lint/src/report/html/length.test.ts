import { expect, it } from "vitest";
import { length } from "./length.ts";

it("is a number whatever it came from", () => {
  expect(length(Number.NaN)).toBe("0");
  expect(length(1 / 3)).toBe("0.33");
});
