import { symlinkSync, writeFileSync } from "node:fs";
import { tempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { decode, readDockerfile } from "./read.ts";

describe("decode", () => {
  it("takes UTF-8, and keeps bytes that are none as BuildKit does", () => {
    expect(decode(Buffer.from("FROM ü\n"))).toEqual({ text: "FROM ü\n" });
    expect(decode(Buffer.from([0x23, 0xff, 0x0a]))).toEqual({ text: "#\ufffd\n", isLossy: true });
    expect(decode(Buffer.alloc(0))).toEqual({ text: "" });
  });

  it.each([
    ["UTF-16 with a mark", Buffer.from("\ufeffFROM x\n", "utf16le"), /UTF-16/],
    ["UTF-16 without one", Buffer.from("FROM alpine:3.20\n", "utf16le"), /looks like UTF-16/],
    ["UTF-16 from the other end", Buffer.from("FROM alpine:3.20\n", "utf16le").swap16(), /looks like UTF-16/],
    [
      "a program",
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0x02, 0x00, 0x01]),
      /binary \(a zero byte at offset 5\)/,
    ],
  ])("tells %s", (_, bytes, message) => {
    expect(decode(bytes).defect).toMatch(message);
    expect(decode(bytes).text).toBe("");
  });
});

describe("readDockerfile", () => {
  it("says in a sentence why a file cannot be read", async () => {
    await using folder = await tempDir();
    symlinkSync("nowhere", folder.join("link"));
    writeFileSync(folder.join("file"), "");
    expect(() => readDockerfile(folder.path)).toThrow(/: cannot be read: it is a folder\.$/);
    expect(() => readDockerfile(folder.join("missing"))).toThrow(/missing: cannot be read: no such file\.$/);
    expect(() => readDockerfile(folder.join("link"))).toThrow(/link: the symbolic link points at nothing\.$/);
    expect(() => readDockerfile(folder.join("file/below"))).toThrow(/a part of the path is not a folder\.$/);
  });
});
