import { joinChunks } from "./byte-source.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { FrameConsumer, FrameVisitor, OutputName } from "./multiplex.ts";

/** A line of a container's output, without its line end. */
export interface OutputLine {
  /** Who wrote it. */
  readonly stream: OutputName;
  /** Without its line end. */
  readonly text: string;
  /** RFC 3339 with nanoseconds; only where `timestamps` was asked for. */
  readonly timestamp?: string;
  /** `key=value,…` of the log driver; only where `details` was asked for. */
  readonly details?: string;
}

/** What the engine puts before each line of `logs`. */
export interface LinePrefix {
  readonly timestamps: boolean;
  readonly details: boolean;
}

const space = 0x20;
// Enough for decoding to cost little. A line keeps the text that it was cut from in memory.
const joinedBytes = 16 * 1024;

/** Frames in, lines out: one decoder for each stream, since a character may be cut by a frame of the other. */
export class OutputLines implements FrameConsumer<OutputLine> {
  /** Where a frame begins matters only to prefixes. */
  readonly joined: boolean;
  readonly #prefix: LinePrefix;
  readonly #hasPrefix: boolean;
  readonly #stdout: SideLines;
  readonly #stderr: SideLines;
  #lines: OutputLine[] = [];
  /** Of one stream, to be decoded together. */
  #parts: Uint8Array[] = [];
  #size = 0;
  #stream: OutputName = "stdout";

  constructor(prefix: LinePrefix = { timestamps: false, details: false }) {
    this.#prefix = prefix;
    this.#hasPrefix = prefix.timestamps || prefix.details;
    this.joined = !this.#hasPrefix;
    const fields = Number(prefix.timestamps) + Number(prefix.details);
    this.#stdout = new SideLines(fields);
    this.#stderr = new SideLines(fields);
  }

  readonly visit: FrameVisitor = (stream, data, first) => {
    if (this.#hasPrefix) return this.#push(stream, data, first);
    if (stream !== this.#stream || this.#size > joinedBytes) this.#flush();
    this.#stream = stream;
    this.#parts.push(data);
    this.#size += data.length;
  };

  /** Adds the lines completed since the last call. */
  take(batch: OutputLine[]): void {
    try {
      this.#flush();
    } finally {
      for (const line of this.#lines) batch.push(line);
      this.#lines = [];
    }
  }

  /** Adds the unterminated last lines. */
  end(batch: OutputLine[]): void {
    for (const [stream, side] of [["stdout", this.#stdout] as const, ["stderr", this.#stderr] as const]) {
      const text = side.end();
      if (text !== undefined) batch.push(this.#line(stream, text));
    }
  }

  /** Without prefixes, short frames are decoded together. */
  #flush(): void {
    if (this.#parts.length === 0) return;
    const bytes = joinChunks(this.#parts);
    for (let at = 0; at < bytes.length; at += joinedBytes) {
      this.#push(this.#stream, bytes.subarray(at, at + joinedBytes), false);
    }
    this.#parts = [];
    this.#size = 0;
  }

  #push(stream: OutputName, data: Uint8Array, first: boolean): void {
    const side = stream === "stdout" ? this.#stdout : this.#stderr;
    for (const text of side.push(data, first)) this.#lines.push(this.#line(stream, text));
  }

  #line(stream: OutputName, text: string): OutputLine {
    if (!this.#hasPrefix) return { stream, text };
    const { timestamps, details } = this.#prefix;
    let rest = text;
    const field = (): string => {
      const end = rest.indexOf(" ");
      const value = end === -1 ? rest : rest.slice(0, end);
      rest = end === -1 ? "" : rest.slice(end + 1);
      return value;
    };
    return {
      stream,
      ...(timestamps && { timestamp: field() }),
      ...(details && { details: field() }),
      text: rest,
    };
  }
}

/**
 * The lines of one stream. The engine cuts a line at 16 KiB and repeats the prefix before each part (seen on
 * 20.10.24); a frame that continues an unfinished line loses its prefix here.
 */
class SideLines {
  readonly #splitter = new LineSplitter();
  readonly #prefixFields: number;
  #skip = 0;

  constructor(prefixFields: number) {
    this.#prefixFields = prefixFields;
  }

  push(data: Uint8Array, first: boolean): string[] {
    if (first && this.#splitter.pending) this.#skip = this.#prefixFields;
    let start = 0;
    while (this.#skip > 0) {
      const end = data.indexOf(space, start);
      if (end === -1) return []; // all of it is prefix
      start = end + 1;
      this.#skip--;
    }
    const lines: string[] = [];
    this.#splitter.push(start === 0 ? data : data.subarray(start), lines);
    return lines;
  }

  end(): string | undefined {
    return this.#splitter.end();
  }
}
