import { expect, it } from "vitest";
import { Linter } from "../linter/linter.ts";
import { rule } from "./dfl701-undefined-variable.ts";

it("reads a dollar that a JSON array holds as an escape", () => {
  const text = 'FROM alpine:3.20\nCOPY ["\\u0024NAME", "/srv/"]\n';
  const found = new Linter([rule]).lint({ text }).diagnostics;
  expect(found.map(({ span }) => text.slice(span.start, span.end))).toEqual(["\\u0024NAME"]);
});
