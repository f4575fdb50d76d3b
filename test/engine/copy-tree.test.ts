import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, mkdir, open, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { ContextError, Docker, type Container } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { hostileTree } from "test-support/hostile-tree";
import { removedAfter } from "test-support/removed-after";
import { tempDir } from "test-support/temp-dir";

const MiB = 1024 * 1024;
const docker = new Docker({ host: engine.host, credentials: {} });

async function created(): Promise<Container & AsyncDisposable> {
  return removedAfter(
    await docker.containers.create({ Image: engine.image, Labels: { [label]: "copy-tree" } }),
  );
}

const run = promisify(execFile);

/** What a copy must keep of every path below a folder, as GNU find tells it: names are bytes. */
async function treeOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const format = String.raw`%y\t%m\t%Ts\t%s\t%l\t%i\t%P\0`;
  const options = { encoding: "latin1", maxBuffer: 64 * MiB } as const;
  const { stdout } = await run("find", [folder, "-mindepth", "1", "-printf", format], options);
  const sums = await run("sh", ["-c", 'cd "$0" && find . -type f -exec sha256sum -z {} +', folder], options);
  const contents = new Map(sums.stdout.split("\0").map((line) => [line.slice(68), line.slice(0, 64)]));
  const tree = new Map<string, string>();
  const names = new Map<string, string[]>();
  for (const record of stdout.split("\0").filter((text) => text !== "")) {
    const [type = "", mode = "", seconds = "", size = "", link = "", inode = "", path = ""] =
      record.split("\t");
    tree.set(path, [type, mode, seconds, type === "d" ? "" : size, link, contents.get(path) ?? ""].join(" "));
    names.set(inode, [...(names.get(inode) ?? []), path].toSorted());
  }
  for (const paths of names.values()) {
    if (paths.length > 1)
      for (const path of paths) tree.set(path, `${tree.get(path)} = ${paths.join(" = ")}`);
  }
  return new Map([...tree].toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Copies in and out again in a process of its own; the most memory that it held, in bytes. */
async function copyElsewhere(box: Container, path: string, name: string, back: string): Promise<number> {
  const program = fileURLToPath(new URL("./copy-memory-program.ts", import.meta.url));
  const flags = ["--import", "tsx", "-C", "source"];
  const { stdout } = await run(process.execPath, [...flags, program, engine.host, box.id, path, name, back]);
  return (JSON.parse(stdout) as { rss: number }).rss;
}

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

  test("a tree of 20,000 files", async () => {
    await using folder = await tempDir();
    for (let i = 0; i < 200; i++) {
      const sub = folder.join("tree", `folder ${i % 20}`, `${i}`);
      await mkdir(sub, { recursive: true });
      await Promise.all(
        Array.from({ length: 100 }, (_, j) => writeFile(join(sub, `${j}`), `file ${i} ${j}`)),
      );
    }
    await using box = await created();
    expect(await copyElsewhere(box, folder.join("tree"), "tree", folder.join("back"))).toBeLessThan(
      250 * MiB,
    );
    const before = await treeOf(folder.join("tree"));
    expect(before.size).toBe(20_000 + 200 + 20);
    expect(await treeOf(folder.join("back/tree"))).toEqual(before);
  });

  test("a sparse file of 1 GiB, as a sparse file, in little memory", async () => {
    await using folder = await tempDir();
    const file = await open(folder.join("sparse"), "w");
    await file.write("begin", 0);
    await file.write("middle", 700 * MiB + 1);
    await file.truncate(1024 * MiB);
    await file.close();
    await using box = await created();
    const rss = await copyElsewhere(box, folder.join("sparse"), "sparse", folder.join("back"));
    expect(rss).toBeLessThan(250 * MiB);
    const back = await stat(folder.join("back/sparse"));
    expect(back.size).toBe(1024 * MiB);
    expect(back.blocks * 512).toBeLessThan(16 * MiB);
    expect(await sha256(folder.join("back/sparse"))).toBe(await sha256(folder.join("sparse")));
    expect((await box.stat("/sparse")).size).toBe(1024 * MiB);
  });

  test("a file of 300 MiB in little memory", async () => {
    await using folder = await tempDir();
    await run("sh", ["-c", 'head -c 314572800 /dev/urandom > "$0"', folder.join("large")]);
    await using box = await created();
    const rss = await copyElsewhere(box, folder.join("large"), "large", folder.join("back"));
    expect(rss).toBeLessThan(250 * MiB);
    expect(await sha256(folder.join("back/large"))).toBe(await sha256(folder.join("large")));
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
