import { ProtocolError, StreamTruncatedError } from "../errors.ts";
import { BatchIterator } from "./batch-iterator.ts";
import type { ByteSource } from "./byte-source.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { StreamIterator } from "./stream-iterator.ts";

// The largest lines seen are build traces of some hundred kilobytes. Without a bound, an endless line fills memory.
const maxLine = 32 * 1024 * 1024;

/** JSON values, one a line, as the engine sends events, stats and progress. Leaving the loop closes the connection. */
export class JsonLines<T> implements AsyncIterable<T>, AsyncDisposable {
  readonly #source: ByteSource;
  readonly #operation: string | undefined;
  #taken = false;
  #closed = false;

  constructor(source: ByteSource, operation?: string) {
    this.#source = source;
    this.#operation = operation;
  }

  [Symbol.asyncIterator](): StreamIterator<T> {
    if (this.#taken) throw new TypeError("This stream is being read already; it can be read once.");
    this.#taken = true;
    const splitter = new LineSplitter(maxLine);
    return new BatchIterator<T>(
      async (values) => {
        const chunks = await this.#source.read();
        if (chunks !== undefined) {
          this.#parse(splitter, chunks, values);
          return true;
        }
        // A value that close() cut is none.
        if (!this.#closed) this.#last(splitter, values);
        return false;
      },
      () => this.#source.close(),
    );
  }

  /** The first value; the stream is closed behind it. @throws StreamTruncatedError when there is none */
  async first(): Promise<T> {
    for await (const value of this) return value;
    throw new StreamTruncatedError("The engine sent nothing.", { operation: this.#operation });
  }

  /** Closes the connection to the engine. */
  close(): void {
    this.#closed = true;
    this.#source.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** Adds the values before the first broken line, and then throws. */
  #parse(splitter: LineSplitter, chunks: readonly Uint8Array[], values: T[]): void {
    const lines: string[] = [];
    try {
      for (const chunk of chunks) splitter.push(chunk, lines);
    } catch (error) {
      this.#parseLines(lines, values);
      throw new ProtocolError("The engine sent a JSON line of more than 32 MiB.", {
        operation: this.#operation,
        cause: error,
      });
    }
    this.#parseLines(lines, values);
  }

  #parseLines(lines: readonly string[], values: T[]): void {
    for (const line of lines) {
      if (line.trim() === "") continue;
      try {
        values.push(JSON.parse(line) as T); // the engine's answer has the type its API documents
      } catch (error) {
        throw new ProtocolError(`The engine sent a line that is not JSON: ${excerpt(line)}`, {
          operation: this.#operation,
          cause: error,
        });
      }
    }
  }

  #last(splitter: LineSplitter, values: T[]): void {
    const line = splitter.end();
    if (line === undefined || line.trim() === "") return;
    try {
      values.push(JSON.parse(line) as T); // as above; the last line may lack its line end
    } catch (error) {
      throw new StreamTruncatedError(`The stream ended inside a JSON value: ${excerpt(line)}`, {
        operation: this.#operation,
        cause: error,
      });
    }
  }
}

function excerpt(line: string): string {
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
