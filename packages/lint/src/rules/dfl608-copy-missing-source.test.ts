import { describe, expect, it } from "vitest";
import { contextFacts } from "../linter/facts/context-facts.ts";
import { Linter } from "../linter/linter.ts";
import { rule } from "./dfl608-copy-missing-source.ts";

/** Lints a Dockerfile in `services/api` of a project with some files; paths are relative to the project. */
function missing(text: string, files: readonly string[]): string[] {
  const exists = (path: string): boolean => {
    const { pathname } = new URL(path, "file:///project/services/api/");
    return files.some(
      (file) => `/project/${file}` === pathname || `/project/${file}`.startsWith(`${pathname}/`),
    );
  };
  const context = contextFacts({ path: "services/api", ignoreFile: undefined, list: () => [], exists });
  const { diagnostics } = new Linter([rule]).lint({ text, context });
  return diagnostics.map(({ span }) => text.slice(span.start, span.end));
}

describe("a Dockerfile that lies below its context", () => {
  const text = "FROM node:20\nCOPY package.json yarn.lock ./\nCOPY services/api services/api\n";
  const above = ["package.json", "yarn.lock", "services/api/package.json"];

  it("is left alone where the top of the project holds all that it copies", () => {
    expect(missing(text, [...above, "compose.yaml"])).toEqual([]);
    expect(missing(text, [...above, ".git/HEAD"])).toEqual([]);
  });

  it("is reported where it does not", () => {
    expect(missing(text, ["package.json", "services/api/package.json"])).toEqual([
      "yarn.lock",
      "services/api",
    ]);
  });

  it("is not looked for above the repository", () => {
    const files = ["services/.git/HEAD", "services/api/package.json", "package.json", "yarn.lock"];
    expect(missing(text, files)).toEqual(["yarn.lock", "services/api"]);
  });
});
