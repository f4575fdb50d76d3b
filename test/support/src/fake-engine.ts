import { createServer } from "node:http";
import type { Socket } from "node:net";
import { tempDir } from "./temp-dir.ts";
import { openExchange, type FakeExchange, type RecordedRequest } from "./fake-exchange.ts";

export type { FakeExchange, RecordedRequest } from "./fake-exchange.ts";

export type FakeHandler = (exchange: FakeExchange) => void | Promise<void>;

export interface FakeEngineOptions {
  /** What the engine calls itself in `/_ping`. Default `1.41`. */
  readonly apiVersion?: string;
  /** Listen on 127.0.0.1 instead of a Unix socket. */
  readonly tcp?: boolean;
  /** False leaves `/_ping` to the handler too. */
  readonly answerPing?: boolean;
}

export interface FakeEngine extends AsyncDisposable {
  /** `unix:///…` or `tcp://127.0.0.1:port`, as in DOCKER_HOST. */
  readonly host: string;
  /** Set unless `tcp`. */
  readonly socketPath: string | undefined;
  /** Set when `tcp`. */
  readonly port: number | undefined;
  /** Every request in order of arrival, pings included. */
  readonly requests: readonly RecordedRequest[];
  /** The requests that are no `/_ping`. */
  readonly calls: readonly RecordedRequest[];
  /** How many client connections are open now. */
  readonly connections: number;
  /** Takes another handler from the next request on. */
  handle(handler: FakeHandler): void;
  /** Cuts every open connection and goes on listening. */
  cutAll(): void;
  /** Resolves when no client connection is open. */
  idle(): Promise<void>;
  /** Cuts everything and stops listening, like a killed engine: the socket file of a Unix socket goes too. */
  close(): Promise<void>;
}

/**
 * A server that speaks HTTP like an engine and answers what the test says. Without a handler, or where the
 * handler of `routes()` knows no route, the answer is the engine's 404.
 */
export async function startFakeEngine(
  handler: FakeHandler = notFound,
  { apiVersion = "1.41", tcp = false, answerPing = true }: FakeEngineOptions = {},
): Promise<FakeEngine> {
  const folder = tcp ? undefined : await tempDir();
  const socketPath = folder?.join("engine.sock");
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  const waitingForIdle = new Set<() => void>();
  let current = handler;

  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 });

  async function serve(exchange: FakeExchange): Promise<void> {
    requests.push(exchange.request);
    if (answerPing && exchange.request.path === "/_ping") return pong(exchange, apiVersion);
    try {
      await current(exchange);
    } catch (error) {
      if (exchange.response.headersSent || exchange.response.socket === null) exchange.socket.destroy();
      else exchange.refuse(500, `the test's handler failed: ${String(error)}`);
    }
  }

  server.on("request", (incoming, response) => {
    void openExchange(incoming, incoming.socket, response, undefined).then(serve);
  });
  server.on("upgrade", (incoming, stream, head) => {
    // The server listens on a net.Server, so its connections are net.Sockets.
    const socket = stream as Socket;
    void openExchange(incoming, socket, undefined, head).then(serve);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    // Every exchange on a kept-alive connection listens for its end.
    socket.setMaxListeners(0);
    // Resets by clients are ordinary here; without a listener they would end the test process.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      sockets.delete(socket);
      if (sockets.size === 0) for (const resolve of waitingForIdle) resolve();
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    if (socketPath === undefined) server.listen(0, "127.0.0.1", resolve);
    else server.listen(socketPath, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : undefined;

  function cutAll(): void {
    for (const socket of sockets) socket.destroy();
  }
  async function close(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    cutAll();
    await closed;
    await folder?.[Symbol.asyncDispose]();
  }

  return {
    host: socketPath === undefined ? `tcp://127.0.0.1:${port}` : `unix://${socketPath}`,
    socketPath,
    port,
    requests,
    get calls() {
      return requests.filter(({ path }) => path !== "/_ping");
    },
    get connections() {
      return sockets.size;
    },
    handle(next) {
      current = next;
    },
    cutAll,
    async idle() {
      if (sockets.size > 0) await new Promise<void>((resolve) => waitingForIdle.add(resolve));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A handler from a table: `routes({ "GET /containers/json": (x) => x.json(200, []) })`; paths without the version. */
export function routes(table: Readonly<Record<string, FakeHandler>>): FakeHandler {
  return (exchange) => {
    const { method, path } = exchange.request;
    return (table[`${method} ${path}`] ?? notFound)(exchange);
  };
}

function notFound(exchange: FakeExchange): void {
  exchange.refuse(404, "page not found");
}

function pong(exchange: FakeExchange, apiVersion: string): void {
  exchange.send(200, exchange.request.method === "HEAD" ? undefined : "OK", {
    "Api-Version": apiVersion,
    "Builder-Version": "2",
    "Docker-Experimental": "false",
    Ostype: "linux",
    Server: "Docker/fake (linux)",
    "Content-Type": "text/plain; charset=utf-8",
  });
}
