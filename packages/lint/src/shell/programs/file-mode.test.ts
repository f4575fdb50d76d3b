import { expect, it } from "vitest";
import { isWorldWritable } from "./file-mode.ts";

it.each([
  ["777", true],
  ["0777", true],
  ["666", true],
  ["2", true],
  ["757", true],
  ["0002", true],
  ["1777", false],
  ["01777", false],
  ["775", false],
  ["755", false],
  ["4755", false],
  ["a+w", true],
  ["o+w", true],
  ["ugo+rwX", true],
  ["go=rw", true],
  ["a=rwx", true],
  ["u=rwx,go=rwx", true],
  ["a+rwxt", false],
  ["o+w,+t", false],
  ["+w", false],
  ["g+w", false],
  ["g=u", false],
  ["o-w", false],
  ["a-w", false],
  ["u+w,o-rwx", false],
  ["a+r-w", false],
  ["+x", false],
  ["file", false],
])("%s: %s", (mode, expected) => {
  expect(isWorldWritable(mode)).toBe(expected);
});
