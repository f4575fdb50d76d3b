import { expect, it } from "vitest";
import { offsetsOf } from "./offsets.ts";

it("counts characters, not units of UTF-16, and stays in the text", () => {
  const text = "a🐳b\n\tcd";
  const offsets = offsetsOf(text);
  expect(text.slice(offsets.at(1, 3))).toBe("b\n\tcd");
  expect(text.slice(offsets.at(2, 1))).toBe("\tcd");
  expect(text.slice(offsets.at(2, 2), offsets.at(2, 3))).toBe("c");
  expect(offsets.at(2, 99)).toBe(text.length);
  expect(offsets.at(9, 1)).toBe(text.length);
});
