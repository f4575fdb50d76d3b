import type { ByteSource } from "./byte-source.ts";
import { deferred, type Deferred } from "./deferred.ts";
import type { FrameDecoder, OutputName } from "./multiplex.ts";

// What waits for a side that is not being read. Beyond it the other side waits too, and so does the process.
const bufferLimit = 1024 * 1024;

/** Takes stdout and stderr apart into two sources that share one connection. */
export function splitOutput(source: ByteSource, decoder: FrameDecoder): Record<OutputName, ByteSource> {
  const split = new OutputSplit(source, decoder);
  return { stdout: split.stdout, stderr: split.stderr };
}

class OutputSplit {
  readonly stdout: Side;
  readonly stderr: Side;
  readonly #source: ByteSource;
  readonly #decoder: FrameDecoder;
  #reading: Promise<void> | undefined;
  #over: { readonly error?: unknown } | undefined;

  constructor(source: ByteSource, decoder: FrameDecoder) {
    this.#source = source;
    this.#decoder = decoder;
    this.stdout = new Side(this);
    this.stderr = new Side(this);
  }

  get over(): { readonly error?: unknown } | undefined {
    return this.#over;
  }

  /** Waits until something has arrived or room was made. */
  async advance(reader: Side): Promise<void> {
    const other = reader === this.stdout ? this.stderr : this.stdout;
    if (other.size >= bufferLimit && (await this.#untilDrained(other))) return;
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  /** The connection is needed as long as one side that was begun is still read. */
  sideClosed(): void {
    const sides = [this.stdout, this.stderr];
    if (sides.some((side) => side.state === "reading")) return;
    // A side that is read only now must not look as if the process had written no more.
    this.#over ??= {
      error: new DOMException("The connection was closed with the other output.", "AbortError"),
    };
    this.#source.close();
  }

  /** False when there is no need to wait: the stream was stopped, which the next read tells. */
  async #untilDrained(side: Side): Promise<boolean> {
    const drained = side.drained().then(() => true);
    const stopped = this.#source.stopped?.().then(() => false);
    return await (stopped === undefined ? drained : Promise.race([drained, stopped]));
  }

  async #readOnce(): Promise<void> {
    try {
      const chunks = await this.#source.read();
      if (chunks === undefined) {
        this.#decoder.end();
        this.#over ??= {};
        return;
      }
      for (const chunk of chunks) {
        this.#decoder.push(chunk, (stream, data) => this[stream].push(data));
      }
    } catch (error) {
      this.#over ??= { error };
      this.#source.close();
    }
  }
}

class Side implements ByteSource {
  state: "unread" | "reading" | "closed" = "unread";
  size = 0;
  readonly #split: OutputSplit;
  #chunks: Uint8Array[] = [];
  #drained: Deferred | undefined;

  constructor(split: OutputSplit) {
    this.#split = split;
  }

  push(data: Uint8Array): void {
    if (this.state === "closed") return;
    this.#chunks.push(data);
    this.size += data.length;
  }

  async read(): Promise<readonly Uint8Array[] | undefined> {
    if (this.state === "unread") this.state = "reading";
    while (this.state === "reading") {
      if (this.#chunks.length > 0) return this.#take();
      const { over } = this.#split;
      if (over !== undefined) {
        if ("error" in over) throw over.error;
        return undefined;
      }
      await this.#split.advance(this);
    }
    return undefined;
  }

  close(): void {
    if (this.state === "closed") return;
    this.state = "closed";
    this.#take();
    this.#split.sideClosed();
  }

  /** Resolves when what waits here was read or dropped. */
  drained(): Promise<void> {
    this.#drained ??= deferred();
    return this.#drained.promise;
  }

  #take(): readonly Uint8Array[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.size = 0;
    this.#drained?.resolve();
    this.#drained = undefined;
    return chunks;
  }
}
