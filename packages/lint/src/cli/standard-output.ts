/**
 * Standard output and standard error without Node's streams: for a pipe those load its network code, which takes a fifth
 * of the time that one file takes. Files and pipes are written to at once; terminals and Windows are left to the streams.
 */
import { fstatSync, statSync, writeSync } from "node:fs";
import { devNull } from "node:os";
import { interruptible } from "../files/interruptible.ts";

/** One of the two. What cannot be written is told to `onError`, once. */
export class StandardOutput {
  readonly #descriptor: 1 | 2;
  readonly #onError: (error: NodeJS.ErrnoException) => void;
  #stream: NodeJS.WriteStream | undefined;
  #hasFailed = false;

  constructor(descriptor: 1 | 2, onError: (error: NodeJS.ErrnoException) => void) {
    this.#descriptor = descriptor;
    this.#onError = onError;
    if (isDevice(descriptor)) this.#open();
  }

  /** Whether it goes to a terminal. */
  get isTerminal(): boolean {
    return this.#stream?.isTTY === true;
  }

  /** The width of that terminal. */
  get columns(): number | undefined {
    return this.isTerminal ? this.#stream?.columns : undefined;
  }

  write(text: string): void {
    if (this.#stream !== undefined) this.#stream.write(text);
    else if (!this.#hasFailed) this.#writeAtOnce(Buffer.from(text));
  }

  #writeAtOnce(bytes: Buffer): void {
    let written = 0;
    try {
      // Nobody may read on, and handlers of signals do not run while this waits.
      interruptible(() => {
        while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
      });
    } catch (error) {
      const failure = error as NodeJS.ErrnoException; // Node's file functions throw nothing else
      // A full pipe that another process has set not to wait: a stream knows when it can go on.
      if (failure.code === "EAGAIN") this.#open().write(bytes.subarray(written));
      else this.#fail(failure);
    }
  }

  #open(): NodeJS.WriteStream {
    const stream = this.#descriptor === 1 ? process.stdout : process.stderr;
    stream.on("error", (error) => this.#fail(error));
    this.#stream = stream;
    return stream;
  }

  #fail(error: NodeJS.ErrnoException): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#onError(error);
  }
}

/** Whether it may be a terminal. */
function isDevice(descriptor: number): boolean {
  // There a pipe is no file.
  if (process.platform === "win32") return true;
  const status = fstatSync(descriptor);
  return status.isCharacterDevice() && status.rdev !== statSync(devNull).rdev;
}
