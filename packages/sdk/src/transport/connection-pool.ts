import { setImmediate as turn } from "node:timers/promises";
import type { buildConnector as Connectors, Dispatcher, Pool as UndiciPool } from "undici";
import type { Exchange } from "./exchange.ts";
import { bearBrokenWrites } from "./patient-socket.ts";
import { destroyOnTlsError } from "./tls-alert.ts";
import { buildConnector, Pool } from "./undici.ts";

/** What undici connects with. */
export type Connect = NonNullable<UndiciPool.Options["connect"]>;

/**
 * A pool of undici's that opens no connection in vain: undici reconnects after each aborted request, as if it were to
 * be sent again, and keeps that connection idle for seconds.
 */
export class ConnectionPool {
  readonly #pool: UndiciPool;
  /** Exchanges that have no connection yet: those that may be aborted meanwhile, and how many may not. */
  readonly #abortable = new Set<Exchange>();
  // Not in the set as well: one that changes with every call keeps what is dead from the garbage collector for long.
  #certain = 0;

  readonly #begun = (): void => void this.#certain--;
  readonly #sparing: boolean;

  /** @param sparing see `TransportOptions` */
  constructor(origin: string, connect: Connect, connections: number | null, sparing: boolean) {
    this.#sparing = sparing;
    const connector = typeof connect === "function" ? connect : buildConnector(connect);
    this.#pool = new Pool(origin, { connect: this.#guard(connector), connections, pipelining: 1 });
  }

  dispatch(options: Dispatcher.DispatchOptions, exchange: Exchange): void {
    if (exchange.abortable) {
      this.#abortable.add(exchange);
      exchange.onceBegun(() => this.#abortable.delete(exchange));
    } else {
      this.#certain++;
      exchange.onceBegun(this.#begun);
    }
    // undici counts a connection as busy until a turn after the end of its answer.
    if (this.#sparing) setImmediate(() => this.#send(options, exchange));
    else this.#send(options, exchange);
  }

  /** Closes idle connections at once and the others when their exchanges are over. */
  async close(): Promise<void> {
    if (this.#sparing) await turn();
    await this.#pool.close();
  }

  async destroy(reason: Error): Promise<void> {
    if (this.#sparing) await turn();
    await this.#pool.destroy(reason);
  }

  #send(options: Dispatcher.DispatchOptions, exchange: Exchange): void {
    try {
      this.#pool.dispatch(options, exchange);
    } catch (error) {
      exchange.onResponseError(undefined, error as Error); // undici throws errors only
    }
  }

  #guard(connector: Connectors.connector): Connectors.connector {
    return (options, callback) => {
      if (this.#wanted()) return open(connector, options, () => this.#wanted(), callback);
      // Not at once: undici looks after the requests it has queued only when it is called back later. A request that
      // has come by then would fail with it.
      setImmediate(() => {
        if (this.#wanted()) open(connector, options, () => this.#wanted(), callback);
        else callback(inVain(), null);
      });
    };
  }

  #wanted(): boolean {
    if (this.#certain > 0) return true;
    for (const exchange of this.#abortable) if (!exchange.aborted) return true;
    return false;
  }
}

function open(
  connector: Connectors.connector,
  options: Connectors.Options,
  wanted: () => boolean,
  callback: Connectors.Callback,
): void {
  connector(options, (...[error, socket]) => {
    if (error !== null) return callback(error, null);
    if (!wanted()) {
      socket.destroy();
      return callback(inVain(), null);
    }
    bearBrokenWrites(socket);
    destroyOnTlsError(socket);
    callback(null, socket);
  });
}

function inVain(): Error {
  return new Error("Nothing waits for this connection any more.");
}
