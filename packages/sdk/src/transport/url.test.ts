import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeQuery, expandPath, toJsonText } from "./url.ts";

describe("expandPath", () => {
  it.each([
    ["web", "/containers/web/json"],
    ["a?b#c", "/containers/a%3Fb%23c/json"],
    ["a%2fb", "/containers/a%252fb/json"],
    ["a b\u0000\r\n", "/containers/a%20b%00%0D%0A/json"],
    ["große", "/containers/gro%C3%9Fe/json"],
    ["...", "/containers/.../json"],
    ["a..b", "/containers/a..b/json"],
    ["localhost:5000/team/app:1@sha256:ab", "/containers/localhost%3A5000/team/app%3A1%40sha256%3Aab/json"],
    ["{id}", "/containers/%7Bid%7D/json"],
    ["$&", "/containers/%24%26/json"],
  ])("writes %j as one argument", (id, path) => {
    expect(expandPath("/containers/{id}/json", { id })).toBe(path);
  });

  it.each(["", ".", "..", "../images/x", "a/../b", "a/..", "/", "/a", "a/", "a//b", "a/./b", "\uD800"])(
    "refuses %j, naming the argument",
    (id) => {
      expect(() => expandPath("/containers/{id}/json", { id })).toThrow(TypeError);
      expect(() => expandPath("/containers/{id}/json", { id })).toThrow(/"id"/);
    },
  );

  it("refuses a missing argument", () => {
    expect(() => expandPath("/containers/{id}/json", {})).toThrow('Argument "id" is missing.');
    const fromJavaScript = { id: null } as unknown as Record<string, string>; // what its callers may do
    expect(() => expandPath("/containers/{id}/json", fromJavaScript)).toThrow('Argument "id" is missing.');
  });

  it("keeps every value in the place of its argument", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (id) => {
        let path: string;
        try {
          path = expandPath("/containers/{id}/json", { id });
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        const { pathname, search, hash } = new URL(path, "http://docker");
        expect(pathname.startsWith("/containers/") && pathname.endsWith("/json")).toBe(true);
        expect(decodeURIComponent(pathname.slice("/containers/".length, -"/json".length))).toBe(id);
        expect(search + hash).toBe("");
      }),
    );
  });
});

describe("encodeQuery", () => {
  const rows = {
    all: {},
    t: { encode: "repeat" },
    filters: { encode: "json" },
    platform: { encode: "repeat-json" },
  } as const;

  it.each<[Parameters<typeof encodeQuery>[2], string]>([
    [{}, ""],
    [{ all: undefined }, ""],
    [{ all: true }, "?all=true"],
    [{ all: false }, "?all=false"],
    [{ all: 0 }, "?all=0"],
    [{ all: "" }, "?all="],
    [{ all: "a&b=c d+é%" }, "?all=a%26b%3Dc+d%2B%C3%A9%25"],
    [{ t: ["a", "b"] }, "?t=a&t=b"],
    [{ t: [] }, ""],
    [{ filters: { label: ["a=b"] } }, `?filters=${encodeURIComponent('{"label":["a=b"]}')}`],
    [{ filters: ["a"] }, `?filters=${encodeURIComponent('["a"]')}`],
    [{ filters: '{"raw":true}' }, `?filters=${encodeURIComponent('{"raw":true}')}`],
    [
      { platform: [{ os: "linux" }, { os: "b" }] },
      `?platform=${encodeURIComponent('{"os":"linux"}')}&platform=${encodeURIComponent('{"os":"b"}')}`,
    ],
  ])("writes %j", (values, text) => {
    expect(encodeQuery("ImageBuild", rows, values)).toBe(text);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -Number.POSITIVE_INFINITY])("refuses %d", (number) => {
    const refusal = (name: string): RangeError =>
      new RangeError(`Argument "${name}" must be a finite number: ${number}`);
    expect(() => encodeQuery("ImageBuild", rows, { all: number })).toThrow(refusal("all"));
    expect(() => encodeQuery("ImageBuild", rows, { t: [1, number] })).toThrow(refusal("t"));
    expect(() => encodeQuery("ImageBuild", rows, { platform: [{ Soft: number }] })).toThrow(refusal("Soft"));
    expect(() => toJsonText({ HostConfig: { NanoCpus: number } })).toThrow(refusal("NanoCpus"));
  });

  it("knows no other names", () => {
    expect(() => encodeQuery("ImageBuild", rows, { al: true })).toThrow(
      new TypeError('ImageBuild has no query parameter "al".'),
    );
    expect(() => encodeQuery("ImageBuild", rows, { toString: "x" })).toThrow(TypeError);
    expect(() => encodeQuery("ImageBuild", rows, { constructor: "x" })).toThrow(TypeError);
  });
});
