/** Copying build contexts on a real disk. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from "node:fs";
import { tempDir } from "test-support/temp-dir";
import { afterEach, expect, test, vi } from "vitest";
import { copyContext, touch } from "./context-copy.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test.skipIf(process.platform === "win32")(
  "a context that cannot be copied is told as such, and leaves no copy",
  async () => {
    await using folder = await tempDir();
    const context = folder.join("context");
    const copies = folder.join("copies");
    for (const path of [context, copies]) mkdirSync(path);
    execFileSync("mkfifo", [folder.join("context/pipe")]);
    vi.stubEnv("TMPDIR", copies);
    await expect(copyContext(context, () => true)).rejects.toMatchObject({
      name: "ContextCopyError",
      message: expect.stringContaining(`The context ${context} cannot be copied`),
    });
    expect(readdirSync(copies)).toEqual([]);
  },
);

test("what a link leads to is never written to; links themselves change and lead there all the same", async () => {
  await using folder = await tempDir();
  const context = folder.join("context");
  for (const name of ["context", "context/own", "outside"]) mkdirSync(folder.join(name));
  writeFileSync(folder.join("outside/file"), "mine");
  symlinkSync("../outside/file", folder.join("context/link"));
  symlinkSync("../outside", folder.join("context/away"));
  symlinkSync("own", folder.join("context/within"));
  {
    await using _ = await touch(context, ["", "own", "link", "within/new/file", "own/made"]);
    expect(readlinkSync(folder.join("context/link"))).toMatch(/^(?:\.\/+)+\.\.\/outside\/file$/);
    expect(readFileSync(folder.join("context/link"), "utf8")).toBe("mine");
    expect(readdirSync(folder.join("context/own"))).toEqual(["made", "new"]);
  }
  expect(readlinkSync(folder.join("context/link"))).toBe("../outside/file");
  expect(readdirSync(folder.join("context/own"))).toEqual([]);
  for (const path of ["away/file", "away/new/file"]) {
    await expect(touch(context, [path])).rejects.toMatchObject({ name: "ContextCopyError" });
  }
  expect(readFileSync(folder.join("outside/file"), "utf8")).toBe("mine");
  expect(readdirSync(folder.join("outside"))).toEqual(["file"]);
});
