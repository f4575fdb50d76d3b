/**
 * Bytes that are pulled: what every codec here reads from and the transport provides.
 *
 * One `read()` hands over everything that has arrived since the last one, so that many small chunks cost one
 * turn of the event loop and not one each.
 */
export interface ByteSource {
  /** The next chunks, at least one; `undefined` at the end. Rejects once when the stream broke. */
  read(): Promise<readonly Uint8Array[] | undefined>;
  /** Stops the stream and closes what it holds. Idempotent; a pending read ends. */
  close(): void;
  /**
   * Resolves when the stream was aborted or closed, for those who wait for something else before they read on.
   * Bytes that have arrived, an end and a broken connection do not show here.
   */
  readonly stopped?: (() => Promise<void>) | undefined;
}

/** Joins chunks without copying where there is just one. */
export function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}

/** Reads a source to its end, into one array; stops with `RangeError` at `limit` bytes. */
export async function readAll(
  source: ByteSource,
  limit: number = Number.POSITIVE_INFINITY,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (let chunks = await source.read(); chunks !== undefined; chunks = await source.read()) {
      for (const chunk of chunks) {
        parts.push(chunk);
        size += chunk.length;
      }
      if (size > limit) throw new RangeError(`The stream is longer than the ${limit} bytes allowed.`);
    }
    return joinChunks(parts);
  } finally {
    source.close();
  }
}
