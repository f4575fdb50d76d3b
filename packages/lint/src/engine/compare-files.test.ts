import { describe, expect, it } from "vitest";
import { compareFiles, readFileTable, type FileTable } from "./compare-files.ts";
import type { ContainerFile } from "./port.ts";

const file = (path: string, more: Partial<ContainerFile> = {}): ContainerFile => ({
  path,
  type: "file",
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 3,
  digest: "sha256:aaaaaaaaaaaaaaaa",
  mtime: 1,
  ...more,
});

const folder = (path: string, more: Partial<ContainerFile> = {}): ContainerFile => ({
  path,
  type: "directory",
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 0,
  mtime: 1,
  ...more,
});

async function table(...files: readonly ContainerFile[]): Promise<FileTable> {
  async function* stream(): AsyncGenerator<ContainerFile> {
    yield* files;
  }
  return await readFileTable(stream());
}

describe("compareFiles", () => {
  it("finds nothing where only times differ, and nothing in what the engine itself makes", async () => {
    const before = await table(folder("/etc"), file("/etc/a"), file("/etc/hosts"), file("/.dockerenv"));
    const after = await table(
      folder("/etc", { mtime: 9 }),
      file("/etc/a", { mtime: 9 }),
      file("/etc/hosts", { mode: 0o755 }),
      file("/etc/resolv.conf"),
    );
    expect(compareFiles(before, after)).toEqual([]);
  });

  it.each<[string, Partial<ContainerFile>, readonly string[]]>([
    ["its mode", { mode: 0o4755 }, ["mode"]],
    ["its owner", { uid: 1000 }, ["owner"]],
    ["its group", { gid: 5 }, ["owner"]],
    ["its content", { digest: "sha256:bb" }, ["content"]],
    ["its size and content", { size: 4, digest: "sha256:bb" }, ["size", "content"]],
    ["its type", { type: "fifo", size: 0, digest: undefined }, ["type"]],
    ["its capabilities", { xattrs: { "security.capability": "0100" } }, ["attributes"]],
  ])("tells of a file that %s differs", async (_, more, what) => {
    const [difference, ...others] = compareFiles(await table(file("/a")), await table(file("/a", more)));
    expect(others).toEqual([]);
    expect(difference).toMatchObject({ kind: "file", path: "/a", change: "changed", what });
    expect(difference?.before).not.toBe(difference?.after);
  });

  it("tells of a link that it points elsewhere, and of a device that it is another", async () => {
    const link = { type: "symlink", size: 0, digest: undefined } as const;
    const device = { type: "character-device", size: 0, digest: undefined } as const;
    const before = await table(
      file("/l", { ...link, linkTarget: "a" }),
      file("/d", { ...device, device: { major: 1, minor: 3 } }),
    );
    const after = await table(
      file("/l", { ...link, linkTarget: "b" }),
      file("/d", { ...device, device: { major: 1, minor: 5 } }),
    );
    expect(compareFiles(before, after)).toMatchObject([
      { path: "/d", what: ["device"], before: "device 1:3", after: "device 1:5" },
      { path: "/l", what: ["link"], before: "a", after: "b" },
    ]);
  });

  it("knows the other names of a file, and tells where one has become a file of its own", async () => {
    const before = await table(file("/a"), file("/b", { hardLinkTo: "/a", size: 0, digest: undefined }));
    expect(compareFiles(before, await table(file("/a"), file("/b")))).toMatchObject([
      { path: "/b", what: ["link"], before: "also /a", after: "a file of its own" },
    ]);
    const changed = await table(
      file("/a", { digest: "sha256:bb" }),
      file("/b", { hardLinkTo: "/a", size: 0, digest: undefined }),
    );
    expect(compareFiles(before, changed).map(({ path, what }) => [path, what])).toEqual([
      ["/a", ["content"]],
      ["/b", ["content"]],
    ]);
  });

  it("lets a folder that one of the two lacks stand for all that is in it", async () => {
    const before = await table(folder("/x"), folder("/x/y"), file("/x/y/a"), file("/x/b"), file("/z"));
    const after = await table(file("/z"), folder("/n"));
    expect(compareFiles(before, after)).toMatchObject([
      { path: "/n", change: "added", after: "directory" },
      { path: "/x", change: "removed", before: "directory with 3 paths in it" },
    ]);
  });
});
