import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGlob, compilePathPattern, globFault } from "./glob.ts";
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

  it.each([
    [`${"a*".repeat(30)}b`, "a".repeat(200), false],
    [`${"a*".repeat(30)}b`, `${"a".repeat(200)}b`, true],
    [`${"**/a/".repeat(40)}b`, `${"a/".repeat(80)}c`, false],
    [`${"**/a/".repeat(40)}b`, `${"a/".repeat(80)}b`, true],
    [`${"**/".repeat(400)}b`, `${"a/".repeat(80)}c`, false],
    [`${"*[ab]".repeat(30)}/{*a*b*c*d,x}`, `${"ab".repeat(60)}/_a_b_c_`, false],
    [`${"*[ab]".repeat(30)}/{*a*b*c*d,x}`, `${"ab".repeat(60)}/_a_b_c_d`, true],
    [
      `{${"*a".repeat(20)},${"*b".repeat(20)}}/${"?".repeat(30)}*.?`,
      `${"a".repeat(99)}/${"c".repeat(60)}.x`,
      true,
    ],
    [`${"{a,aa,*}".repeat(6)}b`, "a".repeat(200), false],
    ["{a*,b*}/**/c*/**/d*/**", "b1/c2/x/d/e", true],
    ["{a*,b*}/**/c*/**/d*/**", "b1/c2/x/d", false],
    ["*/*/*/*/.*", "a/b/c/d/.e", true],
    ["**/*/*/*\\**", "../a/b/c*", false],
    ["**/*/*/*\\**", "a/b/c*", true],
  ])("ends soon for the stars of %s (%#)", (glob, path, expected) => {
    expect(compileGlob(glob)(path)).toBe(expected);
  });

  it.each([
    ["*{1..3}", "a2", true],
    ["*{1..3}", "a4", false],
    ["*a*b*{1..3}", "ab2", true],
    ["*a*b*{1..3}", "ab4", false],
    ["*a*{b..d}*/**", "xacx/y", true],
    ["*a*{b..d}*/**", "xaex/y", false],
  ])("takes a range for one of its characters: %s on %s is %s", (glob, path, expected) => {
    expect(compileGlob(glob)(path)).toBe(expected);
  });

  it("means the same whatever the number of stars", () => {
    const pieces = ["a", "b", "*", "/", "**/", "?", "[ab]", "[!a]", "{a,b}", "{a..b}", "\\*"];
    const glob = fc
      .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 })
      .map((list) => list.join(""));
    const path = fc
      .array(fc.stringMatching(/^[ab*.]{1,3}$/), { minLength: 1, maxLength: 4 })
      .filter((parts) => parts.every((part) => !part.endsWith(".")))
      .map((parts) => parts.join("/"));
    fc.assert(
      fc.property(glob, path, (text, name) => {
        // Of stars that are no part of their own, and of folders without a name, nothing is promised.
        fc.pre(!/\/\/|^\/|\/$|\*{3}|\*\*(?!\/)|[^/]\*\*/.test(text));
        // What is put before it matches itself alone.
        const expected = compileGlob(text)(name);
        expect(compileGlob(`*x/*y/*z/*0/${text}`)(`x/y/z/0/${name}`)).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ["", "is empty"],
    ["{a,b}".repeat(12), "stands for more than 1000 patterns by its braces"],
    ["{a,".repeat(1000) + "}".repeat(1000), "stands for more than 1000 patterns by its braces"],
    ["a".repeat(5000), "is longer than 4096 characters, and no path is"],
    ["{a,b}".repeat(9), undefined],
    ["{".repeat(1000), undefined],
  ])("tells what is wrong with a glob (%#)", (glob, fault) => {
    expect(globFault(glob)).toBe(fault);
    if (fault !== undefined) expect(compileGlob(glob)("a")).toBe(false);
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
