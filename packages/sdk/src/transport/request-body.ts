import { Readable } from "node:stream";

/** A body in any form the transport can send without holding it in memory. */
export type RequestBytes = Uint8Array | string | Readable | AsyncIterable<Uint8Array>;

/**
 * Keeps a stream's error for whoever will read it. A stream may fail before it is read, e.g. by a missing file;
 * without a listener that ends the process.
 */
export function keepError(body: unknown): void {
  if (body instanceof Readable) body.on("error", ignore);
}

/** Lets go of a body that will not be sent, with what it holds, e.g. an open file. */
export function discard(body: unknown): void {
  if (body instanceof Readable) body.destroy();
}

/** A body that is produced while it is sent. Its producer's error is told apart from those of the connection. */
export class ProducedBody implements AsyncIterableIterator<Uint8Array> {
  readonly #body: AsyncIterable<Uint8Array>;
  #chunks: AsyncIterator<Uint8Array> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(body: Readable | AsyncIterable<Uint8Array>) {
    keepError(body);
    this.#body = body;
  }

  /** What the producer has thrown, if it has. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    try {
      this.#chunks ??= this.#body[Symbol.asyncIterator]();
      return await this.#chunks.next();
    } catch (error) {
      this.#failure ??= { error };
      // undici takes a falsy error for the end.
      throw error instanceof Error ? error : new Error("The body could not be produced.", { cause: error });
    }
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.release();
    return { done: true, value: undefined };
  }

  /** The exchange is over: the producer need not go on, also while a chunk is awaited from it. */
  release(): void {
    discard(this.#body);
    const returned = this.#chunks?.return?.();
    returned?.catch(ignore);
  }
}

function ignore(): void {
  // Whoever reads the stream is told as well.
}
