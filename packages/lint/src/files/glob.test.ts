import { describe, expect, it } from "vitest";
import { compileGlob, compilePathPattern, globBase, isGlob } from "./glob.ts";

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
    ["[", "[", true],
    ["{", "{", true],
  ])("%s on %s is %s", (glob, path, expected) => {
    expect(compileGlob(glob).test(path)).toBe(expected);
  });
});

describe("compilePathPattern", () => {
  it.each([
    ["Dockerfile", "a/b/Dockerfile", true],
    ["vendor/", "a/vendor/x/Dockerfile", true],
    ["/vendor", "vendor/Dockerfile", true],
    ["/a/vendor", "b/a/vendor/Dockerfile", false],
    ["./a/*.x", "a/b.x", true],
    ["a/b", "a/b/c/d", true],
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
