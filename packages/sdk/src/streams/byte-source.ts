import { byteLimit } from "./byte-limit.ts";

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
  if (chunks.length === 1 && only !== undefined) return only;
  // As Buffer.concat, but that checks every chunk, which may be many and short.
  let size = 0;
  for (const chunk of chunks) size += chunk.length;
  const joined = Buffer.allocUnsafe(size);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/** Bytes. A chunk of this size is worth a turn of its own; to join it would only copy it. */
export const largeChunk: number = 16 * 1024;

/** Joins the small chunks that follow one another. */
export function joinSmallChunks(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  const joined: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const flush = (): void => {
    if (small.length > 0) joined.push(joinChunks(small));
    small = [];
  };
  for (const chunk of chunks) {
    if (chunk.length < largeChunk) small.push(chunk);
    else {
      flush();
      joined.push(chunk);
    }
  }
  flush();
  return joined;
}

// Pieces that are joined to one. A piece has a cost of its own, and may hold the memory of a larger one.
const fewPieces = 1024;

/** Keeps pieces until they are wanted as a whole, at little more than their size, however small they are. */
export class Pieces {
  #joined: Uint8Array[] = [];
  #recent: Uint8Array[] = [];
  #size = 0;

  /** Bytes. */
  get size(): number {
    return this.#size;
  }

  push(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#recent.push(piece) < fewPieces) return;
    this.#joined.push(Buffer.concat(this.#recent));
    this.#recent = [];
  }

  whole(): Uint8Array {
    return joinChunks([...this.#joined, ...this.#recent]);
  }
}

const empty = new Uint8Array();

/** Reads a source to its end, into one array; stops with `RangeError` at `limit` bytes. */
export async function readAll(
  source: ByteSource,
  limit: number = Number.POSITIVE_INFINITY,
): Promise<Uint8Array> {
  const tooLong = (): RangeError => new RangeError(`The stream is longer than the ${limit} bytes allowed.`);
  try {
    byteLimit(limit);
    const first = await source.read();
    const [only = empty] = first ?? [];
    if (only.length > limit) throw tooLong();
    let chunks = await source.read();
    // Most answers are one chunk.
    if (chunks === undefined && (first === undefined || first.length === 1)) return only;
    const pieces = new Pieces();
    for (const chunk of first ?? []) pieces.push(chunk);
    for (; chunks !== undefined; chunks = await source.read()) {
      for (const chunk of chunks) pieces.push(chunk);
      if (pieces.size > limit) throw tooLong();
    }
    if (pieces.size > limit) throw tooLong();
    return pieces.whole();
  } finally {
    source.close();
  }
}
