import type { Duplex } from "node:stream";
import { Readable } from "node:stream";
import { drained } from "../../streams/drained.ts";
import type { OutputStream } from "../../streams/output-stream.ts";
import type { RequestBytes } from "../../transport/call.ts";
import { bytesOrText, textOrBytes } from "../../values/argument.ts";
import { checkArguments } from "../check-arguments.ts";
import { terminalSize, type TerminalSize } from "./terminal.ts";

/** How to learn of a process's end. */
export interface ProcessExit {
  code(): Promise<number>;
  /** The connection is closed: nothing is held any longer for those who have not asked. */
  release(): void;
}

/**
 * A process of a container with its streams connected. Closing it lets the process run on.
 * `await using` closes it.
 */
export class AttachedProcess implements AsyncDisposable {
  static {
    checkArguments(AttachedProcess, "process", {
      promises: {
        write: [textOrBytes("data")],
        writeAll: [bytesOrText("input", 'createReadStream("app.sql")')],
        resize: [terminalSize],
        exitCode: [],
      },
      direct: { end: [], feed: [() => undefined], close: [] },
    });
  }

  /**
   * What the process writes. Read it, or {@link close} the process: one whose output nobody reads stands still when a few
   * megabytes have gathered, and the engine then cannot end it: `kill`, `stop` and `remove` wait (20.10.24 to 28.5.2).
   */
  readonly output: OutputStream;
  readonly #socket: Duplex;
  readonly #tty: boolean;
  readonly #resize: (size: TerminalSize) => Promise<void>;
  readonly #exit: ProcessExit;
  #ended = false;
  /** Whether a terminal has no part of a line yet. */
  #atLineStart = true;

  constructor(
    output: OutputStream,
    socket: Duplex,
    tty: boolean,
    resize: (size: TerminalSize) => Promise<void>,
    exit: ProcessExit,
  ) {
    this.output = output;
    this.#socket = socket;
    this.#tty = tty;
    this.#resize = resize;
    this.#exit = exit;
  }

  /** Writes to the process's stdin; resolves when there is room for more. */
  async write(data: string | Uint8Array): Promise<void> {
    if (this.#ended || !this.#socket.writable) return;
    if (data.length > 0) this.#atLineStart = endsLine(data);
    if (!this.#socket.write(data)) await drained(this.#socket);
  }

  /**
   * Ends stdin; output keeps coming. To a terminal this is told as on a keyboard, by Ctrl-D, which programs that read
   * single keys may take for something else.
   */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    // When a terminal's input is closed, the engine closes its output, too (seen on all, 20.10.24 to 28.5.2).
    if (!this.#tty) this.#socket.end();
    // Within a line the first Ctrl-D only hands on what there is of it.
    else if (this.#socket.writable) this.#socket.write(this.#atLineStart ? endOfInput : endOfInput.repeat(2));
  }

  /**
   * Writes everything and ends stdin as {@link end} does. What a process that has ended did not read is dropped, as in
   * a shell.
   */
  async writeAll(input: RequestBytes): Promise<void> {
    try {
      for await (const chunk of pieces(input)) {
        if (this.#socket.destroyed) return;
        await this.write(chunk);
      }
    } finally {
      this.end();
    }
  }

  /**
   * Begins {@link writeAll} without waiting for it. When the input fails, the connection is closed, so that the
   * output ends; what the input has not given when the output is over does not matter. @internal
   */
  feed(input: RequestBytes | undefined): { throwIfFailed(): void } {
    let failure: { readonly error: unknown } | undefined;
    if (input !== undefined) {
      this.writeAll(input).catch((error: unknown) => {
        failure = { error };
        this.close();
      });
    }
    return {
      throwIfFailed: () => {
        if (failure !== undefined) throw failure.error;
      },
    };
  }

  /** Changes the size of the terminal. Only with a TTY. */
  async resize(size: TerminalSize): Promise<void> {
    await this.#resize(size);
  }

  /** Waits for the end of the process. Read the {@link output} meanwhile. */
  exitCode(): Promise<number> {
    return this.#exit.code();
  }

  /** Closes the connection; the process runs on. */
  close(): void {
    this.output.close();
    this.#socket.destroy();
    this.#exit.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}

/** Ctrl-D. */
const endOfInput = "\u0004";

function endsLine(data: string | Uint8Array): boolean {
  const last = typeof data === "string" ? data.charCodeAt(data.length - 1) : data.at(-1);
  return last === 10 || last === 13; // LF, or CR, of which a terminal makes LF
}

async function* pieces(input: RequestBytes): AsyncGenerator<string | Uint8Array> {
  if (typeof input === "string" || input instanceof Uint8Array) yield input;
  else if (input instanceof Readable) yield* input as AsyncIterable<string | Uint8Array>; // not in object mode
  else yield* input;
}
