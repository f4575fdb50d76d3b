import { OperationError, ProtocolError, StreamTruncatedError } from "../errors.ts";
import { largeChunk } from "./byte-source.ts";
import { isOwn } from "./own-memory.ts";

/** Which of a process's outputs. With a TTY everything is `stdout`. */
export type OutputName = "stdout" | "stderr";

/** Some bytes that a process wrote. */
export interface OutputChunk {
  /** Who wrote it. With a terminal all is `stdout`. */
  readonly stream: OutputName;
  /** The bytes of one frame. */
  readonly data: Uint8Array;
}

/** Gets a piece of a frame's payload; `first` on the piece that begins a frame, unless frames come joined. */
export type FrameVisitor = (stream: OutputName, data: Uint8Array, first: boolean) => void;

/** Makes values of what a decoder visits. */
export interface FrameConsumer<T> {
  /** Whether it means nothing where a frame begins. */
  readonly joined: boolean;
  readonly visit: FrameVisitor;
  /** Adds what is complete. */
  take(batch: T[]): void;
  /** Adds what the end completes. */
  end(batch: T[]): void;
}

/** Bytes in, pieces of stdout and stderr out. */
export interface FrameDecoder {
  push(chunk: Uint8Array, visit: FrameVisitor): void;
  /** Throws when the stream ended inside a frame. */
  end(): void;
}

/**
 * With a TTY the bytes are the output as it is; without one they are frames. Which, is asked at the first bytes.
 * @param joined for those to whom it means nothing where a frame begins.
 */
export function frameDecoder(source: { readonly tty: boolean }, joined: boolean = false): FrameDecoder {
  let demultiplexer: Demultiplexer | undefined;
  return {
    push(chunk, visit) {
      if (demultiplexer === undefined) {
        if (source.tty) return visit("stdout", chunk, false);
        demultiplexer = new Demultiplexer(joined);
      }
      demultiplexer.push(chunk, visit);
    },
    end: () => demultiplexer?.end(),
  };
}

const headerLength = 8;
// Bytes of an error of the engine. What is longer is cut, and not waited for.
const longestMessage = 4096;
const streams: readonly (OutputName | "system")[] = ["stdout", "stdout", "stderr", "system"];

/**
 * Decodes the engine's multiplexed output: frames of `[type, 0, 0, 0, length as 4 bytes big-endian]` and payload
 * (Engine API, ContainerAttach). Pieces may be cut anywhere; payloads are handed on as they come, uncopied, or joined.
 * Type 3 carries an error of the engine itself, which is thrown.
 */
export class Demultiplexer implements FrameDecoder {
  readonly #header = new Uint8Array(headerLength);
  #headerFilled = 0;
  #stream: OutputName | "system" = "stdout";
  #remaining = 0;
  #first = false;
  #systemMessage: Buffer = Buffer.alloc(0);
  readonly #joined: boolean;

  /** @param joined hands on as one what follows one another on the same stream: a log has a frame for each line. */
  constructor(joined: boolean = false) {
    this.#joined = joined;
  }

  push(chunk: Uint8Array, visit: FrameVisitor): void {
    if (this.#joined) this.#pushJoined(chunk, visit);
    else this.#pushFrames(chunk, visit);
  }

  /**
   * The payloads of a run of frames are moved together, in the chunk or in a copy of it: an array and a copy for each of
   * them would cost several times as much.
   */
  #pushJoined(chunk: Uint8Array, visit: FrameVisitor): void {
    let bytes = chunk;
    let stream: OutputName = "stdout";
    let start = 0;
    let end = 0;
    let open = false;
    let moved = false;
    const handOn = (): void => {
      if (start === end) return;
      const run = bytes.subarray(start, end);
      // Few bytes must not keep all that their headers took.
      const sparse = moved && run.length * 2 < bytes.length;
      visit(stream, sparse ? Buffer.from(run) : run, false);
    };
    let offset = 0;
    try {
      while (offset < chunk.length) {
        if (this.#remaining === 0) {
          offset = this.#readHeader(chunk, offset);
          continue;
        }
        const from = offset;
        offset = Math.min(from + this.#remaining, chunk.length);
        const length = offset - from;
        this.#remaining -= length;
        if (this.#stream === "system") this.#readSystem(chunk.subarray(from, offset));
        else if (open && stream === this.#stream && length < largeChunk) {
          if (!moved && !isOwn(chunk)) bytes = Buffer.from(chunk);
          moved = true;
          bytes.copyWithin(end, from, offset);
          end += length;
        } else {
          handOn();
          stream = this.#stream;
          start = from;
          end = offset;
          open = length < largeChunk;
        }
      }
    } finally {
      // What came before an error, too.
      handOn();
    }
  }

  #pushFrames(chunk: Uint8Array, visit: FrameVisitor): void {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#remaining === 0) {
        offset = this.#readHeader(chunk, offset);
        continue;
      }
      const end = Math.min(offset + this.#remaining, chunk.length);
      const data = chunk.subarray(offset, end);
      this.#remaining -= data.length;
      offset = end;
      if (this.#stream === "system") this.#readSystem(data);
      else visit(this.#stream, data, this.#first);
      this.#first = false;
    }
  }

  end(): void {
    if (this.#headerFilled === 0 && this.#remaining === 0) return;
    throw new StreamTruncatedError("The output of the container ended in the middle of a frame.");
  }

  #readHeader(chunk: Uint8Array, offset: number): number {
    if (this.#headerFilled === 0 && chunk.length - offset >= headerLength) {
      this.#begin(chunk, offset);
      return offset + headerLength;
    }
    const header = this.#header;
    const taken = Math.min(headerLength - this.#headerFilled, chunk.length - offset);
    for (let i = 0; i < taken; i++) header[this.#headerFilled + i] = chunk[offset + i] ?? 0;
    this.#headerFilled += taken;
    if (this.#headerFilled === headerLength) {
      this.#headerFilled = 0;
      this.#begin(header, 0);
    }
    return offset + taken;
  }

  /** Of a header that is whole. By index, since this is done for every line of a log. */
  #begin(bytes: Uint8Array, at: number): void {
    const stream = streams[bytes[at] ?? 0];
    const zeros = (bytes[at + 1] ?? 0) | (bytes[at + 2] ?? 0) | (bytes[at + 3] ?? 0);
    if (stream === undefined || zeros !== 0) {
      const header = Buffer.from(bytes.subarray(at, at + headerLength)).toString("hex");
      throw new ProtocolError(
        `The engine sent a frame header that does not exist (${header}): is the container's TTY setting known?`,
      );
    }
    this.#stream = stream;
    this.#remaining =
      (bytes[at + 4] ?? 0) * 0x1000000 +
      (((bytes[at + 5] ?? 0) << 16) | ((bytes[at + 6] ?? 0) << 8) | (bytes[at + 7] ?? 0));
    this.#first = true;
    if (stream === "system" && this.#remaining === 0) this.#readSystem(new Uint8Array());
  }

  #readSystem(data: Uint8Array): void {
    const room = longestMessage - this.#systemMessage.length;
    this.#systemMessage = Buffer.concat([this.#systemMessage, data.subarray(0, room)]);
    if (this.#remaining > 0 && data.length < room) return;
    const message = this.#systemMessage.toString("utf8").trim();
    throw new OperationError(`The engine reported an error inside the stream: ${message}`);
  }
}
