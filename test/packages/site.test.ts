import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const site = fileURLToPath(new URL("../../packages/site", import.meta.url));
const rules = fileURLToPath(new URL("../../packages/lint/docs/rules", import.meta.url));

describe("the site", () => {
  let folder: TempDir;
  const pages = new Map<string, string>();

  beforeAll(async () => {
    folder = await tempDir();
    const run = (program: string, ...args: readonly string[]): Promise<unknown> =>
      promisify(execFile)(join(site, "node_modules/.bin", program), args, { cwd: site });
    await run("tsx", "scripts/write-pages.ts");
    // Warnings are errors to it: names that are told of and not exported, links that lead nowhere.
    await run("typedoc", "--options", "typedoc.jsonc", "--out", folder.path);
    for (const name of await readdir(folder.path, { recursive: true })) {
      if (name.endsWith(".html")) pages.set(name, await readFile(folder.join(name), "utf8"));
    }
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it("has the API of both packages", () => {
    expect([...pages.keys()]).toEqual(
      expect.arrayContaining([
        "classes/docker-engine-sdk.index.Docker.html",
        "classes/docker-engine-sdk.index.Container.html",
        "classes/docker-engine-sdk.index.UnsupportedError.html",
        "functions/dflint.lint.html",
      ]),
    );
    expect(pages.get("modules/docker-engine-sdk.html")).toContain("What is where");
  });

  it("has a page for each rule, to be found by its code and what other linters call it", async () => {
    const codes = (await readdir(rules)).filter((name) => name.startsWith("dfl"));
    const documents = [...pages.keys()].filter((name) => name.startsWith("documents/Rules_of_dflint.DFL"));
    expect(documents).toHaveLength(codes.length);
    const index = pages.get("documents/Rules_of_dflint.html") ?? "";
    for (const name of documents)
      expect(index).toContain(`href="${encodeURI(name.slice("documents/".length))}`);
    const latest = documents.find((name) => name.includes("DFL202")) ?? "";
    expect(pages.get(latest)).toMatch(/<title>DFL202 base-latest \(DL3007\)/);
    expect(index).toContain("FromPlatformFlagConstDisallowed");
  });

  it("needs nothing but its folder", () => {
    for (const [name, text] of pages) {
      const loaded = [...text.matchAll(/<(?:script|link|img)[^>]+(?:src|href)="([^"]+)"/g)].map(
        ([, address]) => address,
      );
      expect(loaded.length).toBeGreaterThan(3);
      // Opened from disk there is no host to be absolute to.
      expect([name, loaded.filter((address) => /^(?:\/|\w+:)/.test(address ?? ""))]).toEqual([name, []]);
      expect(text).not.toContain('type="module"');
    }
  });

  it("has no dead link", () => {
    const dead: string[] = [];
    for (const [name, text] of pages) {
      for (const [, , target = ""] of text.matchAll(/\b(href|src)="([^"]*)"/g)) {
        if (/^(?:https?|mailto):/.test(target)) continue;
        const [path = "", anchor = ""] = target.replaceAll("&amp;", "&").split("#").map(decodeURIComponent);
        const file = path === "" ? name : join(dirname(name), path);
        const page = pages.get(file);
        const lost = page === undefined ? !existsSync(folder.join(file)) : !hasAnchor(page, anchor);
        if (lost) dead.push(`${name}: ${target}`);
      }
    }
    expect(dead).toEqual([]);
  });
});

function hasAnchor(page: string, anchor: string): boolean {
  return anchor === "" || page.includes(`id="${anchor}"`);
}
