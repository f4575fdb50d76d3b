import { StreamTruncatedError, TransferError } from "../../errors.ts";
import type { ByteSource } from "../../streams/byte-source.ts";

const block = 512;
// A report of a failure is one line; its end is enough to tell.
const kept = 4096;

/**
 * Hands on a tar and raises where it ends before its end. An engine that fails while it saves has sent its status
 * already: it stops in the middle, or writes the error as JSON behind the bytes sent so far, and closes in order.
 */
export class CompleteTar implements ByteSource {
  readonly #source: ByteSource;
  readonly #operation: string;
  #size = 0;
  #tail: Uint8Array = new Uint8Array(0);
  #closed = false;

  constructor(source: ByteSource, operation: string) {
    this.#source = source;
    this.#operation = operation;
  }

  async read(): Promise<readonly Uint8Array[] | undefined> {
    const chunks = await this.#source.read();
    if (chunks === undefined) {
      if (!this.#closed) this.#check();
      return undefined;
    }
    for (const chunk of chunks) {
      this.#size += chunk.length;
      // A copy: a view would keep the whole chunk in memory.
      this.#tail =
        chunk.length >= kept
          ? Uint8Array.prototype.slice.call(chunk, -kept)
          : Buffer.concat([this.#tail, chunk]).subarray(-kept);
    }
    return chunks;
  }

  close(): void {
    this.#closed = true;
    this.#source.close();
  }

  /** A tar ends with two blocks of zeros. */
  #check(): void {
    const end = this.#tail.subarray(-2 * block);
    if (this.#size % block === 0 && end.length === 2 * block && end.every((byte) => byte === 0)) return;
    const operation = this.#operation;
    const message = reportedError(this.#tail);
    if (message !== undefined) throw new TransferError(message, { operation });
    throw new StreamTruncatedError(
      `The tar of ${operation} ends after ${this.#size} bytes, before its end.`,
      {
        operation,
      },
    );
  }
}

/** `{"errorDetail":{"message":"…"},"error":"…"}` as the last line. */
function reportedError(tail: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(tail);
  const start = text.lastIndexOf('{"errorDetail":');
  if (start === -1) return undefined;
  try {
    const { error } = JSON.parse(text.slice(start)) as { error?: unknown };
    return typeof error === "string" ? error : undefined;
  } catch {
    return undefined;
  }
}
