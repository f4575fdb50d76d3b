import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tempDir } from "test-support/temp-dir";
import { expect, it } from "vitest";
import { FolderNames } from "./folder-names.ts";

it("says what the file system says, however often it is asked", async () => {
  await using folder = await tempDir();
  mkdirSync(folder.join("sub"));
  writeFileSync(folder.join("sub/file"), "");
  symlinkSync("file", folder.join("sub/link"));
  symlinkSync("nowhere", folder.join("sub/broken"));
  symlinkSync(".", folder.join("loop"));
  const paths = [
    "",
    "/",

    "/sub",
    "/sub/",
    "/sub/file",
    "/sub/file/",
    "/sub/file/x",
    "/sub/link",
    "/sub/broken",
  ];
  paths.push("/sub/none", "/none/none", "/loop", "/loop/loop/sub/link", `/${"x".repeat(300)}`, "/sub/a\0b");
  const names = new FolderNames();
  for (let time = 0; time < 6; time += 1) {
    for (const path of paths.map((one) => folder.path + one)) {
      expect({ time, path, exists: names.exists(path) }).toEqual({ time, path, exists: existsSync(path) });
    }
    expect(names.exists("/")).toBe(true);
  }
});

it("looks anew when it is told to forget", async () => {
  await using folder = await tempDir();
  const names = new FolderNames();
  for (let time = 0; time < 6; time += 1) expect(names.exists(folder.join("late"))).toBe(false);
  writeFileSync(folder.join("late"), "");
  names.forget();
  expect(names.exists(folder.join("late"))).toBe(true);
});
