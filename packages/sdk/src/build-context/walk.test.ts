import { chmod, link, mkdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { hostileTree } from "test-support/hostile-tree";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { ContextError } from "../errors.ts";
import { parseDockerignore, type ContextBuilder } from "./dockerignore.ts";
import { walkContext, walkTree, type WalkOptions } from "./walk.ts";

async function treeOf(...paths: string[]): Promise<TempDir> {
  const folder = await tempDir();
  for (const path of paths) {
    await mkdir(dirname(folder.join(path)), { recursive: true });
    await writeFile(folder.join(path), path);
  }
  return folder;
}

function paths(folder: { readonly path: string }, ignore: string, options?: WalkOptions): string[] {
  return [...walkContext(folder.path, parseDockerignore(ignore), options)]
    .filter((entry) => entry !== undefined)
    .map(({ path, type }) => (type === "folder" ? `${path}/` : path));
}

describe("walkContext", () => {
  it("goes through folders before what sorts behind them", async () => {
    await using folder = await treeOf("b", "a/x", "a.md", "a-z", "B", "\ue000", "\u{1f600}");
    expect(paths(folder, "")).toEqual(["B", "a/", "a/x", "a-z", "a.md", "b", "\ue000", "\u{1f600}"]);
  });

  it.each<[ContextBuilder, string[]]>([
    ["classic", ["b/", "b/c/", "b/c/d.md", "e.md"]],
    ["buildkit", ["a/", "a/b/", "a/b/c.md", "b/", "b/c/", "b/c/d.md", "e.md"]],
  ])("finds exceptions below ignored folders as %s does", async (builder, expected) => {
    await using folder = await treeOf("a/b/c.md", "a/b/c.txt", "b/c/d.md", "e.md");
    expect(paths(folder, "a\n!**/*.md\n", { builder })).toEqual(expected);
  });

  it("keeps single files of ignored folders", async () => {
    await using folder = await treeOf("a/b/Dockerfile", "a/b/other", "c");
    expect(paths(folder, "*\n", { keep: new Set(["a/b/Dockerfile"]) })).toEqual(["a/b/Dockerfile"]);
  });

  it("links the second name of a file to the first that is sent", async () => {
    await using tree = await hostileTree();
    const links = [...walkContext(tree.path, parseDockerignore("sub/a\n"))].filter(
      (entry) => entry?.type === "link",
    );
    expect(links.map((entry) => [entry?.path, entry?.linkTarget])).toEqual([
      ["linked-link", "good-link"],
      ["zz-far-link", "sub/b"],
    ]);
  });

  it("names a folder that vanishes", async () => {
    await using folder = await treeOf("a/x", "b/y");
    const walk = walkContext(folder.path, parseDockerignore(""));
    expect(walk.next().value?.path).toBe("a");
    await rm(folder.join("b"), { recursive: true });
    expect(() => [...walk]).toThrow(ContextError);
  });

  it("notices a folder that becomes a file", async () => {
    await using folder = await treeOf("a/x", "b/y");
    const walk = walkContext(folder.path, parseDockerignore(""));
    expect(walk.next().value?.path).toBe("a");
    await rm(folder.join("b"), { recursive: true });
    await writeFile(folder.join("b"), "");
    expect(() => [...walk]).toThrow(/b: it was replaced/);
  });

  it("names a folder that may not be read", async () => {
    await using folder = await treeOf("a", "closed/x");
    await chmod(folder.path, 0o755);
    await chmod(folder.join("closed"), 0);
    // Permissions do not hold root back.
    const isRoot = process.getuid?.() === 0;
    try {
      if (isRoot) process.seteuid?.(65_534);
      expect(() => paths(folder, "")).toThrow(
        `Cannot send ${folder.join("closed")}: no permission to read it`,
      );
      expect(paths(folder, "closed")).toEqual(["a"]);
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(folder.join("closed"), 0o755);
    }
  });
});

describe("walkTree", () => {
  it("gives a folder and all that is in it another name, and tells the owners", async () => {
    await using folder = await treeOf("a/x", "b", ".dockerignore");
    await writeFile(folder.join(".dockerignore"), "*");
    await link(folder.join("b"), folder.join("c"));
    const { uid, gid } = await stat(folder.path);
    const entries = [...walkTree(folder.path, "other")].filter((entry) => entry !== undefined);
    expect(entries.map(({ path, type, linkTarget }) => [path, type, linkTarget])).toEqual([
      ["other", "folder", undefined],
      ["other/.dockerignore", "file", undefined],
      ["other/a", "folder", undefined],
      ["other/a/x", "file", undefined],
      ["other/b", "file", undefined],
      ["other/c", "link", "other/b"],
    ]);
    for (const { owner } of entries) expect(owner).toEqual({ uid, gid });
  });

  it("takes a single file, and a link as a link", async () => {
    await using folder = await treeOf("file");
    await symlink("file", folder.join("link"));
    for (const [name, type] of [
      ["file", "file"],
      ["link", "symlink"],
    ] as const) {
      expect([...walkTree(folder.join(name), name)]).toMatchObject([{ path: name, type }]);
    }
  });
});
