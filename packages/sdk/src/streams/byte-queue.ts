import type { ByteSource } from "./byte-source.ts";
import { deferred, type Deferred } from "./deferred.ts";
import { ownMemory } from "./own-memory.ts";

/** What holds the bytes back and lets them flow again; told to the producer, e.g. a socket. */
export interface Flow {
  pause(): void;
  resume(): void;
  /** The reader has left: release the connection, if it is still held. */
  close(): void;
}

// A few socket reads. Larger buys no throughput, and every open stream may hold this much.
const highWaterMark = 256 * 1024;
// Bytes. To copy so little costs less than to hand it on: the engine sends every line of a log as a chunk of its own.
const smallChunk = 4 * 1024;
const shortestSlab = 4 * 1024;
const longestSlab = 64 * 1024;

/**
 * The meeting point of a pushing producer and a pulling reader, with back-pressure: above 256 KiB unread the
 * producer is paused until the reader has taken all. Small chunks that follow one another are handed over as one.
 */
export class ByteQueue implements ByteSource {
  readonly #flow: Flow;
  #chunks: Uint8Array[] = [];
  /** Bytes of memory that the chunks hold. */
  #size = 0;
  #memory: ArrayBufferLike | undefined;
  /** Whether what came last was small. Only what follows is copied: most answers are one chunk. */
  #small = false;
  /** Where small chunks are copied to: what lies before `#from` was handed over, what lies before `#used` not yet. */
  #slab: Buffer = noSlab;
  #from = 0;
  #used = 0;
  #paused = false;
  #state: "open" | "ended" | "failed" | "closed" = "open";
  #error: unknown;
  #waiting: Deferred | undefined;
  #stopped: Deferred | undefined;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  push(chunk: Uint8Array): void {
    if (this.#state !== "open" || chunk.length === 0) return;
    const small = chunk.length < smallChunk;
    if (small && this.#small) this.#copy(chunk);
    else this.#keep(chunk);
    this.#small = small;
    if (this.#size >= highWaterMark && !this.#paused) {
      this.#paused = true;
      this.#flow.pause();
    }
    if (this.#waiting !== undefined) this.#wake();
  }

  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ended";
    this.#wake();
  }

  /** What was received before is still read; then the error is thrown. */
  fail(error: unknown): void {
    if (this.#state !== "open") return;
    this.#state = "failed";
    this.#error = error;
    this.#wake();
  }

  /** Like {@link fail}, but unread bytes are dropped: the reader asked to stop. */
  abort(reason: unknown): void {
    if (this.#state === "closed") return;
    this.#drop();
    this.#state = "failed";
    this.#error = reason;
    this.#stop();
  }

  async read(): Promise<readonly Uint8Array[] | undefined> {
    // A loop, since another read that waited may have taken what came.
    while (this.#isEmpty && this.#state === "open") {
      this.#waiting ??= deferred();
      await this.#waiting.promise;
    }
    if (!this.#isEmpty) return this.#take();
    if (this.#state === "failed") throw this.#error;
    return undefined;
  }

  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#drop();
    this.#stop();
  }

  stopped(): Promise<void> {
    this.#stopped ??= deferred();
    return this.#stopped.promise;
  }

  get #isEmpty(): boolean {
    return this.#chunks.length === 0 && this.#from === this.#used;
  }

  #keep(chunk: Uint8Array): void {
    this.#seal();
    this.#chunks.push(chunk);
    // A chunk may be a small part of what was read from the socket, all of which it keeps in memory.
    const memory = chunk.buffer;
    if (memory === this.#memory) return;
    this.#size += memory.byteLength;
    this.#memory = memory;
  }

  #copy(chunk: Uint8Array): void {
    if (this.#used + chunk.length > this.#slab.length) {
      this.#seal();
      this.#slab = ownMemory(Math.min(Math.max(this.#slab.length * 2, shortestSlab), longestSlab));
      this.#from = 0;
      this.#used = 0;
    }
    this.#slab.set(chunk, this.#used);
    this.#used += chunk.length;
    this.#size += chunk.length;
  }

  /** What was copied becomes a chunk. */
  #seal(): void {
    if (this.#from === this.#used) return;
    this.#chunks.push(this.#slab.subarray(this.#from, this.#used));
    this.#from = this.#used;
  }

  #drop(): void {
    this.#chunks = [];
    this.#from = this.#used;
  }

  #take(): readonly Uint8Array[] {
    this.#seal();
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#size = 0;
    this.#memory = undefined;
    this.#small = false;
    if (this.#paused) {
      this.#paused = false;
      this.#flow.resume();
    }
    return chunks;
  }

  #stop(): void {
    // Also for who asks later.
    this.#stopped ??= deferred();
    this.#stopped.resolve();
    this.#wake();
    this.#flow.close();
  }

  #wake(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }
}

const noSlab = Buffer.alloc(0);
