import { expect, test } from "vitest";
import { encodeRegistryAuth, encodeRegistryConfig } from "./registry-auth.ts";

function decode(header: string): unknown {
  // As Go's base64.URLEncoding does, which wants the padding.
  expect(header).toMatch(/^[A-Za-z0-9_-]*={0,2}$/);
  expect(header.length % 4).toBe(0);
  return JSON.parse(Buffer.from(header, "base64url").toString());
}

test("nobody is an empty object", () => {
  expect(decode(encodeRegistryAuth("docker.io", undefined))).toEqual({});
});

test.each(["", "a", "ab", "abc", "ünï/+?~ÿ"])("password %j survives", (password) => {
  const auth = { username: "me", password };
  expect(decode(encodeRegistryAuth("ghcr.io", auth))).toEqual({ ...auth, serveraddress: "ghcr.io" });
});

test("Docker Hub has its old name, and an address that was given stays", () => {
  expect(decode(encodeRegistryAuth("docker.io", { identitytoken: "t" }))).toEqual({
    identitytoken: "t",
    serveraddress: "https://index.docker.io/v1/",
  });
  expect(decode(encodeRegistryAuth("a.example", { serveraddress: "b.example" }))).toEqual({
    serveraddress: "b.example",
  });
});

test("a build gets them all, by registry", () => {
  expect(
    decode(encodeRegistryConfig({ "docker.io": { username: "a" }, "r.example:5": { username: "b" } })),
  ).toEqual({
    "https://index.docker.io/v1/": { username: "a", serveraddress: "https://index.docker.io/v1/" },
    "r.example:5": { username: "b", serveraddress: "r.example:5" },
  });
});
