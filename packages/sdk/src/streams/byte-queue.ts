import type { ByteSource } from "./byte-source.ts";

/** What holds the bytes back and lets them flow again; told to the producer, e.g. a socket. */
export interface Flow {
  pause(): void;
  resume(): void;
  /** The reader has left: release the connection, if it is still held. */
  close(): void;
}

// A few socket reads. Larger buys no throughput, and every open stream may hold this much.
const highWaterMark = 256 * 1024;

/**
 * The meeting point of a pushing producer and a pulling reader, with back-pressure: above 256 KiB unread the
 * producer is paused until the reader has taken all.
 */
export class ByteQueue implements ByteSource {
  readonly #flow: Flow;
  #chunks: Uint8Array[] = [];
  /** Bytes of memory that the chunks hold. */
  #size = 0;
  #memory: ArrayBufferLike | undefined;
  #paused = false;
  #state: "open" | "ended" | "failed" | "closed" = "open";
  #error: unknown;
  #waiting: PromiseWithResolvers | undefined;
  #stopped: PromiseWithResolvers | undefined;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  push(chunk: Uint8Array): void {
    if (this.#state !== "open" || chunk.length === 0) return;
    this.#chunks.push(chunk);
    // A chunk may be a small part of what was read from the socket, all of which it keeps in memory.
    const memory = chunk.buffer;
    if (memory !== this.#memory) {
      this.#size += memory.byteLength;
      this.#memory = memory;
    }
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
    this.#chunks = [];
    this.#state = "failed";
    this.#error = reason;
    this.#stop();
  }

  async read(): Promise<readonly Uint8Array[] | undefined> {
    // A loop, since another read that waited may have taken what came.
    while (this.#chunks.length === 0 && this.#state === "open") {
      this.#waiting ??= withResolvers();
      await this.#waiting.promise;
    }
    if (this.#chunks.length > 0) return this.#take();
    if (this.#state === "failed") throw this.#error;
    return undefined;
  }

  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#chunks = [];
    this.#stop();
  }

  stopped(): Promise<void> {
    this.#stopped ??= withResolvers();
    return this.#stopped.promise;
  }

  #take(): readonly Uint8Array[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#size = 0;
    this.#memory = undefined;
    if (this.#paused) {
      this.#paused = false;
      this.#flow.resume();
    }
    return chunks;
  }

  #stop(): void {
    // Also for who asks later.
    this.#stopped ??= withResolvers();
    this.#stopped.resolve();
    this.#wake();
    this.#flow.close();
  }

  #wake(): void {
    this.#waiting?.resolve();
    this.#waiting = undefined;
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

// Promise.withResolvers is not in Node 20.
function withResolvers(): PromiseWithResolvers {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
