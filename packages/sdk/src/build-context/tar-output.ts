import { blockSize } from "./tar-header.ts";

/** Bytes handed over at a time: smaller chunks cost more calls, larger ones only more memory. */
const chunkSize = 1024 * blockSize;

/** Chunks in turn use: one is with the reader, one is filled, one is a margin. */
const chunksInTurn = 3;

/** Gathers a tar into chunks of 512 KiB. */
export class TarOutput {
  readonly #turns: Buffer[] | undefined;
  #turn = 0;
  #chunk: Buffer;
  #used = 0;

  /**
   * `reuseMemory`: a chunk is valid only until the next one is taken. Otherwise each has memory of its own, which
   * costs a third of the time of a large upload, for fresh pages and collecting garbage.
   */
  constructor(reuseMemory: boolean) {
    this.#turns = reuseMemory ? [] : undefined;
    this.#chunk = this.#newChunk();
  }

  /** Bytes that still fit into this chunk. */
  get room(): number {
    return chunkSize - this.#used;
  }

  /** Hands over what was gathered and starts a new chunk. */
  take(): Uint8Array {
    const full = this.#chunk.subarray(0, this.#used);
    this.#chunk = this.#newChunk();
    this.#used = 0;
    return full;
  }

  /** Adds what fits of these bytes and says how many did. */
  append(bytes: Uint8Array): number {
    const part = bytes.length > this.room ? bytes.subarray(0, this.room) : bytes;
    this.#chunk.set(part, this.#used);
    this.#used += part.length;
    return part.length;
  }

  /** The memory of the next bytes, which the caller fills before the next `take`. At most `room`. */
  claim(length: number): Buffer {
    const start = this.#used;
    this.#used += length;
    return this.#chunk.subarray(start, this.#used);
  }

  /** Gives back the end of what was claimed. */
  unclaim(length: number): void {
    this.#used -= length;
  }

  /** Fills up to a whole block. Always fits, since a chunk is whole blocks too. */
  pad(): void {
    const end = Math.ceil(this.#used / blockSize) * blockSize;
    this.#chunk.fill(0, this.#used, end);
    this.#used = end;
  }

  #newChunk(): Buffer {
    if (this.#turns === undefined) return Buffer.allocUnsafeSlow(chunkSize);
    this.#turn = (this.#turn + 1) % chunksInTurn;
    return (this.#turns[this.#turn] ??= Buffer.allocUnsafeSlow(chunkSize));
  }
}
