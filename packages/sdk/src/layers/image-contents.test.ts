import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { pack, type Header } from "tar-stream";
import { describe, expect, test } from "vitest";
import { ProtocolError, StreamTruncatedError } from "../errors.ts";
import type { HistoryStep } from "./history.ts";
import { joinContents, type ImageContents } from "./image-contents.ts";
import { readSavedImage } from "./saved-image.ts";

type Entry = Partial<Header> & { readonly name: string; readonly data?: string | Uint8Array };

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const { data = "", ...header } of entries) {
    const isFile = header.type === undefined || header.type === "file";
    tar.entry(
      { mtime: new Date(0), mode: header.type === "directory" ? 0o755 : 0o644, ...header },
      isFile ? Buffer.from(data) : "",
    );
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer); // not in object mode
  return Buffer.concat(chunks);
}

const folder = (name: string, rest: Partial<Header> = {}): Entry => ({ name, type: "directory", ...rest });
const file = (name: string, data = name, rest: Partial<Header> = {}): Entry => ({ name, data, ...rest });
const link = (name: string, linkname: string): Entry => ({ name, type: "link", linkname });
const symlink = (name: string, linkname: string): Entry => ({ name, type: "symlink", linkname });

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const blobPath = (bytes: Uint8Array): string => `blobs/sha256/${sha256(bytes)}`;
const descriptor = (bytes: Uint8Array): object => ({ digest: `sha256:${sha256(bytes)}`, size: bytes.length });

interface Layout {
  readonly kind?: "docker" | "oci";
  readonly history?: readonly HistoryStep[];
  /** How a layer is stored. */
  readonly store?: (tar: Buffer) => Buffer;
}

/** A tar as `save` makes it, and the RootFS it is of. */
async function saved(
  layers: readonly Buffer[],
  { kind = "oci", history = [], store = (tar) => tar }: Layout = {},
): Promise<{ tar: Buffer; diffIds: string[] }> {
  const diffIds = layers.map((tar) => `sha256:${sha256(tar)}`);
  const stored = layers.map(store);
  const config = Buffer.from(JSON.stringify({ rootfs: { type: "layers", diff_ids: diffIds }, history }));
  if (kind === "docker") {
    const paths = stored.map((_, index) => `${index}/layer.tar`);
    const firsts = diffIds.map((diffId) => diffIds.indexOf(diffId));
    return {
      diffIds,
      tar: await tarOf([
        ...stored.map((data, index) =>
          firsts[index] === index
            ? { name: `${index}/layer.tar`, data }
            : symlink(`${index}/layer.tar`, `../${firsts[index]}/layer.tar`),
        ),
        file("0/VERSION", "1.0"),
        file("c.json", config.toString()),
        file("manifest.json", JSON.stringify([{ Config: "c.json", RepoTags: null, Layers: paths }])),
      ]),
    };
  }
  const manifest = Buffer.from(
    JSON.stringify({ config: descriptor(config), layers: stored.map(descriptor) }),
  );
  const index = Buffer.from(
    JSON.stringify({ manifests: [{ digest: "sha256:absent" }, descriptor(manifest)] }),
  );
  const blobs = new Map([config, manifest, index, ...stored].map((data) => [blobPath(data), data]));
  return {
    diffIds,
    tar: await tarOf([
      folder("blobs/"),
      folder("blobs/sha256/"),
      // Sorted by digest, as the engine does: the layers come in any order.
      ...[...blobs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, data]) => ({ name, data })),
      file("index.json", JSON.stringify({ manifests: [descriptor(index)] })),
    ]),
  };
}

/** In chunks of an odd length, so that every boundary falls in the middle of something. */
async function* chunksOf(bytes: Uint8Array, length = 331): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function contentsOf(
  layers: readonly (readonly Entry[])[],
  layout: Layout & { baseLayers?: number } = {},
): Promise<ImageContents> {
  const { tar, diffIds } = await saved(await Promise.all(layers.map(tarOf)), layout);
  return joinContents(await readSavedImage(chunksOf(tar), diffIds), layout.baseLayers ?? 0);
}

const paths = ({ files }: ImageContents): string[] => [...files.keys()];
const changesOf = ({ layers }: ImageContents, index: number): object => {
  const { added = [], changed = [], deleted } = layers[index] ?? {};
  return { added: added.map(({ path }) => path), changed: changed.map(({ path }) => path), deleted };
};

describe("the union of layers", () => {
  test("tells what each path is", async () => {
    const { files } = await contentsOf([
      [
        folder("d/", { mode: 0o1777, uid: 7, gid: 8 }),
        file("d/f", "hello", { mode: 0o4755 }),
        symlink("d/s", "../nowhere"),
        { name: "d/null", type: "character-device", devmajor: 1, devminor: 3 },
        { name: "d/pipe", type: "fifo" },
        file("./ünï/日本", ""),
        file("far", "x", { pax: { uid: "4000000", gid: "3000000" } }),
      ],
    ]);
    const common = { mode: 0o644, uid: 0, gid: 0, size: 0, layer: 0 };
    expect([...files.values()]).toEqual([
      { ...common, path: "/d", type: "directory", mode: 0o1777, uid: 7, gid: 8 },
      {
        ...common,
        path: "/d/f",
        type: "file",
        mode: 0o4755,
        size: 5,
        digest: `sha256:${sha256(Buffer.from("hello"))}`,
      },
      { ...common, path: "/d/null", type: "character-device", device: { major: 1, minor: 3 } },
      { ...common, path: "/d/pipe", type: "fifo" },
      { ...common, path: "/d/s", type: "symlink", linkTarget: "../nowhere" },
      {
        ...common,
        path: "/far",
        type: "file",
        uid: 4_000_000,
        gid: 3_000_000,
        size: 1,
        digest: expect.any(String),
      },
      // Its layer leaves the folder out.
      { ...common, path: "/ünï", type: "directory", mode: 0o755 },
      { ...common, path: "/ünï/日本", type: "file", digest: expect.any(String) },
    ]);
  });

  test("a whiteout deletes a file or a whole folder, and nothing where nothing is", async () => {
    const contents = await contentsOf([
      [folder("a/"), file("a/x"), folder("a/b/"), file("a/b/y"), file("c"), file("cc")],
      [folder("a/"), file("a/.wh.b", ""), file(".wh.c", ""), file(".wh.none", ""), file("none/.wh.none", "")],
    ]);
    expect(paths(contents)).toEqual(["/a", "/a/x", "/cc"]);
    expect(changesOf(contents, 1)).toEqual({ added: [], changed: [], deleted: ["/a/b", "/a/b/y", "/c"] });
  });

  test("whiteouts concern the layers below only, wherever they stand", async () => {
    const contents = await contentsOf([
      [folder("d/"), file("d/old"), file("d/both"), file("f")],
      [
        folder("d/"),
        file("d/both", "new"),
        file("d/new"),
        file("d/.wh..wh..opq", ""),
        file("f", "2"),
        file(".wh.f", ""),
      ],
    ]);
    expect(paths(contents)).toEqual(["/d", "/d/both", "/d/new", "/f"]);
    expect(changesOf(contents, 1)).toEqual({
      added: ["/d/new"],
      changed: ["/d/both", "/f"],
      deleted: ["/d/old"],
    });
    expect(contents.files.get("/d")?.layer).toBe(0);
    expect(contents.files.get("/f")?.layer).toBe(1);
  });

  test("an opaque folder hides all that was in it, also deep down", async () => {
    const contents = await contentsOf([
      [folder("d/"), folder("d/e/"), file("d/e/f")],
      [folder("d/", { mode: 0o700 }), file("d/.wh..wh..opq", "")],
    ]);
    expect(paths(contents)).toEqual(["/d"]);
    expect(changesOf(contents, 1)).toEqual({ added: [], changed: ["/d"], deleted: ["/d/e", "/d/e/f"] });
  });

  test("kinds replace each other; folders are merged", async () => {
    const contents = await contentsOf([
      [folder("a/"), file("a/x"), file("b"), folder("c/"), file("c/x"), symlink("l", "c")],
      [file("a", "now a file"), folder("b/"), file("b/y"), folder("c/"), file("c/y"), file("l/z")],
    ]);
    expect(paths(contents)).toEqual(["/a", "/b", "/b/y", "/c", "/c/x", "/c/y", "/l", "/l/z"]);
    expect(contents.files.get("/l")?.type).toBe("directory");
    expect(changesOf(contents, 1)).toEqual({
      added: ["/b/y", "/c/y", "/l/z"],
      changed: ["/a", "/b", "/l"],
      deleted: ["/a/x"],
    });
  });

  test("the bookkeeping of aufs is no file", async () => {
    const contents = await contentsOf([[folder(".wh..wh.plnk/"), file(".wh..wh.aufs", ""), file("a")]]);
    expect(paths(contents)).toEqual(["/a"]);
  });

  test("hard links count once, in their layer and across layers", async () => {
    const contents = await contentsOf([
      [file("b", "12345"), link("a", "b"), link("c", "./b")],
      [file(".wh.b", ""), link("d", "a"), link("e", "b")],
    ]);
    expect(contents.layers.map(({ size }) => size)).toEqual([5, 0]);
    const links = [...contents.files.values()].map(({ path, hardLinkTo, size, layer }) => ({
      path,
      hardLinkTo,
      size,
      layer,
    }));
    expect(links).toEqual([
      { path: "/a", hardLinkTo: undefined, size: 5, layer: 0 },
      { path: "/c", hardLinkTo: "/a", size: 5, layer: 0 },
      { path: "/d", hardLinkTo: "/a", size: 5, layer: 1 },
      { path: "/e", hardLinkTo: "/a", size: 5, layer: 1 },
    ]);
    // Three names still show the bytes.
    expect(contents.waste.bytes).toBe(0);
  });

  test("a hard link to a file that its own layer deletes keeps the file", async () => {
    const contents = await contentsOf([[file("old", "123")], [file(".wh.old", ""), link("new", "old")]]);
    expect(paths(contents)).toEqual(["/new"]);
    expect(contents.waste.bytes).toBe(0);
  });

  test("a hard link that leads nowhere is an error", async () => {
    await expect(contentsOf([[link("a", "none")]])).rejects.toThrow(ProtocolError);
    await expect(contentsOf([[link("a", "none")]])).rejects.toThrow("hard link /a to /none");
  });
});

describe("waste", () => {
  test("tells deleted, rewritten and only re-moded bytes, and whose they are", async () => {
    const { waste } = await contentsOf(
      [
        [file("base", "b".repeat(100)), file("gone", "g".repeat(50)), file("kept")],
        [file("moded", "m".repeat(30)), file("own", "o".repeat(20)), file(".wh.gone", "")],
        [file("base", "c".repeat(7)), file("moded", "m".repeat(30), { mode: 0o600 }), symlink("own", "kept")],
      ],
      { baseLayers: 1 },
    );
    expect(waste).toEqual({
      bytes: 200,
      ownBytes: 50,
      baseBytes: 150,
      baseLayers: 1,
      files: [
        { path: "/base", bytes: 100, reason: "rewritten", layer: 0, hiddenBy: 2, inBase: true },
        { path: "/gone", bytes: 50, reason: "deleted", layer: 0, hiddenBy: 1, inBase: true },
        { path: "/moded", bytes: 30, reason: "metadata", layer: 1, hiddenBy: 2, inBase: false },
        { path: "/own", bytes: 20, reason: "deleted", layer: 1, hiddenBy: 2, inBase: false },
      ],
    });
  });

  test("a file with several names is wasted with its last one, once", async () => {
    const { waste } = await contentsOf([
      [file("a", "12345"), link("b", "a")],
      [file(".wh.a", "")],
      [file(".wh.b", "")],
    ]);
    expect(waste.files).toEqual([
      { path: "/b", bytes: 5, reason: "deleted", layer: 0, hiddenBy: 2, inBase: false },
    ]);
  });
});

describe("the history", () => {
  test("gives each layer its instruction; steps without a layer are passed over", async () => {
    const history: HistoryStep[] = [
      { created: "2024-01-02T03:04:05.678Z", created_by: "/bin/sh -c #(nop) ADD file:1 in / " },
      { created_by: '/bin/sh -c #(nop)  CMD ["sh"]', empty_layer: true },
      { created_by: "RUN |1 A=b c /bin/sh -c make # buildkit", comment: "buildkit.dockerfile.v0" },
      { created_by: "ENV A=b", empty_layer: true },
    ];
    const { layers } = await contentsOf([[file("a")], [file("b")]], { history });
    expect(layers).toMatchObject([
      { instruction: "ADD file:1 in /", created: new Date("2024-01-02T03:04:05.678Z"), historyIndex: 0 },
      { instruction: "RUN make", comment: "buildkit.dockerfile.v0", historyIndex: 2 },
    ]);
  });

  test("that tells of more or fewer layers names none", async () => {
    const { layers } = await contentsOf([[file("a")], [file("b")]], { history: [{ created_by: "ADD a" }] });
    expect(layers.map(({ instruction }) => instruction)).toEqual([undefined, undefined]);
  });
});

describe("the saved tar", () => {
  const layers = [[file("a"), file("big", "x".repeat(100_000))], [file(".wh.a", "")], [], []];
  const expected = { added: ["/a", "/big"], changed: [], deleted: [] };

  test.each<[string, Layout]>([
    ["plain, OCI's layout", {}],
    ["plain, the docker layout with links for equal layers", { kind: "docker" }],
    ["gzip", { store: (tar) => gzipSync(tar) }],
    [
      "gzip in several members",
      { store: (tar) => Buffer.concat([gzipSync(tar.subarray(0, 600)), gzipSync(tar.subarray(600))]) },
    ],
    ["zstd", { store: storedZstd }],
  ])("%s", async (_, layout) => {
    const contents = await contentsOf(layers, layout);
    expect(changesOf(contents, 0)).toEqual(expected);
    expect(paths(contents)).toEqual(["/big"]);
  });

  test("zstd that is really compressed, with a frame to be skipped and several frames", async () => {
    const bytes = Buffer.from(realZstd, "base64");
    const skipped = Buffer.from("50 2a 4d 18 03 00 00 00 aa bb cc".replaceAll(" ", ""), "hex");
    const tar = await tarOf([file("greeting", "hello ".repeat(10_000), { mtime: new Date(0) })]);
    const end = storedZstd(Buffer.alloc(512));
    const { layers } = await (async () => {
      const { tar: image, diffIds } = await saved([Buffer.concat([tar, Buffer.alloc(512)])], {
        store: () => Buffer.concat([skipped, bytes, end]),
      });
      return joinContents(await readSavedImage(chunksOf(image), diffIds), 0);
    })();
    expect(layers[0]?.added).toMatchObject([{ path: "/greeting", size: 60_000 }]);
  });

  test.each<[string, (tar: Buffer) => Buffer]>([
    ["in a header", (tar) => tar.subarray(0, 700)],
    ["in a file", (tar) => tar.subarray(0, 4_000)],
    ["in gzip", (tar) => gzipSync(tar).subarray(0, 100)],
    ["in a file in gzip", (tar) => gzipSync(tar.subarray(0, 4_000))],
    ["in zstd", (tar) => storedZstd(tar).subarray(0, 4_000)],
  ])("a layer that is cut %s is an error", async (_, store) => {
    const error = await contentsOf([[file("a", ""), file("big", "x".repeat(10_000))]], { store }).catch(
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(StreamTruncatedError);
  });

  test("a layer that ends between two files is an error", async () => {
    const short = contentsOf([[file("a", ""), file("b")]], { store: (tar) => tar.subarray(0, 512) });
    await expect(short).rejects.toThrow(ProtocolError);
  });

  test.each<[string, (tar: Buffer) => Buffer]>([
    ["gzip", (tar) => Buffer.concat([gzipSync(tar).subarray(0, -8), Buffer.alloc(8, 0x55)])],
    ["zstd", (tar) => Buffer.concat([storedZstd(tar).subarray(0, 6), Buffer.from([6]), Buffer.alloc(100)])],
    ["a header", (tar) => Buffer.concat([tar.subarray(0, 1024), Buffer.alloc(1024, 0x55)])],
    ["a format nobody knows", (tar) => Buffer.concat([Buffer.from("BZh9"), tar])],
  ])("broken %s is an error", async (_, store) => {
    await expect(contentsOf([[file("a", "a".repeat(512))]], { store })).rejects.toThrow(ProtocolError);
  });

  test("an image that is not in it is an error", async () => {
    const { tar } = await saved([await tarOf([file("a")])]);
    await expect(readSavedImage(chunksOf(tar), ["sha256:other"])).rejects.toThrow("does not hold the image");
  });

  test("closes its source at an error, in whatever depth, and throws what the source throws", async () => {
    for (const store of [(tar: Buffer) => tar, (tar: Buffer) => gzipSync(tar), storedZstd]) {
      const { tar, diffIds } = await saved([await tarOf([file("a"), file("b", "b".repeat(100_000))])], {
        store,
      });
      for (const part of [0.2, 0.5, 0.9]) {
        const reason = new Error("cut");
        async function* failing(): AsyncGenerator<Uint8Array, void, undefined> {
          yield* chunksOf(tar.subarray(0, tar.length * part));
          throw reason;
        }
        await expect(readSavedImage(failing(), diffIds)).rejects.toBe(reason);
      }
      let closed = false;
      async function* broken(): AsyncGenerator<Uint8Array, void, undefined> {
        try {
          yield* chunksOf(Buffer.concat([tar.subarray(0, 1024), Buffer.alloc(2048, 0x55)]));
          yield* chunksOf(tar);
        } finally {
          closed = true;
        }
      }
      await expect(readSavedImage(broken(), diffIds)).rejects.toThrow(ProtocolError);
      expect(closed).toBe(true);
    }
  });
});

/** One frame of blocks that are not compressed, which is valid zstd (RFC 8878, section 3.1.1). */
function storedZstd(bytes: Buffer): Buffer {
  const most = 100_000;
  const blocks = Math.max(1, Math.ceil(bytes.length / most));
  const parts: Buffer[] = [Buffer.from("28b52ffd0060", "hex")];
  for (let index = 0; index < blocks; index++) {
    const block = bytes.subarray(index * most, (index + 1) * most);
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (index === blocks - 1 ? 1 : 0), 0, 3);
    parts.push(header, block);
  }
  return Buffer.concat(parts);
}

/** Made with the program zstd from a tar of the file `greeting`: 10,000 times "hello ". */
const realZstd =
  "KLUv/QRoZQIAUgMLELDrJEtg4ksSjEzbyoVR5BTGldIe/2bFtecbAyDP4/GaYuSNquO/jUJul5kKICAxNA+c2S+u1KEXqRSAzWDSAU3eMNtBe3ACR94IMYQ=";
