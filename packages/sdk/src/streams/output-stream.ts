import { Readable } from "node:stream";
import { BatchIterator } from "./batch-iterator.ts";
import { limitOptions } from "./byte-limit.ts";
import type { ByteSource } from "./byte-source.ts";
import { ByteStream } from "./byte-stream.ts";
import { ChunkJoiner } from "./chunk-joiner.ts";
import { frameDecoder, type FrameConsumer, type FrameDecoder, type OutputChunk } from "./multiplex.ts";
import { OutputCollector, type CollectedOutput, type CollectOptions } from "./output-collector.ts";
import { OutputLines, type LinePrefix, type OutputLine } from "./output-lines.ts";
import { splitOutput } from "./output-split.ts";
import type { StreamIterator } from "./stream-iterator.ts";
import { Utf8Decoder } from "./utf8.ts";

/** Where output comes from. */
export interface OutputSource extends ByteSource {
  /** With a TTY there is one raw stream; without, frames of stdout and stderr. Known once a read has ended. */
  readonly tty: boolean;
}

/**
 * What a container or exec writes. Iterate it for chunks of stdout and stderr in the order received, take its
 * {@link lines}, its {@link text}, or {@link stdout} and {@link stderr} apart: one of these ways, once. Nothing
 * more is taken from the engine than is read. Leaving a loop early closes the connection.
 *
 * Of a process that has ended the engine keeps output that nobody takes for two seconds only, where more than about a
 * MiB waits: then its last some 100 KiB are lost (20.10.24 to 28.5.2). Where a reader may pause that long, start the
 * container without attaching to it and follow its `logs`, from which nothing is lost.
 */
export class OutputStream implements AsyncIterable<OutputChunk>, AsyncDisposable {
  readonly #source: OutputSource;
  readonly #prefix: LinePrefix | undefined;
  #taken = false;
  #closed = false;
  #sides: { stdout: ByteStream; stderr: ByteStream } | undefined;

  /** @param prefix what `logs` puts before each line. */
  constructor(source: OutputSource, prefix?: LinePrefix) {
    this.#source = source;
    this.#prefix = prefix;
  }

  [Symbol.asyncIterator](): StreamIterator<OutputChunk> {
    return this.#iterate(new ChunkJoiner((stream, data): OutputChunk => ({ stream, data })));
  }

  /** The bytes written to stdout. Bytes of stderr wait in a buffer of 1 MiB, then both wait: read the two together. */
  get stdout(): ByteStream {
    return this.#split().stdout;
  }

  /** The bytes written to stderr. See {@link stdout}. */
  get stderr(): ByteStream {
    return this.#split().stderr;
  }

  /**
   * Lines of UTF-8 text with the stream they came from. A line that the engine sent in several parts (it cuts at
   * 16 KiB) is one line; with `timestamps` each line carries its time apart from the text.
   * `ProtocolError` for a line of more than 64 Mi characters.
   */
  lines(): StreamIterator<OutputLine> {
    return this.#iterate(new OutputLines(this.#prefix));
  }

  /** stdout and stderr as one text, in the order received. */
  async text(): Promise<string> {
    const decoders = { stdout: new Utf8Decoder(), stderr: new Utf8Decoder() };
    let text = "";
    for await (const { stream, data } of this) text += decoders[stream].push(data);
    this.#throwIfClosed();
    return text + decoders.stdout.end() + decoders.stderr.end();
  }

  /** Reads to the end and keeps both outputs as text. */
  async collect(options: CollectOptions = {}): Promise<CollectedOutput> {
    // First of all, so that nothing is closed that somebody else reads.
    const chunks = this[Symbol.asyncIterator]();
    try {
      limitOptions(options, "output.collect()");
    } catch (error) {
      this.close(); // nobody will read it
      throw error;
    }
    const collector = new OutputCollector(options.maxBytes);
    for await (const _ of collector.pass(chunks));
    this.#throwIfClosed();
    return collector.result();
  }

  /** stdout and stderr as one Node stream of bytes, in the order received. */
  toReadable(): Readable {
    // Not through a generator: its `return` would wait for a chunk that may never come.
    return Readable.from(this.#iterate(new ChunkJoiner((_, data) => data)), { objectMode: false });
  }

  /** Closes the connection; a pending read ends. */
  close(): void {
    this.#closed = true;
    this.#source.close();
    this.#sides?.stdout.close();
    this.#sides?.stderr.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  #take(): OutputSource {
    if (this.#taken) throw new TypeError("This output is being read already; it can be read once.");
    this.#taken = true;
    return this.#source;
  }

  #iterate<T>(consumer: FrameConsumer<T>): BatchIterator<T> {
    const source = this.#take();
    const decoder = frameDecoder(source, consumer.joined);
    return new BatchIterator<T>(
      async (batch) => {
        const chunks = await source.read();
        if (chunks === undefined) {
          // What close() cut is no whole line, nor is a frame that it cut an error.
          if (this.#closed) return false;
          decoder.end();
          consumer.end(batch);
          return false;
        }
        try {
          for (const chunk of chunks) decoder.push(chunk, consumer.visit);
        } finally {
          consumer.take(batch);
        }
        return true;
      },
      () => source.close(),
    );
  }

  #split(): { stdout: ByteStream; stderr: ByteStream } {
    if (this.#sides === undefined) {
      const source = this.#take();
      const { stdout, stderr } = splitOutput(source, this.#decoder(source));
      this.#sides = { stdout: new ByteStream(stdout), stderr: new ByteStream(stderr) };
    }
    return this.#sides;
  }

  #decoder(source: OutputSource): FrameDecoder {
    const decoder = frameDecoder(source, true);
    return {
      push: (chunk, visit) => decoder.push(chunk, visit),
      // A frame that close() cut is no error.
      end: () => {
        if (!this.#closed) decoder.end();
      },
    };
  }

  #throwIfClosed(): void {
    if (this.#closed) throw new DOMException("The output was closed before its end.", "AbortError");
  }
}
