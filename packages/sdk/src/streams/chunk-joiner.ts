import { joinChunks, largeChunk } from "./byte-source.ts";
import type { FrameConsumer, FrameVisitor, OutputName } from "./multiplex.ts";

/** Joins what follows one another on the same stream, so that a flood of small frames is few chunks. */
export class ChunkJoiner<T> implements FrameConsumer<T> {
  readonly joined = true;
  readonly #make: (stream: OutputName, data: Uint8Array) => T;
  #chunks: T[] = [];
  #parts: Uint8Array[] = [];
  #stream: OutputName = "stdout";

  constructor(make: (stream: OutputName, data: Uint8Array) => T) {
    this.#make = make;
  }

  readonly visit: FrameVisitor = (stream, data) => {
    const isLarge = data.length >= largeChunk;
    if (stream !== this.#stream || isLarge) this.#flush();
    this.#stream = stream;
    if (isLarge) this.#chunks.push(this.#make(stream, data));
    else this.#parts.push(data);
  };

  take(batch: T[]): void {
    this.#flush();
    for (const chunk of this.#chunks) batch.push(chunk);
    this.#chunks = [];
  }

  end(): void {
    // Nothing waits between two batches.
  }

  #flush(): void {
    if (this.#parts.length === 0) return;
    this.#chunks.push(this.#make(this.#stream, joinChunks(this.#parts)));
    this.#parts = [];
  }
}
