import { expect, it } from "vitest";
import { matchesWildcards } from "./wildcards.ts";

it.each([
  ["ghcr.io", "ghcr.io", true],
  ["ghcr.io", "ghcr.io.example.org", false],
  ["*", "", true],
  ["*.example.org", "a.b.example.org", true],
  ["*.example.org", "example.org", false],
  ["a*a", "a", false],
  ["a*a", "aa", true],
  ["a*b*c", "a-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["a**c", "abc", true],
])("%s, %s: %s", (pattern, text, expected) => {
  expect(matchesWildcards(pattern, text)).toBe(expected);
});
