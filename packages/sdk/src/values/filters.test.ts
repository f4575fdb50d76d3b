import { expect, test } from "vitest";
import { toFilters } from "./filters.ts";

test.each(["label=a", ["label=a"], null])("%o has no names to filter by", (filters) => {
  const convert = (): unknown => toFilters(filters as object); // as in plain JavaScript
  expect(convert).toThrow(TypeError);
  expect(convert).toThrow('Argument "options" of toFilters() must be an object such as { label: "a=b" }');
});

test("a value that is no text, number or boolean is not made text of", () => {
  const filters: object = { label: [{ a: "b" }] };
  expect(() => toFilters(filters)).toThrow(
    '"options.label" of toFilters() must be text, a number, true or false',
  );
});

test("a single value becomes a list of text, a list stays", () => {
  expect(toFilters({ label: "a=b", dangling: true, stars: 3, status: ["exited", "dead"], none: [] })).toEqual(
    {
      label: ["a=b"],
      dangling: ["true"],
      stars: ["3"],
      status: ["exited", "dead"],
      none: [],
    },
  );
});
