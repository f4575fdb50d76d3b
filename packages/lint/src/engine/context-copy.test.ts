/** Copying build contexts on a real disk. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { tempDir } from "test-support/temp-dir";
import { afterEach, expect, test, vi } from "vitest";
import { copyContext } from "./context-copy.ts";

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
