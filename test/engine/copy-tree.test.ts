import { execFile } from "node:child_process";
import { chmod, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { ContextError, Docker, type Container } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { hostileTree } from "test-support/hostile-tree";
import { removedAfter } from "test-support/removed-after";
import { tempDir } from "test-support/temp-dir";
import { treeOf } from "./tree-of.ts";

const docker = new Docker({ host: engine.host, credentials: {} });

async function created(): Promise<Container & AsyncDisposable> {
  return removedAfter(
    await docker.containers.create({ Image: engine.image, Labels: { [label]: "copy-tree" } }),
  );
}

const run = promisify(execFile);

describe("comes back as it went", () => {
  test.each([0o022, 0o077])("a tree of all that is hard to copy, under umask %o", async (umask) => {
    await using tree = await hostileTree();
    await using folder = await tempDir();
    await using box = await created();
    for (const device of ["null", "loop0"]) await rm(join(tree.path, device), { force: true });
    const before = process.umask(umask);
    try {
      await box.copyIn(tree.path, "/");
      const name = tree.path.split("/").at(-1) ?? "";
      await box.copyOut(`/${name}`, folder.join("back"));
      const expected = new Map(await treeOf(tree.path));
      for (const [path, facts] of expected) {
        if (facts.startsWith("s ")) expected.delete(path); // an open socket
        // The engine's times begin with 1970.
        else expected.set(path, facts.replace(/^(\w+ \w+) -\d+ /, "$1 0 "));
      }
      const found = await treeOf(folder.join("back", name));
      expect([...found.keys()]).toEqual([...expected.keys()]);
      for (const [path, facts] of expected) expect([path, found.get(path)]).toEqual([path, facts]);
      expect((await stat(folder.join("back", name))).mode).toBe((await stat(tree.path)).mode);
    } finally {
      process.umask(before);
    }
  });
});

test("what is there gives way to what is copied: files and links, not folders, and nothing behind links", async () => {
  await using folder = await tempDir();
  await mkdir(folder.join("tree/sub"), { recursive: true });
  await writeFile(folder.join("tree/sub/file"), "new");
  await writeFile(folder.join("tree/other"), "new");
  await using box = await created();
  await box.copyIn(folder.join("tree"), "/");

  const back = folder.join("back/tree");
  await mkdir(folder.join("elsewhere"), { recursive: true });
  await writeFile(folder.join("kept"), "kept");
  await mkdir(back, { recursive: true });
  await run("sh", ["-c", 'ln -s ../../elsewhere "$0/sub"; ln "$0/../../kept" "$0/other"', back]);
  await box.copyOut("/tree", folder.join("back"));
  expect(await treeOf(back)).toEqual(await treeOf(folder.join("tree")));
  expect(await readdir(folder.join("elsewhere"))).toEqual([]);
  expect((await run("cat", [folder.join("kept")])).stdout).toBe("kept");

  await rm(join(back, "other"));
  await mkdir(join(back, "other"));
  await expect(box.copyOut("/tree", folder.join("back"))).rejects.toThrow(
    `Cannot copy "tree/other" into ${folder.join("back")}: it is no folder, and a folder is there.`,
  );
});

test("a folder that nobody may write into is filled nevertheless", async () => {
  await using folder = await tempDir();
  await mkdir(folder.join("tree/sub"), { recursive: true });
  await writeFile(folder.join("tree/sub/file"), "x", { mode: 0o400 });
  await chmod(folder.join("tree/sub"), 0o555);
  await using box = await created();
  await box.copyIn(folder.join("tree"), "/");
  await box.copyOut("/tree", folder.join("back"));
  await box.copyOut("/tree", folder.join("back"));
  expect(await treeOf(folder.join("back/tree"))).toEqual(await treeOf(folder.join("tree")));
});

test("where it cannot be written is told with the file and the reason", async () => {
  await using folder = await tempDir();
  await using box = await created();
  await writeFile(folder.join("file"), "");
  for (const target of [folder.join("file"), folder.join("file/below"), "/dev/null"]) {
    const error = await box.copyOut("/etc/passwd", target).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ContextError);
    expect(String(error)).toMatch(
      /^ContextError: Cannot copy \/etc\/passwd of the container into .*: E[A-Z]+/,
    );
    expect(error).toMatchObject({ operation: "ContainerArchive", cause: expect.any(Error) as Error });
  }
});

test("a device is no file to be made here, and a socket none to be sent", async () => {
  await using folder = await tempDir();
  await using box = await created();
  await run("mknod", [folder.join("null"), "c", "1", "3"]);
  await box.copyIn(folder.join("null"), "/");
  const error = await box.copyOut("/null", folder.join("back")).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ContextError);
  expect(String(error)).toContain('Cannot copy "null" into ');
  expect(await readdir(folder.join("back"))).toEqual([]);
});
