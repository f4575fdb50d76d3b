/** Bytes that no compression and no cache makes less of, and that are the same in every process. */

const PIECE = 64 * 1024;
const POOL = 8 * 1024 * 1024;

/** Marsaglia's xorshift: fast, and random enough to look so to a compressor. */
export function randomBytes(length, seed = 1) {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed;
  for (let index = 0; index < words.length; index += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  return Buffer.from(words.buffer, 0, length);
}

/** So many bytes in pieces of 64 KiB, made before they are asked for. */
export function randomPieces(bytes) {
  const pool = randomBytes(POOL);
  return (async function* () {
    yield* cut(pool, bytes);
  })();
}

/** The same, for those who do not wait. */
export function pieces(bytes) {
  return cut(randomBytes(POOL), bytes);
}

function* cut(pool, bytes) {
  for (let at = 0; at < bytes; at += PIECE) {
    const start = at % POOL;
    yield pool.subarray(start, start + Math.min(PIECE, bytes - at));
  }
}
