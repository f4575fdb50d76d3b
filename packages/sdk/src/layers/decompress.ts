import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { ProtocolError, StreamTruncatedError } from "../errors.ts";

/** How layers are stored: plain by the engine's own stores, compressed where they came from a registry. */
export type Compression = "gzip" | "zstd";

/** Told by the first bytes: the media types come in manifests, which may follow the layers. */
export function compressionOf(start: Uint8Array): Compression | undefined {
  const magic = Buffer.from(start.subarray(0, 4)).toString("hex");
  if (magic.startsWith("1f8b")) return "gzip";
  // Also the frames to be skipped that some writers begin with.
  return magic === "28b52ffd" || /^5.2a4d18$/.test(magic) ? "zstd" : undefined;
}

/**
 * @param name of the blob, for errors
 * @throws StreamTruncatedError or ProtocolError when the compressed bytes are cut or broken
 */
export function decompress(
  chunks: AsyncIterable<Uint8Array>,
  compression: Compression,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  return compression === "gzip" ? gunzip(chunks, name) : unzstd(chunks, name);
}

async function* gunzip(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  // The iteration below throws what goes wrong, also in the source; leaving it closes both.
  const output: AsyncIterable<Uint8Array> = pipeline(chunks, createGunzip(), () => undefined);
  try {
    yield* output;
  } catch (error) {
    throw explained(error, name);
  }
}

function explained(error: unknown, name: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "Z_BUF_ERROR") {
    return new StreamTruncatedError(`The compressed blob ${name} ends in the middle.`, { cause: error });
  }
  return typeof code === "string" && code.startsWith("Z_")
    ? new ProtocolError(`The blob ${name} is broken gzip.`, { cause: error })
    : error;
}

async function* unzstd(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  // Loaded when needed: most engines never store zstd.
  const { Decompress, ZstdErrorCode } = await import("fzstd");
  let output: Uint8Array[] = [];
  const decoder = new Decompress((bytes) => void output.push(bytes));
  function* push(bytes: Uint8Array, isLast: boolean): Generator<Uint8Array, void, undefined> {
    try {
      decoder.push(bytes, isLast);
    } catch (cause) {
      throw cause instanceof Error && "code" in cause && cause.code === ZstdErrorCode.UnexpectedEOF
        ? new StreamTruncatedError(`The compressed blob ${name} ends in the middle.`, { cause })
        : new ProtocolError(`The blob ${name} is broken zstd.`, { cause });
    }
    const ready = output;
    output = [];
    yield* ready;
  }
  // A copy: the decoder keeps what it cannot decode yet.
  for await (const bytes of chunks) yield* push(Uint8Array.prototype.slice.call(bytes), false);
  yield* push(new Uint8Array(0), true);
}
