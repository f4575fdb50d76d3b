import { createHash, randomBytes } from "node:crypto";
import {
  chmod,
  link,
  lstat,
  mkdir,
  readFile,
  readdir,
  readlink,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { extract, pack, type Header } from "tar-stream";
import { ContextError, Docker, EngineGoneError, NotFoundError, type Container } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { startFakeEngine } from "test-support/fake-engine";
import { removedAfter } from "test-support/removed-after";
import { tempDir } from "test-support/temp-dir";

const docker = new Docker({ host: engine.host });
const { image } = engine;
const Labels = { [label]: "copy" };

async function created(
  options: Parameters<typeof docker.containers.create>[0] = {},
): Promise<Container & AsyncDisposable> {
  return removedAfter(await docker.containers.create({ Image: image, Labels, ...options }));
}

type Entry = Partial<Header> & { readonly name: string; readonly data?: string };

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const { data = "", ...header } of entries) tar.entry(header, data);
  tar.finalize();
  const bytes: Buffer[] = [];
  for await (const chunk of tar) bytes.push(chunk as Buffer); // not in object mode
  return Buffer.concat(bytes);
}

const time = new Date("2001-02-03T04:05:06Z");

interface TreeEntry {
  readonly mode: string;
  readonly mtime: number;
  readonly contents: string;
}

/** Every path below a folder with what a round trip must keep. */
async function treeOf(folder: string, prefix = ""): Promise<Record<string, TreeEntry>> {
  const tree: Record<string, TreeEntry> = {};
  for (const name of await readdir(join(folder, prefix))) {
    const path = join(prefix, name);
    const facts = await lstat(join(folder, path));
    const isLink = facts.isSymbolicLink();
    tree[path] = {
      mode: facts.mode.toString(8),
      mtime: Math.floor(facts.mtimeMs / 1000),
      contents: isLink
        ? await readlink(join(folder, path))
        : facts.isDirectory()
          ? ""
          : createHash("sha256")
              .update(await readFile(join(folder, path)))
              .digest("hex"),
    };
    if (facts.isDirectory()) Object.assign(tree, await treeOf(folder, path));
  }
  return tree;
}

describe.concurrent("copyIn and copyOut", () => {
  test("a tree comes back as it was: contents, modes, times, links, names", async () => {
    await using folder = await tempDir();
    const tree = folder.join("tree");
    await mkdir(join(tree, "deep", "er"), { recursive: true });
    await mkdir(join(tree, "empty"));
    await writeFile(join(tree, "file"), randomBytes(200_000));
    await writeFile(join(tree, "none"), "");
    await writeFile(join(tree, "run.sh"), "#!/bin/sh\n", { mode: 0o755 });
    await writeFile(join(tree, "secret"), "s", { mode: 0o600 });
    await writeFile(join(tree, "deep", "er", "ünï cödé 日本 \n"), "name");
    await writeFile(join(tree, "deep", "n".repeat(200)), "long");
    await symlink("../file", join(tree, "deep", "relative"));
    await symlink("/etc/passwd", join(tree, "absolute"));
    await symlink("nowhere", join(tree, "dangling"));
    await link(join(tree, "file"), join(tree, "hard"));
    await chmod(join(tree, "empty"), 0o700);
    for (const path of ["file", "deep/er", "deep", "empty", "."]) await utimes(join(tree, path), time, time);

    await using box = await created();
    await box.copyIn(tree, "/tmp");
    await box.copyOut("/tmp/tree", folder.join("back"));
    expect(await treeOf(folder.join("back"))).toEqual({
      tree: (await treeOf(folder.path))["tree"],
      ...Object.fromEntries(
        Object.entries(await treeOf(tree)).map(([path, entry]) => [join("tree", path), entry]),
      ),
    });
  });

  test("of a folder with a dot at its end, what is in it", async () => {
    await using folder = await tempDir();
    await mkdir(folder.join("tree/deep"), { recursive: true, mode: 0o700 });
    await writeFile(folder.join("tree/deep/note"), "text");
    await using box = await created();
    const { mode } = await box.stat("/tmp");
    await box.copyIn(`${folder.join("tree")}/.`, "/tmp");
    expect(Buffer.from(await box.readFile("/tmp/deep/note")).toString()).toBe("text");
    expect((await box.stat("/tmp")).mode).toBe(mode);
    await box.copyOut("/tmp/deep/.", folder.join("back"));
    expect(await readFile(folder.join("back/note"), "utf8")).toBe("text");
    await symlink("back", folder.join("link"));
    await box.copyIn(`${folder.join("link")}/.`, "/root");
    expect(Buffer.from(await box.readFile("/root/note")).toString()).toBe("text");
    await expect(box.copyIn(`${folder.join("back/note")}/.`, "/tmp")).rejects.toThrow(/it is no folder/);
  });

  test("one file goes under its own name, over the one that is there", async () => {
    await using folder = await tempDir();
    await using box = await created();
    await writeFile(folder.join("note"), "first");
    await box.copyIn(folder.join("note"), "/");
    await writeFile(folder.join("note"), "second");
    await box.copyIn(folder.join("note"), "/");
    await box.copyOut("/note", folder.join("back"));
    expect(await readFile(folder.join("back/note"), "utf8")).toBe("second");
    await writeFile(folder.join("back/note"), "to be replaced");
    await box.copyOut("/note", folder.join("back"));
    expect(await readFile(folder.join("back/note"), "utf8")).toBe("second");
  });

  test("32 MiB stay what they are", async () => {
    await using folder = await tempDir();
    const data = randomBytes(32 * 1024 ** 2);
    await writeFile(folder.join("big"), data);
    await using box = await created();
    await box.copyIn(folder.join("big"), "/tmp");
    await box.copyOut("/tmp/big", folder.join("back"));
    expect(data.equals(await readFile(folder.join("back/big")))).toBe(true);
  });

  test("owners are kept, or are the container's user", async () => {
    await using folder = await tempDir();
    await writeFile(folder.join("note"), "x");
    await using box = await created({ User: "nobody" });
    const ownerOf = async (): Promise<Header> => {
      for await (const entry of (await box.archive("/tmp/note")).toReadable().pipe(extract()))
        return entry.header;
      throw new Error("empty archive");
    };
    await box.copyIn(folder.join("note"), "/tmp");
    expect((await ownerOf()).uid).toBe((await stat(folder.join("note"))).uid);
    await box.copyIn(folder.join("note"), "/tmp", { asContainerUser: true });
    expect((await ownerOf()).uid).toBe(65534);
  });

  test("what does not exist", async () => {
    await using folder = await tempDir();
    await using box = await created();
    const missing = await box.copyIn(folder.join("missing"), "/tmp").catch((e: unknown) => e);
    expect(missing).toBeInstanceOf(ContextError);
    expect(missing).toMatchObject({
      path: folder.join("missing"),
      message: expect.stringContaining("ENOENT") as string,
    });

    await writeFile(folder.join("note"), "x");
    await expect(box.copyIn(folder.join("note"), "/no/such/folder")).rejects.toBeInstanceOf(NotFoundError);
    await expect(box.copyOut("/no/such/file", folder.join("back"))).rejects.toBeInstanceOf(NotFoundError);
    await expect(box.copyIn(folder.join("note"), "/etc/passwd")).rejects.toThrow(/not a directory/);
    const nowhere = docker.containers.get("no-such-box");
    await expect(nowhere.copyIn(folder.join("note"), "/")).rejects.toBeInstanceOf(NotFoundError);
    await expect(nowhere.copyOut("/etc", folder.join("back"))).rejects.toBeInstanceOf(NotFoundError);
  });

  test("a large upload that the engine refuses is told in its words", async () => {
    await using folder = await tempDir();
    await writeFile(folder.join("big"), randomBytes(8 * 1024 ** 2));
    const error = await docker.containers
      .get("no-such-box")
      .copyIn(folder.join("big"), "/")
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(String(error)).toContain("No such container: no-such-box");
  });

  test("an abort is thrown as it is", async () => {
    await using folder = await tempDir();
    await writeFile(folder.join("note"), "x");
    await using box = await created();
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await expect(box.copyIn(folder.join("note"), "/tmp", { signal })).rejects.toBe(reason);
    await expect(box.copyOut("/etc", folder.join("back"), { signal })).rejects.toBe(reason);
    await expect(box.readFile("/etc/passwd", { signal })).rejects.toBe(reason);
  });
});

describe.concurrent("looking into a container that does not run", () => {
  test("readFile gives bytes, through links too", async () => {
    await using folder = await tempDir();
    const data = randomBytes(100_000);
    await writeFile(folder.join("data"), data);
    await mkdir(folder.join("links"));
    await symlink("../data", folder.join("links/one"));
    await symlink("/links/one", folder.join("links/two"));
    await symlink("self", folder.join("links/self"));
    await using box = await created();
    await box.copyIn(folder.join("data"), "/");
    await box.copyIn(folder.join("links"), "/");
    for (const path of ["/data", "data", "/links/one", "/links/two"]) {
      expect(data.equals(await box.readFile(path))).toBe(true);
    }
    await expect(box.readFile("/no/such/file")).rejects.toBeInstanceOf(NotFoundError);
    await expect(box.readFile("/etc")).rejects.toThrow('"path": /etc is a directory');
    await expect(box.readFile("/links/self")).rejects.toThrow(/too many links/);
  });

  test("stat tells name, size, mode, time and where a link points", async () => {
    await using folder = await tempDir();
    await writeFile(folder.join("note"), "12345", { mode: 0o640 });
    await chmod(folder.join("note"), 0o640);
    await utimes(folder.join("note"), time, time);
    await symlink("note", folder.join("link"));
    await using box = await created();
    await box.copyIn(folder.join("note"), "/tmp");
    await box.copyIn(folder.join("link"), "/tmp");
    const facts = await box.stat("/tmp/note");
    expect(facts).toMatchObject({ name: "note", size: 5, mode: 0o640, linkTarget: "" });
    expect(new Date(facts.mtime)).toEqual(time);
    expect((await box.stat("/tmp/link")).linkTarget).toBe("/tmp/note");
    const missing = await box.stat("/no/such/file").catch((e: unknown) => e);
    expect(missing).toBeInstanceOf(NotFoundError);
    expect(missing).toMatchObject({
      what: "file",
      message: expect.stringContaining("/no/such/file") as string,
    });
  });

  test("archive and putArchive are tars", async () => {
    await using box = await created();
    await box.putArchive("/tmp", await tarOf([{ name: "a/b", mode: 0o644, data: "in a tar" }]));
    const names: string[] = [];
    for await (const entry of (await box.archive("/tmp/a")).toReadable().pipe(extract())) {
      names.push(entry.header.name);
      entry.resume();
    }
    expect(names).toEqual(["a/", "a/b"]);
    expect(Buffer.from(await box.readFile("/tmp/a/b")).toString()).toBe("in a tar");
    await expect(box.putArchive("/tmp", Buffer.from("no tar at all, only text".repeat(100)))).rejects.toThrow(
      /tar|EOF/i,
    );
    const file = await tarOf([{ name: "a", data: "a file where a folder is" }]);
    await expect(box.putArchive("/tmp", file, { noOverwriteDirNonDir: true })).rejects.toThrow(
      /cannot overwrite/,
    );
  });

  test("export is the whole filesystem", async () => {
    await using box = await created();
    const names = new Set<string>();
    for await (const entry of (await box.export()).toReadable().pipe(extract())) {
      names.add(entry.header.name);
      entry.resume();
    }
    expect(names).toContain("etc/passwd");
    expect(names).toContain("bin/");
  });
});

/** What a hostile engine, or container, may send as an archive. */
async function copyHostile(entries: readonly Entry[], folder: string): Promise<unknown> {
  await using fake = await startFakeEngine(async (exchange) => {
    exchange.send(200, await tarOf(entries), { "Content-Type": "application/x-tar" });
  });
  await using through = new Docker({ host: fake.host });
  return await through.containers
    .get("box")
    .copyOut("/data", folder)
    .catch((e: unknown) => e);
}

describe.concurrent("a hostile archive writes nothing outside the folder", () => {
  test.each<[string, (outside: string) => Entry[]]>([
    [
      "names with ..",
      () => [
        { name: "../victim", data: "evil" },
        { name: "a/../../victim", data: "evil" },
      ],
    ],
    ["absolute names", (outside) => [{ name: join(outside, "victim"), data: "evil" }]],
    [
      "a file through a link to a folder",
      (outside) => [
        { name: "link", type: "symlink", linkname: outside },
        { name: "link/victim", data: "evil" },
      ],
    ],
    [
      "a file over a link to a file",
      (outside) => [
        { name: "link", type: "symlink", linkname: join(outside, "victim") },
        { name: "link", data: "evil" },
      ],
    ],
    [
      "a folder over a link to a folder",
      (outside) => [
        { name: "link", type: "symlink", linkname: outside },
        { name: "link", type: "directory", mode: 0o777, mtime: time },
      ],
    ],
    [
      "a folder below a link",
      (outside) => [
        { name: "link", type: "symlink", linkname: outside },
        { name: "link/sub", type: "directory", mode: 0o777, mtime: time },
        { name: "link/new", type: "directory", mode: 0o777, mtime: time },
      ],
    ],
    [
      "a hard link to a file outside",
      (outside) => [
        { name: "hard", type: "link", linkname: join(outside, "victim") },
        { name: "hard", data: "evil" },
      ],
    ],
    [
      "a hard link through a link",
      (outside) => [
        { name: "link", type: "symlink", linkname: join(outside, "victim") },
        { name: "hard", type: "link", linkname: "link" },
        { name: "hard", data: "evil" },
      ],
    ],
    ["a file through a hard link that was there", () => [{ name: "there", data: "evil" }]],
    [
      "devices, and files over them",
      () => [
        { name: "zero", type: "character-device", devmajor: 1, devminor: 5, mode: 0o666 },
        { name: "zero", data: "evil" },
      ],
    ],
    [
      "a hard link to an absolute path, and to one with ..",
      (outside) => [
        { name: "sub", type: "directory" },
        { name: "sub/hard", type: "link", linkname: `../../outside/victim` },
        { name: "sub/hard", data: "evil" },
        { name: "other", type: "link", linkname: join(outside, "victim") },
        { name: "other", data: "evil" },
      ],
    ],
    [
      "names that end in a link to a folder",
      (outside) => [
        { name: "link", type: "symlink", linkname: outside },
        { name: "link/", type: "directory", mode: 0o777, mtime: time },
        { name: "link/.", type: "directory", mode: 0o777, mtime: time },
        { name: "link/./victim", data: "evil" },
        { name: "link//victim", data: "evil" },
      ],
    ],
    [
      "the root as a file, a link and nothing",
      (outside) => [
        { name: "./", type: "directory", mode: 0o777, mtime: time },
        { name: ".", type: "symlink", linkname: outside },
        { name: "/", data: "evil" },
      ],
    ],
    [
      "links in a chain",
      (outside) => [
        { name: "a", type: "symlink", linkname: "b" },
        { name: "b", type: "symlink", linkname: outside },
        { name: "a/victim", data: "evil" },
      ],
    ],
  ])("%s", async (_, entries) => {
    await using folder = await tempDir();
    const outside = folder.join("outside");
    await mkdir(join(outside, "sub"), { recursive: true, mode: 0o755 });
    await writeFile(join(outside, "victim"), "untouched");
    await writeFile(folder.join("victim"), "untouched");
    await mkdir(folder.join("target"));
    await link(join(outside, "victim"), folder.join("target/there"));
    const before = await treeOf(outside);
    const { mode, mtimeMs } = await stat(outside);

    await copyHostile(entries(outside), folder.join("target"));

    expect(await treeOf(outside)).toEqual(before);
    expect(await stat(outside)).toMatchObject({ mode, mtimeMs });
    expect(await readFile(folder.join("victim"), "utf8")).toBe("untouched");
    expect((await readdir(folder.path)).toSorted()).toEqual(["outside", "target", "victim"]);
  });

  test("a link that leads to itself again and again ends", async () => {
    await using fake = await startFakeEngine(async (exchange) => {
      exchange.send(200, await tarOf([{ name: "link", type: "symlink", linkname: "link" }]));
    });
    await using through = new Docker({ host: fake.host });
    await expect(through.containers.get("box").readFile("/link")).rejects.toThrow("more than 40 links");
  });

  test("an archive that is cut is an error", async () => {
    await using folder = await tempDir();
    await using fake = await startFakeEngine((exchange) => exchange.cut(Buffer.alloc(700, 0)));
    await using through = new Docker({ host: fake.host });
    const box = through.containers.get("box");
    await expect(box.copyOut("/data", folder.join("out"))).rejects.toBeInstanceOf(EngineGoneError);
    await expect(box.readFile("/data")).rejects.toBeInstanceOf(EngineGoneError);
  });
});

test("what cannot be packed is named", async () => {
  await using folder = await tempDir();
  await using box = await created();
  await mkdir(folder.join("tree"));
  const server = createServer().listen(folder.join("tree/socket"));
  await new Promise((resolve) => server.once("listening", resolve));
  await writeFile(folder.join("tree/file"), "x");
  // Like the docker CLI, sockets are left out.
  await box.copyIn(folder.join("tree"), "/tmp");
  expect(Buffer.from(await box.readFile("/tmp/tree/file")).toString()).toBe("x");
  await expect(box.stat("/tmp/tree/socket")).rejects.toBeInstanceOf(NotFoundError);
  await new Promise((resolve) => server.close(resolve));
});
