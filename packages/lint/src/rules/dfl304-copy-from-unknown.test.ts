import { expect, it } from "vitest";
import { lint } from "../index.ts";

function placesOf(text: string, namedContexts: readonly string[]): string[] {
  const { diagnostics } = lint({ text, only: ["DFL304"], namedContexts });
  return diagnostics.map(({ span }) => text.slice(span.start, span.end));
}

it("knows the contexts that the build gives, which win over stages", () => {
  const text =
    "FROM alpine:3.20 AS builder\nFROM alpine:3.20\nCOPY --from=buildr /a /a\nCOPY --from=later /b /b\nFROM alpine:3.20 AS later\n";
  expect(placesOf(text, [])).toEqual(["buildr", "later"]);
  expect(placesOf(text, ["buildr", "later"])).toEqual([]);
  expect(placesOf(text, ["other"])).toEqual(["buildr", "later"]);
});
