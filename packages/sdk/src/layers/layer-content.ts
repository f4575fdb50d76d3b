import { createHash, hash } from "node:crypto";
import { posix } from "node:path";
import { ProtocolError } from "../errors.ts";
import { ByteReader } from "./byte-reader.ts";
import type { FileFacts, ImageFileType } from "./file-facts.ts";
import type { TarEntryHeader } from "./tar-entry-header.ts";
import { TarReader } from "./tar-reader.ts";

/** A path in the tar of a layer, and what it is there: an inode of its own or one more name of another path. */
export interface LayerEntry {
  readonly path: string;
  readonly file: FileFacts | { readonly hardLinkTo: string };
}

/** What the tar of one layer says, without the contents of its files. */
export interface LayerContent {
  /** `sha256:…` of the tar before it was compressed: the layer's name in `RootFS.Layers`. */
  readonly diffId: string;
  /** In the tar's order. */
  readonly entries: readonly LayerEntry[];
  /** Paths that are deleted. */
  readonly whiteouts: readonly string[];
  /** Folders of which nothing of the layers below is left. */
  readonly opaque: readonly string[];
  /** Bytes of all files; hard links count once. */
  readonly size: number;
}

const types: Readonly<Record<string, ImageFileType>> = {
  "\0": "file",
  "0": "file",
  "7": "file", // contiguous, which nobody tells apart
  "2": "symlink",
  "3": "character-device",
  "4": "block-device",
  "5": "directory",
  "6": "fifo",
};

const whiteout = ".wh.";
const opaqueMarker = ".wh..wh..opq";
const storeMetadata = ".wh..wh.";

/**
 * Reads a layer as it streams by; a file's content is hashed and forgotten.
 * @param name of the blob, for errors
 * @throws StreamTruncatedError or ProtocolError when it is no whole tar
 */
export async function readLayer(tar: AsyncIterable<Uint8Array>, name: string): Promise<LayerContent> {
  const whole = createHash("sha256");
  async function* hashed(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const bytes of tar) {
      whole.update(bytes);
      yield bytes;
    }
  }
  const bytes = new ByteReader(hashed());
  const entries: LayerEntry[] = [];
  const whiteouts: string[] = [];
  const opaque: string[] = [];
  let size = 0;
  try {
    const reader = new TarReader(bytes, `The layer ${name}`);
    for (let header = await reader.next(); header !== undefined; header = await reader.next()) {
      const path = absolute(header.name);
      const base = posix.basename(path);
      const folder = posix.dirname(path);
      if (base === opaqueMarker) {
        opaque.push(folder);
      } else if (base.startsWith(storeMetadata)) {
        // Bookkeeping of aufs, which is in no container's file system.
      } else if (base.startsWith(whiteout)) {
        whiteouts.push(posix.join(folder, base.slice(whiteout.length)));
      } else {
        const file = await readEntry(header, reader);
        if ("size" in file) size += file.size;
        entries.push({ path, file });
      }
    }
    // Whatever pads the tar is part of its digest.
    const rest = bytes.remaining();
    while ((await rest.next()).done !== true);
  } finally {
    await bytes.close();
  }
  return { diffId: `sha256:${whole.digest("hex")}`, entries, whiteouts, opaque, size };
}

/** What an entry is; its content is read and hashed. */
export async function readEntry(header: TarEntryHeader, reader: TarReader): Promise<LayerEntry["file"]> {
  if (header.typeFlag === "1") return { hardLinkTo: absolute(header.linkName) };
  // Old writers mark a folder by its slash only.
  const isFolder = header.name.endsWith("/") && (header.typeFlag === "0" || header.typeFlag === "\0");
  const type = isFolder ? "directory" : types[header.typeFlag];
  if (type === undefined) {
    throw new ProtocolError(`A layer holds an entry of an unknown type: ${JSON.stringify(header.typeFlag)}.`);
  }
  const { mode, uid, gid, deviceMajor, deviceMinor } = header;
  const isDevice = type === "character-device" || type === "block-device";
  return {
    type,
    mode,
    uid,
    gid,
    size: type === "file" ? header.size : 0,
    ...(type === "file" ? { digest: await digestOf(reader) } : {}),
    ...(type === "symlink" ? { linkTarget: header.linkName } : {}),
    ...(isDevice ? { device: { major: deviceMajor, minor: deviceMinor } } : {}),
  };
}

async function digestOf(reader: TarReader): Promise<string> {
  const first = (await reader.chunk()) ?? new Uint8Array(0);
  if (reader.left === 0) return `sha256:${hash("sha256", first)}`; // several times faster for small files
  const content = createHash("sha256").update(first);
  for (let bytes = await reader.chunk(); bytes !== undefined; bytes = await reader.chunk()) {
    content.update(bytes);
  }
  return `sha256:${content.digest("hex")}`;
}

/** Paths in layers come as `etc/passwd`, `./etc/passwd` and `/etc/passwd`. */
export function absolute(name: string): string {
  const path = posix.normalize(`/${name}`);
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
