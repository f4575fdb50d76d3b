import { expect, test } from "vitest";
import { fuzzLint } from "./lint.ts";

test("2,000 texts of every kind are linted and fixed without harm", () => {
  expect(fuzzLint({ runs: 2000, seed: Math.trunc(Math.random() * 2 ** 31) })).toBeUndefined();
});
