import { createServer, connect, type Socket } from "node:net";
import { once } from "node:events";
import { Transform } from "node:stream";
import { tempDir } from "./temp-dir.ts";

/**
 * Stands between a client and an engine, passes every byte, and knows which connections are open for what. One that
 * is half-closed it closes: nothing tells the two apart from outside.
 */
export interface EngineProxy extends AsyncDisposable {
  /** As in DOCKER_HOST. */
  readonly host: string;
  /** The request lines that came by, e.g. `GET /v1.41/info HTTP/1.1`. */
  readonly requests: readonly string[];
  /** Open connections whose latest request line matches. */
  open(request: RegExp): number;
  /** Resolves when a request that matches has come by. */
  requested(request: RegExp): Promise<void>;
  /** Resolves when there was a request that matches, and no connection is open for one any more. */
  closed(request: RegExp): Promise<void>;
  /** Cuts every open connection whose latest request line matches. */
  cut(request: RegExp): void;
}

const requestLine = /^(?:GET|HEAD|POST|PUT|DELETE) \S+ HTTP\/1\.1\r\n/;

/** Sees every piece of bytes before it is passed on, in the order in which they come. */
export type ProxyListener = (piece: Buffer, from: "client" | "engine") => void;

/** @param bytesPerSecond in each direction of a connection. Default: as fast as it goes. */
export async function proxyTo(
  host: string,
  bytesPerSecond = Infinity,
  heard?: ProxyListener,
): Promise<EngineProxy> {
  const folder = await tempDir();
  const path = folder.join("proxy.sock");
  const latest = new Map<Socket, string>();
  const seen: string[] = [];
  const watchers = new Set<() => void>();
  const changed = (): void => {
    for (const watcher of watchers) watcher();
  };

  const server = createServer((client) => {
    const upstream = connect(addressOf(host));
    latest.set(client, "");
    upstream.on("data", (data: Buffer) => heard?.(data, "engine"));
    client.on("data", (data: Buffer) => {
      heard?.(data, "client");
      const line = requestLine.exec(data.toString("latin1", 0, 4096))?.[0].trim();
      if (line === undefined) return;
      latest.set(client, line);
      seen.push(line);
      changed();
    });
    if (bytesPerSecond === Infinity) client.pipe(upstream).pipe(client);
    else client.pipe(throttle(bytesPerSecond)).pipe(upstream).pipe(throttle(bytesPerSecond)).pipe(client);
    // A socket that breaks breaks the other one too.
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
    upstream.on("close", () => client.destroy());
    client.on("close", () => {
      upstream.destroy();
      latest.delete(client);
      changed();
    });
  });
  server.listen(path);
  await once(server, "listening");

  const open = (request: RegExp): number => [...latest.values()].filter((line) => request.test(line)).length;
  const came = (request: RegExp): boolean => seen.some((line) => request.test(line));
  const until = (reached: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const watcher = (): void => {
        if (!reached()) return;
        watchers.delete(watcher);
        resolve();
      };
      watchers.add(watcher);
      watcher();
    });
  return {
    host: `unix://${path}`,
    requests: seen,
    open,
    requested: (request) => until(() => came(request)),
    closed: (request) => until(() => came(request) && open(request) === 0),
    cut(request) {
      for (const [client, line] of latest) if (request.test(line)) client.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const client of latest.keys()) client.destroy();
      await new Promise((resolve) => server.close(resolve));
      await folder[Symbol.asyncDispose]();
    },
  };
}

function throttle(bytesPerSecond: number): Transform {
  return new Transform({
    highWaterMark: 1,
    transform(chunk: Buffer, _, done) {
      setTimeout(done, (1000 * chunk.length) / bytesPerSecond, null, chunk);
    },
  });
}

function addressOf(host: string): { path: string } | { host: string; port: number } {
  const { protocol, pathname, hostname, port } = new URL(host);
  return protocol === "unix:" ? { path: pathname } : { host: hostname, port: Number(port) };
}
