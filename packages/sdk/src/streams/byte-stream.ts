import { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import { BatchIterator } from "./batch-iterator.ts";
import { limitOptions, type ByteLimitOptions } from "./byte-limit.ts";
import { joinSmallChunks, readAll, type ByteSource } from "./byte-source.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { StreamIterator } from "./stream-iterator.ts";
import { decodeUtf8 } from "./utf8.ts";

/**
 * Bytes from the engine, pulled by whoever reads: nothing more is taken from the socket than is read. It can be
 * read once, in one of its ways. Leaving a loop early closes the connection to the engine.
 */
export class ByteStream implements AsyncIterable<Uint8Array>, AsyncDisposable {
  readonly #source: ByteSource;
  #taken = false;
  #closed = false;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): StreamIterator<Uint8Array> {
    const source = this.take();
    return new BatchIterator<Uint8Array>(
      async (batch) => {
        const chunks = await source.read();
        if (chunks === undefined) return false;
        batch.push(...joinSmallChunks(chunks));
        return true;
      },
      () => source.close(),
    );
  }

  /** Lines of UTF-8 text, without their line ends. `ProtocolError` for one of more than 64 Mi characters. */
  lines(): StreamIterator<string> {
    const source = this.take();
    const splitter = new LineSplitter();
    return new BatchIterator<string>(
      async (lines) => {
        const chunks = await source.read();
        if (chunks !== undefined) {
          for (const chunk of chunks) splitter.push(chunk, lines);
          return true;
        }
        const last = splitter.end();
        // A line that close() cut is none.
        if (last !== undefined && !this.#closed) lines.push(last);
        return false;
      },
      () => source.close(),
    );
  }

  /** All of it as UTF-8 text. @throws RangeError when it is longer than `maxBytes` */
  async text(options: ByteLimitOptions = {}): Promise<string> {
    return decodeUtf8(await this.#all(options, "stream.text()"));
  }

  /** All of it. @throws RangeError when it is longer than `maxBytes` */
  async bytes(options: ByteLimitOptions = {}): Promise<Uint8Array> {
    return await this.#all(options, "stream.bytes()");
  }

  /** As a Node stream; destroying it closes the connection. */
  toReadable(): Readable {
    return Readable.from(this, { objectMode: false });
  }

  /** As a web stream; cancelling it closes the connection. */
  toWeb(): ReadableStream<Uint8Array> {
    const chunks = this[Symbol.asyncIterator]();
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const { done, value } = await chunks.next();
          if (done === true) controller.close();
          else controller.enqueue(value);
        },
        cancel: async () => void (await chunks.return?.()),
      },
      { highWaterMark: 0 }, // the queue below buffers enough
    );
  }

  /** Closes the connection; a pending read ends. */
  close(): void {
    this.#closed = true;
    this.#source.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  async #all(options: ByteLimitOptions, of: string): Promise<Uint8Array> {
    const source = this.take();
    try {
      limitOptions(options, of);
    } catch (error) {
      source.close(); // it was taken, and nobody will read it
      throw error;
    }
    const bytes = await readAll(source, options.maxBytes);
    // What close() cut short is not all of it.
    if (this.#closed) throw new DOMException("The stream was closed before its end.", "AbortError");
    return bytes;
  }

  /** The bytes underneath, for another codec. @internal */
  take(): ByteSource {
    if (this.#taken) throw new TypeError("This stream is being read already; it can be read once.");
    this.#taken = true;
    return this.#source;
  }
}
