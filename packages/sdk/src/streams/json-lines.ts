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
  readonly #refusal: ((value: object) => Error | undefined) | undefined;
  #taken = false;
  #closed = false;

  /** @param refusal the error that a value is which is none of those asked for */
  constructor(source: ByteSource, operation?: string, refusal?: (value: object) => Error | undefined) {
    this.#source = source;
    this.#operation = operation;
    this.#refusal = refusal;
  }

  [Symbol.asyncIterator](): StreamIterator<T> {
    return new BatchIterator<T>(this.#reader(), () => this.#source.close());
  }

  /** The values that arrived together, for those who have work with each. @internal */
  batches(): StreamIterator<readonly T[]> {
    const read = this.#reader();
    return new BatchIterator<readonly T[]>(
      async (batches) => {
        const values: T[] = [];
        try {
          return await read(values);
        } finally {
          batches.push(values); // also those before a broken line
        }
      },
      () => this.#source.close(),
    );
  }

  /** Adds the next values; `false` when these were the last ones. */
  #reader(): (values: T[]) => Promise<boolean> {
    if (this.#taken) throw new TypeError("This stream is being read already; it can be read once.");
    this.#taken = true;
    const splitter = new LineSplitter(maxLine);
    return async (values) => {
      const chunks = await this.#source.read();
      if (chunks !== undefined) {
        this.#parse(splitter, chunks, values);
        return true;
      }
      // A value that close() cut is none.
      if (!this.#closed) this.#last(splitter, values);
      return false;
    };
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
      if (isBlank(line)) continue;
      values.push(
        this.#value(parsed(line, ProtocolError, "The engine sent a line that is not JSON", this.#operation)),
      );
    }
  }

  #last(splitter: LineSplitter, values: T[]): void {
    const line = splitter.end();
    if (line === undefined || isBlank(line)) return;
    // The last line may lack its line end.
    values.push(
      this.#value(
        parsed(line, StreamTruncatedError, "The stream ended inside a JSON value", this.#operation),
      ),
    );
  }

  #value(value: unknown): T {
    if (typeof value === "object" && value !== null) {
      const refused = this.#refusal?.(value);
      if (refused !== undefined) throw refused;
      return value as T; // the type that the API documents
    }
    const text = `The engine sent a line that is no JSON object: ${excerpt(JSON.stringify(value))}`;
    throw new ProtocolError(text, { operation: this.#operation });
  }
}

const brace = 0x7b;

function isBlank(line: string): boolean {
  return line.charCodeAt(0) !== brace && line.trim() === "";
}

/** @throws ErrorClass when the line is no JSON */
function parsed(
  line: string,
  ErrorClass: typeof ProtocolError | typeof StreamTruncatedError,
  what: string,
  operation: string | undefined,
): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new ErrorClass(`${what}: ${excerpt(line)}`, { operation, cause });
  }
}

function excerpt(line: string): string {
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
