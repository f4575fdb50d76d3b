/** Pulls exact amounts of bytes out of chunks of any size. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Some bytes, at least one and at most `most`; undefined at the end. They are valid until the next call. */
  async some(most: number): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return undefined;
      this.#rest = next.value;
    }
    const bytes = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes;
  }

  /** So many bytes, or fewer where the end comes first. */
  async upTo(length: number): Promise<Uint8Array> {
    if (this.#rest.length >= length) {
      const bytes = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      return bytes;
    }
    // Made once, since pieces may be single bytes.
    const bytes = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const part = await this.some(length - filled);
      if (part === undefined) break;
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes.subarray(0, filled);
  }

  /** All that is left. */
  async *remaining(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const bytes = await this.some(Number.POSITIVE_INFINITY);
      if (bytes === undefined) return;
      yield bytes;
    }
  }

  /** Tells the source that nobody reads on. */
  async close(): Promise<void> {
    this.#rest = new Uint8Array(0);
    await this.#chunks.return?.();
  }
}
