import { expect, it } from "vitest";
import { matcherFor } from "./path-matcher.ts";

it("matches nothing by a pattern that cannot be read", () => {
  expect(matcherFor('[ENTRYPOINT ["/rails/bin/docker-entrypoint"]')("/rails/bin")).toBe(false);
  expect(matcherFor("/a/*.js")("/a/b.js")).toBe(true);
});
