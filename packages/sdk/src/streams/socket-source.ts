import type { Duplex } from "node:stream";
import { onAbort } from "../on-abort.ts";
import { ByteQueue } from "./byte-queue.ts";
import type { ByteSource } from "./byte-source.ts";

/**
 * The receiving half of a hijacked connection.
 * @param explain turns what broke the socket into the error to throw, or into `undefined` where it is an end.
 */
export function socketSource(
  socket: Duplex,
  explain: (error: Error) => unknown,
  signal: AbortSignal | undefined,
): ByteSource {
  const abort = (): void => queue.abort(signal?.reason);
  const ignoreAbort = onAbort(signal, abort);
  const queue = new ByteQueue({
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close: () => {
      ignoreAbort();
      socket.destroy();
    },
  });
  const broken = (error: Error): void => {
    const reason = explain(error);
    if (reason === undefined) queue.end();
    else queue.fail(reason);
  };
  socket.on("data", (chunk: Uint8Array) => queue.push(chunk));
  socket.on("end", () => queue.end());
  // Stays for the life of the socket: a late reset must not become an uncaught exception.
  socket.on("error", broken);
  socket.on("close", () => {
    ignoreAbort();
    queue.end();
  });
  // What happened before anybody listened is not told by events any more.
  if (socket.errored !== null) broken(socket.errored);
  else if (socket.closed) queue.end();
  if (signal?.aborted === true) abort();
  return queue;
}
