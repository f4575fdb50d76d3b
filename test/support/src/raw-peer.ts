import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { tempDir } from "./temp-dir.ts";

/** Listens like an engine and answers every request with bytes as they are, HTTP or not. */
export interface RawPeer extends AsyncDisposable {
  /** As in DOCKER_HOST. */
  readonly host: string;
  /** How many client connections are open now. */
  readonly connections: number;
  /** Resolves when no client connection is open. */
  idle(): Promise<void>;
}

/** @param answer is called when the head of a request has come; what is written to the socket is up to it. */
export async function startRawPeer(
  answer: (socket: Socket, head: string) => void | Promise<void>,
): Promise<RawPeer> {
  const folder = await tempDir();
  const path = folder.join("peer.sock");
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      sockets.delete(socket);
      if (sockets.size > 0) return;
      for (const resolve of waiting) resolve();
      waiting.clear();
    });
    socket.on("data", (data: Buffer) => {
      const [head] = /^[A-Z]+ \S+ HTTP\/1\.1\r\n/.exec(data.toString("latin1", 0, 4096)) ?? [];
      if (head !== undefined) void answer(socket, head.trim());
    });
  });
  server.listen(path);
  await once(server, "listening");
  return {
    host: `unix://${path}`,
    get connections() {
      return sockets.size;
    },
    async idle() {
      if (sockets.size > 0) await new Promise<void>((resolve) => waiting.add(resolve));
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await folder[Symbol.asyncDispose]();
    },
  };
}
