import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";
import { disposedError } from "../disposed-error.ts";
import { ConnectionError, EngineGoneError } from "../errors.ts";
import { ConnectionPool, type Connect } from "./connection-pool.ts";
import type { EngineRequest } from "./engine-request.ts";
import type { EngineResponse, UpgradedConnection } from "./engine-response.ts";
import { Exchange } from "./exchange.ts";
import { transportError, type Progress } from "./transport-error.ts";
import { buildConnector } from "./undici.ts";

/** Where the engine listens, ready for undici. */
export interface TransportOptions {
  /** For messages, e.g. `unix:///var/run/docker.sock`. */
  readonly host: string;
  /** Every place that was looked at to find the host. */
  readonly tried: readonly string[];
  /** `http://…`, `https://…`; the host part goes into the Host header. */
  readonly origin: string;
  readonly connect: Connect;
  /** How many connections short calls share. Default 16. */
  readonly shortConnections?: number | undefined;
  /** Connections are dear: a call waits for one that will be idle in a turn. Default `false`. */
  readonly sparing?: boolean | undefined;
  /** Sends everything through this instead of pools of our own; it is not closed by {@link Transport.close}. */
  readonly dispatcher?: Dispatcher | undefined;
}

// The first batch of 200 inspects takes half as long over 16 connections as over 64 (20.10.24).
const defaultShortConnections = 16;

// Creating takes the engine a fraction of a second; one that needs longer may be stuck.
const grace = 3000;

/**
 * Bytes to and from the engine, over HTTP/1.1. It knows nothing of the API, has no opinion on silence (a quiet
 * `logs --follow` is normal), never follows redirects, and is the only importer of undici.
 */
export class Transport {
  readonly #options: TransportOptions;
  #short: ConnectionPool | undefined;
  #long: ConnectionPool | undefined;
  /** As `#long`, for what a disposal spares. */
  #spared: ConnectionPool | undefined;
  readonly #singles = new Set<ConnectionPool>();
  readonly #upgraded = new Set<Duplex>();

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  get host(): string {
    return this.#options.host;
  }

  /** Whether a piece of a body is done with when the next is asked for. The user's dispatcher may keep it. */
  get writesThrough(): boolean {
    return this.#options.dispatcher === undefined;
  }

  /** Resolves when the head of the answer has arrived, whatever its status. */
  send(request: EngineRequest): Promise<EngineResponse> {
    return new Promise((resolve, reject) => {
      this.#attempt(request, (final, failed) => new Exchange(this.#options, final, resolve, failed), reject);
    });
  }

  /** Asks the engine to turn the connection into a raw one. Gives the answer instead when it refuses. */
  upgrade(request: EngineRequest, protocol: string): Promise<UpgradedConnection | EngineResponse> {
    return new Promise((resolve, reject) => {
      const upgraded = (connection: UpgradedConnection): void => {
        const { socket } = connection;
        this.#upgraded.add(socket);
        socket.once("close", () => this.#upgraded.delete(socket));
        resolve(connection);
      };
      const upgrade = { protocol, upgraded };
      this.#attempt(
        request,
        (final, failed) => new Exchange(this.#options, final, resolve, failed, upgrade),
        reject,
      );
    });
  }

  /** A connection that speaks HTTP/2, with nothing sent on it yet. Whoever gets it destroys it. */
  async connect(operation: string, signal?: AbortSignal): Promise<Duplex> {
    signal?.throwIfAborted();
    const { origin, connect } = this.#options;
    const { hostname, protocol, port } = new URL(origin);
    // Behind TLS the protocol is agreed upon while connecting.
    const connector = typeof connect === "function" ? connect : buildConnector({ ...connect, allowH2: true });
    const socket = await new Promise<Duplex>((resolve, reject) => {
      connector({ hostname, protocol, port }, (error, socket) => {
        if (error === null) resolve(socket);
        else reject(transportError(error, this.#options, { operation, body: undefined }, "unconnected"));
      });
    });
    socket.on("error", () => undefined);
    this.#upgraded.add(socket);
    socket.once("close", () => this.#upgraded.delete(socket));
    if (signal?.aborted !== true) return socket;
    socket.destroy();
    throw signal.reason;
  }

  /** Closes idle connections at once and the others when their calls are over. */
  async close(): Promise<void> {
    if (this.#options.dispatcher !== undefined) return;
    await Promise.all(this.#forgetPools().map((pool) => pool.close()));
  }

  /** Cuts every connection; calls under way throw an `AbortError`, those that are spared only some seconds later. */
  async destroy(): Promise<void> {
    const reason = disposedError();
    for (const socket of this.#upgraded) {
      // Whoever has it may listen to nothing: that must not become an uncaught exception.
      socket.on("error", () => undefined);
      socket.destroy(reason);
    }
    if (this.#options.dispatcher !== undefined) return;
    const spared = this.#spared;
    this.#spared = undefined;
    const cut = this.#forgetPools().map((pool) => pool.destroy(reason));
    await Promise.all([...cut, spared && closeSoon(spared, reason)]);
  }

  #forgetPools(): ConnectionPool[] {
    const pools = [this.#short, this.#long, this.#spared, ...this.#singles].filter(
      (pool) => pool !== undefined,
    );
    this.#short = undefined;
    this.#long = undefined;
    this.#spared = undefined;
    return pools;
  }

  /**
   * A connection that was kept may have died unnoticed, e.g. by a restart of the engine. What has not been sent goes
   * over a new one, whatever it is, and what only reads too. Anything else may have reached the engine, and fails.
   */
  #attempt(
    request: EngineRequest,
    exchange: (request: EngineRequest, failed: (error: unknown, progress: Progress) => void) => Exchange,
    reject: (error: unknown) => void,
  ): void {
    const onFailure = (first: unknown, progress: Progress): void => {
      const harmless = progress === "unsent" || (progress === "unanswered" && request.method === "GET");
      const again = harmless && first instanceof EngineGoneError && request.signal?.aborted !== true;
      if (!again) return reject(first);
      // Not over another that was kept: it may have died with the first.
      const fresh: EngineRequest = { ...request, duration: "single" };
      const onSecondFailure = (second: unknown, how: Progress): void => {
        // An engine that was there a moment ago is gone, and not missing.
        reject(how === "unconnected" && second instanceof ConnectionError ? first : second);
      };
      this.#dispatch(exchange(fresh, onSecondFailure));
    };
    this.#dispatch(exchange(request, onFailure));
  }

  #dispatch(exchange: Exchange): void {
    const options = exchange.dispatchOptions(this.#options.origin);
    const { dispatcher } = this.#options;
    if (dispatcher === undefined) return this.#poolFor(exchange).dispatch(options, exchange);
    try {
      dispatcher.dispatch(options, exchange);
    } catch (error) {
      exchange.onResponseError(undefined, error as Error); // undici throws errors only
    }
  }

  #poolFor(exchange: Exchange): ConnectionPool {
    if (exchange.duration === "short") {
      return (this.#short ??= this.#newPool(this.#options.shortConnections ?? defaultShortConnections));
    }
    if (exchange.duration === "long" && exchange.spared) return (this.#spared ??= this.#newPool(null));
    if (exchange.duration === "long") return (this.#long ??= this.#newPool(null));
    const pool = this.#newPool(1);
    this.#singles.add(pool);
    const forget = (): void => void this.#singles.delete(pool);
    // It cannot be closed where it was destroyed, e.g. with the client while a request began anew.
    exchange.onceBegun(() => void pool.close().then(forget, forget));
    return pool;
  }

  #newPool(connections: number | null): ConnectionPool {
    const { origin, connect, sparing = false } = this.#options;
    return new ConnectionPool(origin, connect, connections, sparing);
  }
}

/** Lets the calls of a pool end, for a while. */
async function closeSoon(pool: ConnectionPool, reason: Error): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, grace)));
  await Promise.race([pool.close(), late.then(() => pool.destroy(reason))]);
  clearTimeout(timer);
}
