import { expect, it } from "vitest";
import { isDate } from "./date.ts";

it.each([
  ["2027-01-31", true],
  ["2028-02-29", true],
  ["2027-02-29", false],
  ["2027-13-01", false],
  ["2027-00-10", false],
  ["2027-04-31", false],
  ["2027-1-31", false],
  ["tomorrow", false],
  ["", false],
])("%s: %s", (text, expected) => {
  expect(isDate(text)).toBe(expected);
});
