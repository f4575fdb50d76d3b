import { describe, expect, it } from "vitest";
import { firstComment } from "./comments.ts";

describe("the first comment of shell code", () => {
  it.each([
    ["a # b", "# b"],
    ["# b", "# b"],
    ["a;# b", "# b"],
    ["a && # b c", "# b c"],
    ["(a) # b", "# b"],
    ["a $(b # c) d", "# c) d"],
    ["a # b\nc # d", "# b"],
    ['a "$(b)" # c', "# c"],
    ["a `# in backticks` b", undefined],
    ["a#b", undefined],
    ["a \\# b", undefined],
    ["a '# b'", undefined],
    ['a "# b"', undefined],
    ['a "\\"# b"', undefined],
    ["a ${#b} ${c#d} ${e:-# f}", undefined],
    ["[ $# -gt 0 ]", undefined],
    ["a 'b", undefined],
    ["echo $((16#ff))", undefined],
  ])("%j: %j", (text, expected) => {
    const comment = firstComment(text);
    expect(comment && text.slice(comment.start, comment.end)).toBe(expected);
  });
});
