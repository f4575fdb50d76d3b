import type { ClientHttp2Session } from "node:http2";
import { GrpcError, grpcCodes } from "./grpc-error.ts";

// Milliseconds between two pings, and how many may be without an answer. Counted and not timed: after the event loop
// was blocked, the answers come one turn late. Patient: a network may be away for a while.
const interval = 2000;
const mostMissed = 10;

/**
 * Pings while calls are open. An engine that ends a call with more than 64 KiB of details (they hold the whole
 * Dockerfile) breaks the connection in a way of which Node says nothing at all: only pings stay unanswered.
 */
export class ConnectionGuard {
  readonly #session: ClientHttp2Session;
  #held = 0;
  #missed = 0;
  #timer: NodeJS.Timeout | undefined;
  #failure: GrpcError | undefined;

  constructor(session: ClientHttp2Session) {
    this.#session = session;
  }

  /** Why the connection was given up. */
  get failure(): GrpcError | undefined {
    return this.#failure;
  }

  /** Watches until the function it returns is called. */
  hold(): () => void {
    this.#held++;
    this.#timer ??= setInterval(() => this.#ping(), interval);
    return () => {
      this.#held--;
      if (this.#held === 0) this.stop();
    };
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#missed = 0;
  }

  #ping(): void {
    if (this.#session.destroyed) return;
    if (this.#missed >= mostMissed) {
      this.#failure = new GrpcError(grpcCodes.deadlineExceeded, "the connection does not answer any more");
      this.#session.destroy();
      return;
    }
    this.#missed++;
    this.#session.ping((error) => {
      if (error === null) this.#missed = 0;
    });
  }
}
