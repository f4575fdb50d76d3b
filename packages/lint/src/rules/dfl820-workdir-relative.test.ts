import { expect, it } from "vitest";
import { Linter } from "../linter/linter.ts";
import { rule } from "./dfl820-workdir-relative.ts";

const buildkit = new Linter([rule], { preset: "buildkit" });

/** Whether BuildKit takes such a path for relative, after an ARG for the architecture. */
function isRelative(path: string): boolean {
  const { diagnostics, failedRules } = buildkit.lint({ text: `FROM a\nARG TARGETARCH\nWORKDIR ${path}\n` });
  expect(failedRules).toEqual([]);
  return diagnostics.length > 0;
}

it.each([
  ["app/$TARGETARCH", true],
  ['"app$TARGETARCH"', true],
  ["$TARGETARCH", true],
  ["$(echo $PATH)", true],
  ["$NOTHING", true],
  ["/$TARGETARCH", false],
  ['"/app$TARGETARCH"', false],
  ["${TARGETARCH:+/a}/b", false],
  ["${NOTHING:-/a}/b", false],
  ["$PATH", false],
])("WORKDIR %s: %s", (path, expected) => {
  expect(isRelative(path)).toBe(expected);
});
