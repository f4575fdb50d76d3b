import type { IncomingHttpHeaders } from "node:http";
import type { Duplex, Readable } from "node:stream";
import { Pool, type Dispatcher } from "undici";
import { EngineGoneError, ProtocolError } from "../errors.ts";
import { ByteQueue } from "../streams/byte-queue.ts";
import type { ByteSource } from "../streams/byte-source.ts";
import { transportError, type Progress } from "./transport-error.ts";

/** A body in any form the transport can send without holding it in memory. */
export type RequestBytes = Uint8Array | string | Readable | AsyncIterable<Uint8Array>;

export interface EngineRequest {
  /** Operation id, for errors. */
  readonly operation: string;
  readonly method: Dispatcher.HttpMethod;
  /** Path and query, encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  readonly body?: RequestBytes | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * How long the request may take by its nature. `short` ones share a few connections; `long` ones (streams, waits,
   * anything that changes the engine) get a connection each; `single` closes its connection at the end.
   */
  readonly duration: "short" | "long" | "single";
}

export interface EngineResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Must be read to its end or closed. */
  readonly body: ByteSource;
}

/** A connection that left HTTP behind: bytes both ways. Whoever gets it destroys it. */
export interface UpgradedConnection {
  readonly socket: Duplex;
  readonly headers: IncomingHttpHeaders;
}

/** Where the engine listens, ready for undici. */
export interface TransportOptions {
  /** For messages, e.g. `unix:///var/run/docker.sock`. */
  readonly host: string;
  /** Every place that was looked at to find the host. */
  readonly tried: readonly string[];
  /** `http://…`, `https://…`; the host part goes into the Host header. */
  readonly origin: string;
  readonly connect: NonNullable<Pool.Options["connect"]>;
  /** Sends everything through this instead of pools of our own; it is not closed by {@link Transport.close}. */
  readonly dispatcher?: Dispatcher | undefined;
}

// The first batch of 200 inspects takes half as long over 16 connections as over 64 (20.10.24).
const shortConnections = 16;

/**
 * Bytes to and from the engine, over HTTP/1.1. It knows nothing of the API, has no opinion on silence (a quiet
 * `logs --follow` is normal), never follows redirects, and is the only importer of undici.
 */
export class Transport {
  readonly #options: TransportOptions;
  #short: Dispatcher | undefined;
  #long: Dispatcher | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  get host(): string {
    return this.#options.host;
  }

  /** Resolves when the head of the answer has arrived, whatever its status. */
  send(request: EngineRequest): Promise<EngineResponse> {
    return new Promise((resolve, reject) => {
      const onFailure = (error: unknown, progress: Progress): void => {
        // A kept-alive connection may have died unnoticed, e.g. by a restart of the engine. Reading again is harmless.
        const stale = progress === "unanswered" && error instanceof EngineGoneError;
        if (stale && request.method === "GET") {
          this.#dispatch(request, new Exchange(this.#options, request, resolve, reject));
        } else {
          reject(error);
        }
      };
      this.#dispatch(request, new Exchange(this.#options, request, resolve, onFailure));
    });
  }

  /** Asks the engine to turn the connection into a raw one. Gives the answer instead when it refuses. */
  upgrade(request: EngineRequest, protocol: string): Promise<UpgradedConnection | EngineResponse> {
    return new Promise((resolve, reject) => {
      this.#dispatch(request, new Exchange(this.#options, request, resolve, reject, resolve), protocol);
    });
  }

  /** Closes idle connections at once and the others when their calls are over. */
  async close(): Promise<void> {
    if (this.#options.dispatcher !== undefined) return;
    const pools = [this.#short, this.#long];
    this.#short = undefined;
    this.#long = undefined;
    await Promise.all(pools.map((pool) => pool?.close()));
  }

  /** Cuts every connection. */
  async destroy(): Promise<void> {
    if (this.#options.dispatcher !== undefined) return;
    await Promise.all([this.#short?.destroy(), this.#long?.destroy()]);
  }

  #dispatch(request: EngineRequest, exchange: Exchange, upgrade?: string): void {
    const { path, method, headers, body } = request;
    try {
      this.#pool(request.duration).dispatch(
        {
          path,
          method,
          headers: headers as Record<string, string | string[]>, // undici does not change them
          body: (body ?? null) as Uint8Array | null, // its types lack the async iterables that it documents
          ...(upgrade !== undefined && { upgrade }),
          reset: request.duration === "single",
        },
        exchange,
      );
    } catch (error) {
      exchange.onResponseError(undefined, error as Error); // undici throws errors only
    }
  }

  #pool(duration: EngineRequest["duration"]): Dispatcher {
    const { dispatcher } = this.#options;
    if (dispatcher !== undefined) return dispatcher;
    if (duration === "short") return (this.#short ??= this.#newPool(shortConnections));
    return (this.#long ??= this.#newPool(null));
  }

  #newPool(connections: number | null): Pool {
    return new Pool(this.#options.origin, {
      connect: this.#options.connect,
      connections,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }
}

/** One request and its answer, as undici's dispatch handler: chunks go straight into the queue that is read. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: TransportOptions;
  readonly #request: EngineRequest;
  readonly #resolve: (response: EngineResponse) => void;
  readonly #reject: (error: unknown, progress: Progress) => void;
  readonly #upgraded: ((connection: UpgradedConnection) => void) | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #body: ByteQueue | undefined;
  #progress: Progress = "unconnected";

  constructor(
    options: TransportOptions,
    request: EngineRequest,
    resolve: (response: EngineResponse) => void,
    reject: (error: unknown, progress: Progress) => void,
    upgraded?: (connection: UpgradedConnection) => void,
  ) {
    this.#options = options;
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#upgraded = upgraded;
    const { signal } = request;
    if (signal?.aborted === true) reject(signal.reason, this.#progress);
    signal?.addEventListener("abort", this.#abort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // The abort may have come while the request waited for its connection.
    if (this.#request.signal?.aborted === true) return this.#abort();
    this.#progress = "unanswered";
  }

  onRequestUpgrade(
    _controller: Dispatcher.DispatchController,
    _status: number,
    headers: IncomingHttpHeaders,
    socket: Duplex,
  ): void {
    this.#finish();
    if (this.#upgraded !== undefined) return this.#upgraded({ socket, headers });
    socket.destroy();
    this.#reject(new ProtocolError("The engine upgraded a connection that nobody asked it to upgrade."), "answered");
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200) return; // 1xx: the answer is still to come
    this.#progress = "answered";
    this.#body = new ByteQueue({
      pause: () => controller.pause(),
      resume: () => controller.resume(),
      close: () => {
        if (this.#progress === "done") return;
        this.#finish();
        controller.abort(new DOMException("The stream was closed by its reader.", "AbortError"));
      },
    });
    this.#resolve({ status, headers, body: this.#body });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#finish();
    this.#body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    const progress = this.#progress;
    this.#finish();
    const { signal } = this.#request;
    const reason: unknown =
      signal?.aborted === true ? signal.reason : transportError(error, this.#options, this.#request, progress);
    if (this.#body === undefined) this.#reject(reason, progress);
    else this.#body.fail(reason);
  }

  readonly #abort = (): void => {
    const reason: unknown = this.#request.signal?.reason;
    // Before there is a connection undici cannot be told; the caller need not wait for that.
    this.#reject(reason, this.#progress);
    this.#body?.abort(reason);
    this.#controller?.abort(reason instanceof Error ? reason : new Error("Aborted", { cause: reason }));
  };

  #finish(): void {
    this.#progress = "done";
    this.#request.signal?.removeEventListener("abort", this.#abort);
  }
}
