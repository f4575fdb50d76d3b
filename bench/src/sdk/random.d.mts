// random.mjs is loaded by measured processes, which run as they are.
/** Bytes that look random, and are the same for the same seed. */
export function randomBytes(length: number, seed?: number): Buffer;
/** So many bytes in pieces of 64 KiB. */
export function pieces(bytes: number): Generator<Buffer>;
/** The same, for those who wait between them. */
export function randomPieces(bytes: number): AsyncGenerator<Buffer>;
