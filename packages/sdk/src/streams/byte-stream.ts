import { Readable } from "node:stream";
import { ReadableStream } from "node:stream/web";
import { BatchIterator } from "./batch-iterator.ts";
import { joinChunks, readAll, type ByteSource } from "./byte-source.ts";
import { LineSplitter } from "./line-splitter.ts";

/**
 * Bytes from the engine, pulled by whoever reads: nothing more is taken from the socket than is read. It can be
 * read once, in one of its ways. Leaving a loop early closes the connection to the engine.
 */
export class ByteStream implements AsyncIterable<Uint8Array>, AsyncDisposable {
  readonly #source: ByteSource;
  #taken = false;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array, undefined, void> {
    const source = this.take();
    return new BatchIterator(
      async () => {
        const chunks = await source.read();
        return chunks && [joinChunks(chunks)];
      },
      () => source.close(),
    );
  }

  /** Lines of UTF-8 text, without their line ends. */
  lines(): AsyncIterableIterator<string, undefined, void> {
    const source = this.take();
    const splitter = new LineSplitter();
    return new BatchIterator(
      async () => {
        const lines: string[] = [];
        const chunks = await source.read();
        if (chunks === undefined) {
          const last = splitter.end();
          return last === undefined ? undefined : [last];
        }
        for (const chunk of chunks) splitter.push(chunk, lines);
        return lines;
      },
      () => source.close(),
    );
  }

  /** All of it as UTF-8 text. @param options.maxBytes `RangeError` beyond; default: no limit. */
  async text(options: { maxBytes?: number } = {}): Promise<string> {
    return new TextDecoder().decode(await this.bytes(options));
  }

  /** All of it. @param options.maxBytes `RangeError` beyond; default: no limit. */
  async bytes(options: { maxBytes?: number } = {}): Promise<Uint8Array> {
    return await readAll(this.take(), options.maxBytes);
  }

  /** As a Node stream; destroying it closes the connection. */
  toReadable(): Readable {
    return Readable.from(this, { objectMode: false });
  }

  /** As a web stream; cancelling it closes the connection. */
  toWeb(): ReadableStream<Uint8Array> {
    const source = this.take();
    return new ReadableStream<Uint8Array>({
      async pull(controller) {
        const chunks = await source.read();
        if (chunks === undefined) return controller.close();
        controller.enqueue(joinChunks(chunks));
      },
      cancel: () => source.close(),
    });
  }

  /** Closes the connection; a pending read ends. */
  close(): void {
    this.#source.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** The bytes underneath, for another codec. @internal */
  take(): ByteSource {
    if (this.#taken) throw new TypeError("This stream is being read already; it can be read once.");
    this.#taken = true;
    return this.#source;
  }
}
