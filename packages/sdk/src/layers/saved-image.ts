/**
 * Reads the tar of `save` in one pass. Its blobs come in any order, and what tells their meaning comes last: so
 * each is read for what its bytes are, and all are joined at the end.
 */
import { posix } from "node:path";
import { ProtocolError } from "../errors.ts";
import { ByteReader } from "./byte-reader.ts";
import { compressionOf, decompress } from "./decompress.ts";
import { readLayer, type LayerContent } from "./layer-content.ts";
import { findImage, type SavedConfig } from "./saved-manifest.ts";
import { beginsTar, blockSize } from "./tar-entry-header.ts";
import { TarReader } from "./tar-reader.ts";

/** Bytes. Registries refuse manifests beyond 4 MiB; a bigger document is an attachment and not needed. */
const largestDocument = 8 * 1024 * 1024;

/** The contents of such a tar, by path. */
interface SavedBlobs {
  readonly documents: ReadonlyMap<string, string>;
  readonly layers: ReadonlyMap<string, LayerContent>;
}

/** One image of such a tar. */
export interface SavedImage {
  readonly config: SavedConfig;
  /** The lowest first. */
  readonly layers: readonly LayerContent[];
}

/**
 * @param diffIds which image of the tar it is: its `RootFS.Layers`
 * @throws ProtocolError when the image is not in the tar or one of its layers is not what it should be
 * @throws StreamTruncatedError when a layer is cut
 */
export async function readSavedImage(
  tar: AsyncIterable<Uint8Array>,
  diffIds: readonly string[],
): Promise<SavedImage> {
  const blobs = await readBlobs(tar);
  const { config, layerPaths } = findImage(blobs.documents, diffIds);
  const layers = diffIds.map((diffId, index) => {
    const layer = blobs.layers.get(layerPaths[index] ?? "");
    if (layer === undefined) {
      throw new ProtocolError(`The saved image lacks layer ${diffId}, or holds it in an unknown format.`);
    }
    if (layer.diffId !== diffId) {
      throw new ProtocolError(`The saved layer ${diffId} is damaged: its digest is ${layer.diffId}.`);
    }
    return layer;
  });
  return { config, layers };
}

async function readBlobs(tar: AsyncIterable<Uint8Array>): Promise<SavedBlobs> {
  const documents = new Map<string, string>();
  const layers = new Map<string, LayerContent>();
  const links = new Map<string, string>();
  const bytes = new ByteReader(tar);
  try {
    const reader = new TarReader(bytes, "The saved image");
    for (let header = await reader.next(); header !== undefined; header = await reader.next()) {
      const path = posix.normalize(header.name);
      // Older engines save a layer once and link to it.
      if (header.typeFlag === "2") links.set(path, posix.join(posix.dirname(path), header.linkName));
      else if (header.typeFlag === "1") links.set(path, posix.normalize(header.linkName));
      else if (header.size > 0) await readBlob(path, header.size, reader, documents, layers);
    }
    // The end of the stream is where the engine reports that it failed.
    for await (const _ of bytes.remaining());
  } finally {
    await bytes.close();
  }
  for (const [path, target] of links) {
    const layer = layers.get(target);
    if (layer !== undefined) layers.set(path, layer);
  }
  return { documents, layers };
}

async function readBlob(
  path: string,
  size: number,
  reader: TarReader,
  documents: Map<string, string>,
  layers: Map<string, LayerContent>,
): Promise<void> {
  const content = new ByteReader(reader.content());
  // A copy, because the next read may use its memory again.
  const start = Buffer.from(await content.upTo(Math.min(size, blockSize)));
  async function* whole(): AsyncGenerator<Uint8Array, void, undefined> {
    yield start;
    yield* content.remaining();
  }
  const compression = compressionOf(start);
  if (compression !== undefined) {
    layers.set(path, await readLayer(decompress(whole(), compression, path), path));
  } else if (beginsTar(start)) {
    layers.set(path, await readLayer(whole(), path));
  } else if (/^\s*[[{]/.test(start.toString("latin1")) && size <= largestDocument) {
    const parts: Uint8Array[] = [];
    for await (const part of whole()) parts.push(Uint8Array.prototype.slice.call(part));
    documents.set(path, Buffer.concat(parts).toString("utf8"));
  }
}
