/**
 * An engine that answers from memory, as fast as a client can ask: what is left to measure is the client. It knows no
 * more of HTTP than the clients compared here say.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BodyReader } from "./body-reader.ts";

/** Gets the pieces of a request's body, and then the end. */
export interface BodySink {
  push(chunk: Buffer): void;
  /** The whole answer. */
  end(): Promise<Uint8Array>;
}

/** What is asked, without the version in the path. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: string;
}

/** Answers with bytes, with an iterable of them, or with where the body goes. */
export type Answer = (
  asked: Asked,
) => Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array> | BodySink;

export interface FakeServer extends AsyncDisposable {
  readonly socketPath: string;
}

/** An answer of one piece. */
export function jsonAnswer(value: unknown, headers = ""): Buffer {
  const body = JSON.stringify(value);
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nOstype: linux\r\nContent-Type: application/json\r\n${headers}` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

const PONG = Buffer.from(
  "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nOstype: linux\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nOK",
);
// What the Docker CLI asks with: no body.
const PONG_TO_HEAD = Buffer.from(
  "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nOstype: linux\r\nContent-Length: 0\r\n\r\n",
);

/** Listens on a Unix socket of its own. `/_ping` is answered already. */
export async function fakeServer(answer: Answer): Promise<FakeServer> {
  const folder = await mkdtemp(join(tmpdir(), "bench-engine-"));
  const socketPath = join(folder, "docker.sock");
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined); // clients come and go
    void converse(socket, answer).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    socketPath,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

async function converse(socket: Socket, answer: Answer): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let body: { readonly reader: BodyReader; readonly sink: BodySink } | undefined;
  for await (const data of socket as AsyncIterable<Buffer>) {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data]);
    while (rest.length > 0) {
      if (body !== undefined) {
        const used = body.reader.read(rest, body.sink);
        rest = rest.subarray(used);
        if (!body.reader.ended) break;
        await write(socket, await body.sink.end());
        body = undefined;
        continue;
      }
      const end = rest.indexOf("\r\n\r\n");
      if (end === -1) break;
      const asked = parse(rest.toString("latin1", 0, end));
      rest = rest.subarray(end + 4);
      const said = asked.path === "/_ping" ? (asked.method === "HEAD" ? PONG_TO_HEAD : PONG) : answer(asked);
      if ("end" in said) {
        body = { reader: new BodyReader(asked.headers), sink: said };
        if (/^expect:/im.test(asked.headers)) socket.write("HTTP/1.1 100 Continue\r\n\r\n");
      } else if (said instanceof Uint8Array) socket.write(said);
      else for await (const piece of said) await write(socket, piece);
    }
  }
}

function parse(head: string): Asked {
  const [, method = "", path = ""] = /^(\S+) (?:\/v[\d.]+)?([^ ?]*)/.exec(head) ?? [];
  return { method, path, headers: head };
}

function write(socket: Socket, piece: Uint8Array): Promise<void> | undefined {
  if (socket.write(piece) || socket.destroyed) return undefined;
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off("drain", done).off("close", done);
      resolve();
    };
    socket.on("drain", done).on("close", done);
  });
}
