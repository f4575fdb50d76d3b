import { byteLimit } from "./byte-limit.ts";
import { Pieces } from "./byte-source.ts";
import type { OutputChunk, OutputName } from "./multiplex.ts";
import { asciiText } from "./utf8.ts";

const defaultLimit = 16 * 1024 * 1024;

/** Collected output. */
export interface CollectedOutput {
  /** UTF-8 text. */
  readonly stdout: string;
  /** UTF-8 text; empty with a terminal. */
  readonly stderr: string;
  /** True when more than `maxBytes` were written to one of them and the rest is missing here. */
  readonly truncated: boolean;
}

/** How much of an output is kept. */
export interface CollectOptions {
  /** Bytes kept of stdout and of stderr, each; the rest is read and dropped, and `truncated` says so. Default 16 MiB. */
  readonly maxBytes?: number | undefined;
}

/** Keeps what passes by, up to a limit, as the text of a result. */
export class OutputCollector {
  readonly #limit: number;
  readonly #kept: Record<OutputName, Pieces> = { stdout: new Pieces(), stderr: new Pieces() };
  #truncated = false;

  /** @param limit of stdout and of stderr, each, in bytes; default 16 MiB. */
  constructor(limit: number = defaultLimit) {
    this.#limit = byteLimit(limit);
  }

  async *pass(output: AsyncIterable<OutputChunk>): AsyncGenerator<OutputChunk, void, void> {
    for await (const chunk of output) {
      this.#keep(chunk);
      yield chunk;
    }
  }

  result(): CollectedOutput {
    // Cut short, the text ends before a character that is not whole.
    const options = { stream: this.#truncated };
    const text = (name: OutputName): string => {
      const bytes = this.#kept[name].whole();
      return asciiText(bytes) ?? new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes, options);
    };
    return { stdout: text("stdout"), stderr: text("stderr"), truncated: this.#truncated };
  }

  #keep({ stream, data }: OutputChunk): void {
    const room = this.#limit - this.#kept[stream].size;
    if (data.length > room) this.#truncated = true;
    if (room <= 0) return;
    this.#kept[stream].push(data.length <= room ? data : data.slice(0, room));
  }
}
