import type { IncomingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";
import { ProtocolError } from "../errors.ts";
import { onAbort } from "../on-abort.ts";
import { ByteQueue, type Flow } from "../streams/byte-queue.ts";
import type { EngineRequest } from "./engine-request.ts";
import type { EngineResponse, UpgradedConnection } from "./engine-response.ts";
import { leaveHttp, wasUnsent } from "./patient-socket.ts";
import { ProducedBody } from "./request-body.ts";
import { requestLog, type RequestLog } from "./request-log.ts";
import { transportError, type Progress } from "./transport-error.ts";

/** Where the engine is, for messages. */
interface Endpoint {
  readonly host: string;
  readonly tried: readonly string[];
}

/** What becomes of a request that asks for a raw connection. */
interface Upgrade {
  readonly protocol: string;
  readonly upgraded: (connection: UpgradedConnection) => void;
}

/** One request and its answer, as undici's dispatch handler: chunks go straight into the queue that is read. */
export class Exchange implements Dispatcher.DispatchHandler, Flow {
  readonly #endpoint: Endpoint;
  readonly #request: EngineRequest;
  readonly #resolve: (response: EngineResponse) => void;
  readonly #reject: (error: unknown, progress: Progress) => void;
  readonly #upgrade: Upgrade | undefined;
  readonly #produced: ProducedBody | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #body: ByteQueue | undefined;
  #ignoreAbort: (() => void) | undefined;
  #progress: Progress = "unconnected";
  #onBegun: (() => void) | undefined;
  readonly #log: RequestLog | undefined;

  constructor(
    endpoint: Endpoint,
    request: EngineRequest,
    resolve: (response: EngineResponse) => void,
    reject: (error: unknown, progress: Progress) => void,
    upgrade?: Upgrade,
  ) {
    this.#endpoint = endpoint;
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#upgrade = upgrade;
    this.#log = requestLog(endpoint.host, request);
    const { body, signal } = request;
    const whole = body === undefined || typeof body === "string" || body instanceof Uint8Array;
    this.#produced = whole ? undefined : new ProducedBody(body);
    if (signal === undefined) return;
    if (signal.aborted) reject(signal.reason, this.#progress);
    this.#ignoreAbort = onAbort(signal, () => this.#abort());
  }

  /** Whether the caller may stop wanting it. */
  get abortable(): boolean {
    return this.#request.signal !== undefined;
  }

  /** Whether the caller does not want it any more. */
  get aborted(): boolean {
    return this.#request.signal?.aborted === true;
  }

  /** Calls back when the request has its connection, or will get none. */
  onceBegun(callback: () => void): void {
    const before = this.#onBegun;
    this.#onBegun =
      before === undefined
        ? callback
        : () => {
            before();
            callback();
          };
  }

  get duration(): EngineRequest["duration"] {
    return this.#request.duration;
  }

  get spared(): boolean {
    return this.#request.spared === true;
  }

  /** The request in undici's words. */
  dispatchOptions(origin: string): Dispatcher.DispatchOptions {
    const { path, method, headers, body, duration } = this.#request;
    const options: Dispatcher.DispatchOptions = {
      origin, // for a dispatcher that serves many
      path,
      method,
      // undici's default is to take five minutes of silence for a failure. A quiet `logs --follow` is none.
      headersTimeout: 0,
      bodyTimeout: 0,
      headers: headers as Record<string, string | string[]>, // undici does not change them
      body: (this.#produced ?? body ?? null) as Uint8Array | null, // its types lack the async iterables that it documents
    };
    if (this.#upgrade !== undefined) options.upgrade = this.#upgrade.protocol;
    if (duration === "single") options.reset = true;
    return options;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#log?.began();
    this.#begun();
    // The abort may have come while the request waited for its connection.
    if (this.#request.signal?.aborted === true) return this.#abort();
    this.#progress = "unanswered";
  }

  onRequestUpgrade(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    socket: Duplex,
  ): void {
    this.#log?.answered(status);
    this.#finish();
    leaveHttp(socket);
    if (this.#upgrade !== undefined) return this.#upgrade.upgraded({ socket, headers });
    socket.destroy();
    this.#reject(
      new ProtocolError("The engine upgraded a connection that nobody asked it to upgrade."),
      "answered",
    );
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200) return; // 1xx: the answer is still to come
    this.#progress = "answered";
    this.#log?.answered(status);
    this.#controller = controller;
    this.#body = new ByteQueue(this);
    this.#resolve({ status, headers, body: this.#body });
  }

  /** @internal for the queue, as is {@link resume}. */
  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  /** The reader of the answer has left. */
  close(): void {
    if (this.#progress === "done") return;
    this.#log?.closed();
    this.#finish();
    this.#controller?.abort(new DOMException("The stream was closed by its reader.", "AbortError"));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#log?.received(chunk);
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#log?.ended();
    this.#finish();
    this.#body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    const progress = this.#progressUntil(error);
    this.#begun();
    this.#finish();
    const reason = this.#reasonOf(error, progress);
    this.#log?.failed(reason);
    if (this.#body === undefined) this.#reject(reason, progress);
    else this.#body.fail(reason);
  }

  #abort(): void {
    const reason: unknown = this.#request.signal?.reason;
    this.#log?.aborted();
    // Before there is a connection undici cannot be told; the caller need not wait for that.
    this.#reject(reason, this.#progress);
    this.#produced?.release();
    this.#body?.abort(reason);
    this.#controller?.abort(reason instanceof Error ? reason : new Error("Aborted", { cause: reason }));
  }

  /** How far it had come when the error met it. */
  #progressUntil(error: Error): Progress {
    // A body that is produced while it is sent cannot be had again.
    const unsent = this.#progress === "unanswered" && this.#produced === undefined && wasUnsent(error);
    return unsent ? "unsent" : this.#progress;
  }

  #reasonOf(error: Error, progress: Progress): unknown {
    const { signal } = this.#request;
    if (signal?.aborted === true) return signal.reason;
    const failure = this.#produced?.failure;
    return failure === undefined
      ? transportError(error, this.#endpoint, this.#request, progress)
      : failure.error;
  }

  #begun(): void {
    const callback = this.#onBegun;
    this.#onBegun = undefined;
    callback?.();
  }

  #finish(): void {
    this.#progress = "done";
    this.#produced?.release();
    this.#ignoreAbort?.();
  }
}
