import { expect, test } from "vitest";
import { toBytes } from "./size.ts";

test.each([
  [0, 0],
  [4096, 4096],
  ["0", 0],
  ["12", 12],
  ["12b", 12],
  ["1k", 1024],
  ["1K", 1024],
  ["512m", 512 * 1024 ** 2],
  ["512MB", 512 * 1024 ** 2],
  ["1.5GiB", 1.5 * 1024 ** 3],
  ["2 g", 2 * 1024 ** 3],
  ["1t", 1024 ** 4],
  ["1p", 1024 ** 5],
  ["0.3k", 307],
])("%j is %d bytes", (size, bytes) => {
  expect(toBytes("memory", size)).toBe(bytes);
});

test.each([
  "",
  "m",
  "1x",
  "-1",
  "1.",
  ".5g",
  "1bb",
  "1ib",
  "1 2",
  "1e3",
  "9999999p",
  -1,
  1.5,
  Number.NaN,
  Infinity,
])("%j is refused with the argument's name", (size) => {
  expect(() => toBytes("memory", size)).toThrow(RangeError);
  expect(() => toBytes("memory", size)).toThrow('"memory"');
});
