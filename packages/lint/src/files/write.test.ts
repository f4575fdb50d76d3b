import { chmodSync, linkSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { lstatSync, readlinkSync, writeFileSync } from "node:fs";
import { tempDir } from "test-support/temp-dir";
import { expect, it } from "vitest";
import { writeText } from "./write.ts";

it("keeps links and modes, and leaves nothing beside the file", async () => {
  await using folder = await tempDir();
  mkdirSync(folder.join("real"));
  writeFileSync(folder.join("real/file"), "old");
  chmodSync(folder.join("real/file"), 0o751);
  symlinkSync("real/file", folder.join("link"));
  writeText(folder.join("link"), "new", "old");
  expect(readlinkSync(folder.join("link"))).toBe("real/file");
  expect(readFileSync(folder.join("real/file"), "utf8")).toBe("new");
  expect(statSync(folder.join("real/file")).mode & 0o7777).toBe(0o751);
  expect([readdirSync(folder.path).sort(), readdirSync(folder.join("real"))]).toEqual([
    ["link", "real"],
    ["file"],
  ]);
});

it("replaces the file as a whole, but writes into one that has other names", async () => {
  await using folder = await tempDir();
  const path = folder.join("file");
  writeFileSync(path, "old");
  const { ino } = statSync(path);
  writeText(path, "new", "old");
  expect(statSync(path).ino).not.toBe(ino);
  linkSync(path, folder.join("other"));
  writeText(path, "newer", "new");
  expect(readFileSync(folder.join("other"), "utf8")).toBe("newer");
});

it("makes a file that is not there", async () => {
  await using folder = await tempDir();
  writeText(folder.join(".dockerignore"), ".git\n", undefined);
  expect(readFileSync(folder.join(".dockerignore"), "utf8")).toBe(".git\n");
});

it("writes nothing over what somebody else wrote meanwhile", async () => {
  await using folder = await tempDir();
  const path = folder.join("file");
  writeFileSync(path, "saved by an editor");
  expect(() => writeText(path, "new", "old")).toThrow(/file: changed while it was being fixed, so nothing/);
  expect(() => writeText(path, "new", undefined)).toThrow(/changed while/);
  expect(readFileSync(path, "utf8")).toBe("saved by an editor");
});

it("refuses what is no file", async () => {
  await using folder = await tempDir();
  expect(() => writeText(folder.path, "new", "")).toThrow(/cannot be written: it is no regular file\.$/);
  expect(lstatSync(folder.path).isDirectory()).toBe(true);
});
