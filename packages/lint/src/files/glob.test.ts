import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGlob, compilePathPattern } from "./glob.ts";
import { globBase, isGlob } from "./path-patterns.ts";

describe("compileGlob", () => {
  it.each([
    ["*.Dockerfile", "a.Dockerfile", true],
    ["*.Dockerfile", "b/a.Dockerfile", false],
    ["**/Dockerfile", "Dockerfile", true],
    ["**/Dockerfile", "a/b/Dockerfile", true],
    ["a/**", "a/b/c", true],
    ["a/", "a/b", true],
    ["a/**/c", "a/c", true],
    ["a?c", "abc", true],
    ["a?c", "a/c", false],
    ["[ab]x", "bx", true],
    ["[!ab]x", "bx", false],
    ["{a,b}/x.{y,z}", "b/x.z", true],
    ["{a,b}", "c", false],
    ["a.b", "aXb", false],
    ["a(b", "a(b", true],
    ["a(b)*", "a(b)c", true],
    ["a|b*", "a|bc", true],
    ["a+*", "aab", false],
    ["@(a|b)*", "ac", false],
    ["{a,{b,c}}/x", "c/x", true],
    ["{a", "{a", true],
    ["a{b*", "a{bc", true],
    ["[]", "[]", true],
    ["[z-a]", "[z-a]", true],
    ["[z-a]", "z", false],
    ["[!a]", "/", false],
    ["!x", "!x", true],
    ["!x", "y", false],
    ["\\*", "*", true],
    ["\\*", "a", false],
    ["*", ".a", true],
    ["a/**", "a", false],
    ["a/", "a", false],
    ["**/*.x", "a\nb/c.x", true],
    ["../**/x", "../a/b/x", true],
    ["", "a", false],
    ["[", "[", true],
    ["{", "{", true],
  ])("%s on %s is %s", (glob, path, expected) => {
    expect(compileGlob(glob)(path)).toBe(expected);
  });

  it("makes something of any text", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab/\\[\]{}()!^,.*?:@+|-]*$/), (text) => {
        expect(compileGlob(text)("a/b")).toBeTypeOf("boolean");
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["a".repeat(100_000), `${"{a,".repeat(20_000)}${"}".repeat(20_000)}`, "[".repeat(4000)])(
    "stands long texts (%#)",
    (text) => {
      expect(compileGlob(text)("a")).toBe(false);
    },
  );
});

describe("compilePathPattern", () => {
  it.each([
    ["Dockerfile", "a/b/Dockerfile", true],
    ["vendor/", "a/vendor/x/Dockerfile", true],
    ["/vendor", "vendor/Dockerfile", true],
    ["/a/vendor", "b/a/vendor/Dockerfile", false],
    ["./a/*.x", "a/b.x", true],
    ["a/b", "a/b/c/d", true],
    ["a/", "a", false],
    ["Dockerfile", "../b/Dockerfile", true],
    ["**/vendor/**", "../../vendor/a", true],
    ["b/Dockerfile", "../b/Dockerfile", false],
  ])("%s on %s is %s", (pattern, path, expected) => {
    expect(compilePathPattern(pattern)(path)).toBe(expected);
  });
});

describe("globBase", () => {
  it.each([
    ["a/b/*.x", "a/b"],
    ["*.x", ""],
    ["/*/x", "/"],
    ["a/b", "a"],
  ])("%s starts at %s", (glob, base) => {
    expect(globBase(glob)).toBe(base);
  });
  it("knows a plain path", () => {
    expect([isGlob("a/b"), isGlob("a/*")]).toEqual([false, true]);
  });
});
