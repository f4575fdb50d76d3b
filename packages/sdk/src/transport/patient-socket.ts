import type { Socket } from "node:net";

type Callback = (error?: Error | null) => void;

/**
 * Goes on reading when the other side no longer takes what is written. An engine that refuses an upload answers and
 * closes; Node would drop the socket with the first write that fails, and the answer with it. What follows on the
 * reading side, the answer, the end or an error, decides how the exchange ends.
 */
export function readOnAfterBrokenWrite(socket: Socket): void {
  const patient = (write: (callback: Callback) => void, callback: Callback): void => {
    write((error) => {
      if (!isBrokenPipe(error) || socket.readableEnded || socket.destroyed) return callback(error);
      socket.once("end", () => callback(error));
    });
  };
  const write = socket._write.bind(socket);
  socket._write = (chunk: unknown, encoding, callback) =>
    patient((done) => write(chunk, encoding, done), callback);
  // A stream of another kind than a socket may lack it.
  if (typeof socket._writev !== "function") return;
  const writeAll = socket._writev.bind(socket);
  socket._writev = (chunks, callback) => patient((done) => writeAll(chunks, done), callback);
}

function isBrokenPipe(error: (Error & { code?: string }) | null | undefined): boolean {
  return error?.code === "EPIPE" || error?.code === "ECONNRESET";
}
