import { describe, expect, it } from "vitest";
import { fit, widthOf } from "./screen-text.ts";

describe("widthOf", () => {
  it.each([
    ["abc", 3],
    ["漢字", 4],
    ["한글", 4],
    ["e\u0301", 1],
    ["का", 2],
    ["a\u200Bb", 2],
    ["✅ ok", 5],
    ["🚀", 2],
    ["🇩🇪", 2],
    ["…", 1],
  ])("%s takes %i columns", (text, columns) => {
    expect(widthOf(text)).toBe(columns);
  });
});

describe("fit", () => {
  it.each([
    ["✅ done", 7, "✅ done"],
    ["✅ done", 6, "✅ do…"],
    ["✅✅", 3, "✅…"],
    ["✅✅", 2, "…"],
    ["ab", 0, ""],
  ])("%s in %i columns", (text, columns, expected) => {
    expect(fit(text, columns)).toBe(expected);
  });
});
