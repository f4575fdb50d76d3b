import {
  ServerResponse,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";

export interface RecordedRequest {
  readonly method: string;
  /** As sent, version prefix, escapes and query included. */
  readonly url: string;
  /** Still percent-encoded, without the `/v1.41` prefix and the query. */
  readonly path: string;
  /** `1.41`, or undefined when the path had no version. */
  readonly version: string | undefined;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body, once it was read by `exchange.body()` (a request to upgrade: always). */
  body: Buffer | undefined;
}

/** One request and the ways to answer it. A handler that answers nothing leaves the client waiting. */
export interface FakeExchange {
  readonly request: RecordedRequest;
  /** The raw connection, for tests that watch or disturb the bytes. */
  readonly socket: Socket;
  /** The request as a stream, for tests that read a body slowly or not at all. */
  readonly incoming: IncomingMessage;
  /** The response, for what no helper below covers. */
  readonly response: ServerResponse;
  /** Resolves when the client's connection is gone, whoever closed it. */
  readonly closed: Promise<void>;
  /** Reads the whole request body. */
  body(): Promise<Buffer>;
  /** Answers with JSON. */
  json(status: number, value: unknown, headers?: OutgoingHttpHeaders): void;
  /** Answers with these bytes, or with none. */
  send(status: number, body?: string | Uint8Array, headers?: OutgoingHttpHeaders): void;
  /** Answers an error as the engine does: `{"message": …}`. */
  refuse(status: number, message: string): void;
  /** Sends the head of the answer and, when given, a first piece of the body; then nothing more. */
  stall(first?: string | Uint8Array, headers?: OutgoingHttpHeaders): void;
  /** Sends exactly these chunks one by one, each only after the one before left this process, then ends. */
  trickle(
    chunks: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
    headers?: OutgoingHttpHeaders,
  ): Promise<void>;
  /** Sends a piece of a chunked body and cuts the connection before its end. */
  cut(first?: string | Uint8Array, headers?: OutgoingHttpHeaders): Promise<void>;
  /** Answers 101 and hands over the raw connection; bytes the client sent after its head are readable from it. */
  upgrade(headers?: OutgoingHttpHeaders): Duplex;
}

function record(incoming: IncomingMessage): RecordedRequest {
  const url = incoming.url ?? "";
  const question = url.indexOf("?");
  const wholePath = question < 0 ? url : url.slice(0, question);
  const [, version, path = ""] = /^(?:\/v(\d+\.\d+))?(\/.*)?$/.exec(wholePath) ?? [
    undefined,
    undefined,
    wholePath,
  ];
  return {
    method: incoming.method ?? "",
    url,
    path,
    version,
    query: new URLSearchParams(question < 0 ? "" : url.slice(question + 1)),
    headers: incoming.headers,
    body: undefined,
  };
}

/** `upgradeHead` is given for a request with `Connection: Upgrade`: node:http then leaves its body to us. */
export async function openExchange(
  incoming: IncomingMessage,
  socket: Socket,
  ordinaryResponse: ServerResponse | undefined,
  upgradeHead: Buffer | undefined,
): Promise<FakeExchange> {
  const request = record(incoming);
  const response = ordinaryResponse ?? responseOn(incoming, socket);
  if (upgradeHead !== undefined) {
    socket.unshift(upgradeHead);
    request.body = await readExactly(socket, Number(incoming.headers["content-length"] ?? 0));
  }

  const exchange: FakeExchange = {
    request,
    socket,
    incoming,
    response,
    closed: socket.destroyed ? Promise.resolve() : eventOf(socket, "close"),
    async body() {
      request.body ??= await buffer(incoming);
      return request.body;
    },
    json(status, value, headers = {}) {
      exchange.send(status, JSON.stringify(value), { "Content-Type": "application/json", ...headers });
    },
    send(status, body, headers = {}) {
      response.writeHead(status, headers).end(body);
    },
    refuse(status, message) {
      exchange.json(status, { message });
    },
    stall(first, headers = {}) {
      response.writeHead(200, headers).flushHeaders();
      if (first !== undefined) response.write(first);
    },
    async trickle(chunks, headers = {}) {
      response.writeHead(200, headers).flushHeaders();
      for await (const chunk of chunks) {
        await written(response, chunk);
        // A turn of the event loop between two writes keeps the kernel from joining most of them.
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    },
    async cut(first = "", headers = {}) {
      response.writeHead(200, headers).flushHeaders();
      if (first.length > 0) await written(response, first);
      socket.destroy();
    },
    upgrade(headers = {}) {
      const head = { Connection: "Upgrade", Upgrade: "tcp", ...headers };
      const lines = Object.entries(head).map(([name, value]) => `${name}: ${String(value)}\r\n`);
      response.detachSocket(socket);
      socket.write(`HTTP/1.1 101 UPGRADED\r\n${lines.join("")}\r\n`);
      return socket;
    },
  };
  return exchange;
}

/** node:http gives no response object for an upgrade, yet the engine may refuse one like any other request. */
function responseOn(incoming: IncomingMessage, socket: Socket): ServerResponse {
  const response = new ServerResponse(incoming);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once("finish", () => socket.end());
  return response;
}

function written(response: ServerResponse, chunk: string | Uint8Array): Promise<void> {
  // A client that left while we wrote is what many tests want, so it is no error here.
  return new Promise((resolve) => response.write(chunk, () => resolve()));
}

async function readExactly(socket: Socket, length: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let missing = length;
  while (missing > 0) {
    // One chunk is at most what is buffered; `read(n)` answers null until n bytes are there.
    const part = socket.read(Math.min(missing, socket.readableLength || 1)) as Buffer | null;
    if (part === null) {
      if (socket.readableEnded || socket.destroyed) break;
      await Promise.race([eventOf(socket, "readable"), eventOf(socket, "close")]);
      continue;
    }
    parts.push(part);
    missing -= part.length;
  }
  return Buffer.concat(parts);
}

/** Unlike `events.once`, an error of the socket rejects nothing: `close` follows it anyway. */
function eventOf(socket: Socket, name: "close" | "readable"): Promise<void> {
  return new Promise((resolve) => socket.once(name, () => resolve()));
}
