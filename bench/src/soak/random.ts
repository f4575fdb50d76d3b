/** Numbers between 0 and 1 that look random, the same for the same seed (Marsaglia's xorshift with 32 bits). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
