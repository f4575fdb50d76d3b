import type { Duplex } from "node:stream";
import { ByteQueue } from "./byte-queue.ts";
import type { ByteSource } from "./byte-source.ts";

/** The receiving half of a hijacked connection. `explain` turns a broken socket into the error to throw. */
export function socketSource(
  socket: Duplex,
  explain: (error: Error) => unknown,
  signal: AbortSignal | undefined,
): ByteSource {
  const abort = (): void => queue.abort(signal?.reason);
  const queue = new ByteQueue({
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close: () => {
      signal?.removeEventListener("abort", abort);
      socket.destroy();
    },
  });
  socket.on("data", (chunk: Uint8Array) => queue.push(chunk));
  socket.on("end", () => queue.end());
  // Stays for the life of the socket: a late reset must not become an uncaught exception.
  socket.on("error", (error) => queue.fail(explain(error)));
  socket.on("close", () => {
    signal?.removeEventListener("abort", abort);
    queue.end();
  });
  if (signal?.aborted === true) abort();
  else signal?.addEventListener("abort", abort, { once: true });
  return queue;
}
