import { expect, test } from "vitest";
import { toFilters } from "./filters.ts";

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
