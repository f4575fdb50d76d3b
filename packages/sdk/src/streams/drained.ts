import type { Writable } from "node:stream";

/** Waits until a stream takes more. One that closes never drains; what broke it is told to whoever reads or ends it. */
export function drained(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off("drain", done).off("close", done);
      resolve();
    };
    stream.on("drain", done).on("close", done);
  });
}
