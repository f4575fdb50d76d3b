import { expect, test } from "vitest";
import { tempDir } from "test-support/temp-dir";
import type { BuildContext } from "../build-context/build-context.ts";
import { prepareInput } from "./build-input.ts";

test("a folder is no Dockerfile, and is not sent as one", async () => {
  await using folder = await tempDir();
  const { signal } = new AbortController();
  const contexts: readonly BuildContext[] = ["none", folder.path, { files: { a: "" } }];
  for (const context of contexts) {
    const preparing = prepareInput({ context, dockerfile: folder.path, signal });
    await expect(preparing).rejects.toMatchObject({
      name: "ContextError",
      path: folder.path,
      message: `Cannot read ${folder.path}: it is a folder.`,
    });
  }
});
