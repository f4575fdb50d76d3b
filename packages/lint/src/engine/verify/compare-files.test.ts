import { describe, expect, it } from "vitest";
import type { ImageDifference } from "../../linter/facts/verification.ts";
import { compareFiles, readFileTable } from "./compare-files.ts";
import type { ContainerFile } from "../port.ts";

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

type Files = readonly ContainerFile[];

async function* stream(files: Files): AsyncGenerator<ContainerFile, void, undefined> {
  yield* files;
}

async function compare(before: Files, after: Files): Promise<ImageDifference[]> {
  return await compareFiles(await readFileTable(stream(before)), stream(after));
}

describe("compareFiles", () => {
  it("finds nothing where only times differ, and nothing in what the engine itself makes", async () => {
    const before = [folder("/etc"), file("/etc/a"), file("/etc/hosts"), file("/.dockerenv")];
    const after = [
      folder("/etc", { mtime: 9 }),
      file("/etc/a", { mtime: 9 }),
      file("/etc/hosts", { mode: 0o755 }),
      file("/etc/resolv.conf"),
    ];
    expect(await compare(before, after)).toEqual([]);
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
    const [difference, ...others] = await compare([file("/a")], [file("/a", more)]);
    expect(others).toEqual([]);
    expect(difference).toMatchObject({ kind: "file", path: "/a", change: "changed", what });
    expect(difference?.before).not.toBe(difference?.after);
  });

  it("tells of a link that it points elsewhere, and of a device that it is another", async () => {
    const link = { type: "symlink", size: 0, digest: undefined } as const;
    const device = { type: "character-device", size: 0, digest: undefined } as const;
    const before = [
      file("/l", { ...link, linkTarget: "a" }),
      file("/d", { ...device, device: { major: 1, minor: 3 } }),
    ];
    const after = [
      file("/l", { ...link, linkTarget: "b" }),
      file("/d", { ...device, device: { major: 1, minor: 5 } }),
    ];
    expect(await compare(before, after)).toMatchObject([
      { path: "/d", what: ["device"], before: "device 1:3", after: "device 1:5" },
      { path: "/l", what: ["link"], before: "a", after: "b" },
    ]);
  });

  it("knows the other names of a file, and tells where one has become a file of its own", async () => {
    const link = { hardLinkTo: "/a", size: 0, digest: undefined };
    const before = [file("/a"), file("/b", link)];
    expect(await compare(before, before)).toEqual([]);
    expect(await compare(before, [file("/a"), file("/b")])).toMatchObject([
      { path: "/b", what: ["link"], before: "also /a", after: "a file of its own" },
    ]);
    const changed = [file("/a", { digest: "sha256:bb" }), file("/b", link)];
    expect((await compare(before, changed)).map(({ path, what }) => [path, what])).toEqual([
      ["/a", ["content"]],
      ["/b", ["content"]],
    ]);
  });

  it("lets a folder that one of the two lacks stand for all that is in it", async () => {
    const before = [folder("/x"), folder("/x/y"), file("/x/y/a"), file("/x/b"), file("/z")];
    const after = [file("/z"), folder("/n")];
    expect(await compare(before, after)).toMatchObject([
      { path: "/n", change: "added", after: "directory" },
      { path: "/x", change: "removed", before: "directory with 3 paths in it" },
    ]);
  });
});
