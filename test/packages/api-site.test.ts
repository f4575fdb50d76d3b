import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { tempDir } from "test-support/temp-dir";

const site = fileURLToPath(new URL("../../packages/site", import.meta.url));

test("the API site is built without a warning, and needs nothing but its folder", async () => {
  await using folder = await tempDir();
  const program = join(site, "node_modules/.bin/typedoc");
  // Warnings are errors to it: names that are told of and not exported, links that lead nowhere.
  await promisify(execFile)(program, ["--options", "typedoc.jsonc", "--out", folder.path], { cwd: site });
  expect(await readdir(join(folder.path, "classes"))).toEqual(
    expect.arrayContaining(["index.Docker.html", "index.Container.html", "index.UnsupportedError.html"]),
  );
  for (const page of ["index.html", "modules.html", "classes/index.Docker.html"]) {
    const text = await readFile(join(folder.path, page), "utf8");
    const loaded = [...text.matchAll(/<(?:script|link|img)[^>]+(?:src|href)="([^"]+)"/g)].map(
      ([, address]) => address,
    );
    expect(loaded.length).toBeGreaterThan(3);
    // Opened from disk there is no host to be absolute to.
    expect(loaded.filter((address) => /^(?:\/|\w+:)/.test(address ?? ""))).toEqual([]);
    expect(text).not.toContain('type="module"');
  }
  expect(await readFile(join(folder.path, "index.html"), "utf8")).toContain("What is where");
});
