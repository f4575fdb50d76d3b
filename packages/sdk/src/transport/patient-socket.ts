import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

type Failure = (Error & { code?: string }) | null | undefined;
type Callback = (error?: Error | null) => void;

// A larger piece may have left in part before it failed.
const longestWhole = 64 * 1024;
const unsent = new WeakSet<Error>();
const raw = new WeakSet<Duplex>();

/** Whether the connection broke before a byte of the request had left: the other side cannot have acted on it. */
export function wasUnsent(error: Error): boolean {
  return unsent.has(error);
}

/** From now on the connection carries no requests any more. */
export function leaveHttp(socket: Duplex): void {
  raw.add(socket);
}

/**
 * Makes a connection take a failed write for what it is.
 *
 * When the first write of a request fails, the connection had died before, e.g. while it was idle. Nothing has been
 * sent, which {@link wasUnsent} knows of the error.
 *
 * When a later one fails, it goes on reading. An engine that refuses an upload answers and closes; Node would drop the
 * socket with the first write that fails, and the answer with it. What follows on the reading side, the answer, the
 * end or an error, decides how the exchange ends.
 */
export function bearBrokenWrites(socket: Socket): void {
  let sent = false;
  const bear = (size: number, write: (callback: Callback) => void, callback: Callback): void => {
    write((error: Failure) => {
      if (!isBrokenPipe(error)) {
        sent = true;
        return callback(error);
      }
      if (!sent && !raw.has(socket) && size <= longestWhole) {
        unsent.add(error);
        return callback(error);
      }
      if (socket.readableEnded || socket.destroyed) return callback(error);
      socket.once("end", () => callback(error));
    });
  };
  const push = socket.push.bind(socket);
  socket.push = (chunk: unknown, encoding?: BufferEncoding) => {
    sent = false; // an answer: what is written next is another request
    return push(chunk, encoding);
  };
  const write = socket._write.bind(socket);
  socket._write = (chunk: Uint8Array | string, encoding, callback) =>
    bear(chunk.length, (done) => write(chunk, encoding, done), callback);
  // A stream of another kind than a socket may lack it.
  if (typeof socket._writev !== "function") return;
  const writeAll = socket._writev.bind(socket);
  socket._writev = (
    chunks: readonly { chunk: Uint8Array | string; encoding: BufferEncoding }[],
    callback,
  ) => {
    const size = chunks.reduce((sum, { chunk }) => sum + chunk.length, 0);
    bear(size, (done) => writeAll([...chunks], done), callback);
  };
}

function isBrokenPipe(error: Failure): error is Error & { code: string } {
  return error?.code === "EPIPE" || error?.code === "ECONNRESET";
}
