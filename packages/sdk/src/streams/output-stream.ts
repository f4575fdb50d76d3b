import { Readable } from "node:stream";
import { BatchIterator } from "./batch-iterator.ts";
import { joinChunks, type ByteSource } from "./byte-source.ts";
import { ByteStream } from "./byte-stream.ts";
import { frameDecoder, type FrameVisitor, type OutputChunk, type OutputName } from "./multiplex.ts";
import { OutputCollector, type CollectedOutput } from "./output-collector.ts";
import { OutputLines, type LinePrefix, type OutputLine } from "./output-lines.ts";
import { splitOutput } from "./output-split.ts";

/** Where output comes from. */
export interface OutputSource extends ByteSource {
  /** With a TTY there is one raw stream; without, frames of stdout and stderr. Known once a read has ended. */
  readonly tty: boolean;
}

/**
 * What a container or exec writes. Iterate it for chunks of stdout and stderr in the order received, take its
 * {@link lines}, its {@link text}, or {@link stdout} and {@link stderr} apart: one of these ways, once. Nothing
 * more is taken from the engine than is read. Leaving a loop early closes the connection.
 */
export class OutputStream implements AsyncIterable<OutputChunk>, AsyncDisposable {
  readonly #source: OutputSource;
  readonly #prefix: LinePrefix | undefined;
  #taken = false;
  #sides: { stdout: ByteStream; stderr: ByteStream } | undefined;

  /** @param prefix what `logs` puts before each line. */
  constructor(source: OutputSource, prefix?: LinePrefix) {
    this.#source = source;
    this.#prefix = prefix;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<OutputChunk, undefined, void> {
    const source = this.#take();
    const decode = frameDecoder(source);
    return new BatchIterator(
      async () => {
        const chunks = await source.read();
        if (chunks === undefined) {
          decode.end();
          return undefined;
        }
        const joined = new ChunkJoiner();
        for (const chunk of chunks) decode.push(chunk, joined.visit);
        return joined.end();
      },
      () => source.close(),
    );
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
   */
  lines(): AsyncIterableIterator<OutputLine, undefined, void> {
    const source = this.#take();
    const decode = frameDecoder(source);
    const lines = new OutputLines(this.#prefix);
    return new BatchIterator(
      async () => {
        const chunks = await source.read();
        if (chunks === undefined) {
          decode.end();
          return lines.end();
        }
        for (const chunk of chunks) decode.push(chunk, lines.visit);
        return lines.take();
      },
      () => source.close(),
    );
  }

  /** stdout and stderr as one text, in the order received. */
  async text(): Promise<string> {
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    let text = "";
    for await (const { stream, data } of this) text += decoders[stream].decode(data, { stream: true });
    return text + decoders.stdout.decode() + decoders.stderr.decode();
  }

  /**
   * Reads to the end and keeps both outputs as text.
   * @param options.maxBytes kept of each; the rest is read and dropped, and `truncated` says so. Default 16 MiB.
   */
  async collect(options: { maxBytes?: number | undefined } = {}): Promise<CollectedOutput> {
    const collector = new OutputCollector(options.maxBytes);
    for await (const _ of collector.pass(this));
    return collector.result();
  }

  /** stdout and stderr as one Node stream of bytes, in the order received. */
  toReadable(): Readable {
    return Readable.from(payloads(this), { objectMode: false });
  }

  /** Closes the connection; a pending read ends. */
  close(): void {
    this.#source.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  #take(): OutputSource {
    if (this.#taken) throw new TypeError("This output is being read already; it can be read once.");
    this.#taken = true;
    return this.#source;
  }

  #split(): { stdout: ByteStream; stderr: ByteStream } {
    if (this.#sides === undefined) {
      const source = this.#take();
      const { stdout, stderr } = splitOutput(source, frameDecoder(source));
      this.#sides = { stdout: new ByteStream(stdout), stderr: new ByteStream(stderr) };
    }
    return this.#sides;
  }
}

/** Joins what follows one another on the same stream, so that a flood of small frames is few chunks. */
class ChunkJoiner {
  readonly #chunks: OutputChunk[] = [];
  #parts: Uint8Array[] = [];
  #stream: OutputName = "stdout";

  readonly visit: FrameVisitor = (stream, data) => {
    if (stream !== this.#stream) this.#flush();
    this.#stream = stream;
    this.#parts.push(data);
  };

  end(): readonly OutputChunk[] {
    this.#flush();
    return this.#chunks;
  }

  #flush(): void {
    if (this.#parts.length === 0) return;
    this.#chunks.push({ stream: this.#stream, data: joinChunks(this.#parts) });
    this.#parts = [];
  }
}

async function* payloads(output: AsyncIterable<OutputChunk>): AsyncGenerator<Uint8Array> {
  for await (const { data } of output) yield data;
}
