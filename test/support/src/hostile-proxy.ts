import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { tempDir } from "./temp-dir.ts";

/** What a proxy does to the answers of an engine. Nothing is put into another order. */
export interface Harm {
  /** Bytes of a piece: an answer is passed on in pieces of this size, each in a turn of its own. */
  readonly pieces?: number;
  /** Milliseconds before each piece. */
  readonly delay?: number;
  /** The connection ends after so many bytes. */
  readonly truncateAt?: number;
  /** The connection is reset after so many bytes. */
  readonly resetAt?: number;
}

/** Stands between a client and an engine. Requests pass as they are. */
export interface HostileProxy extends AsyncDisposable {
  /** As in DOCKER_HOST. */
  readonly host: string;
  /** From the next piece on. */
  harm(harm: Harm): void;
  /** How many client connections are open now. */
  readonly connections: number;
}

export async function hostileProxyTo(socketPath: string): Promise<HostileProxy> {
  const folder = await tempDir();
  const path = folder.join("proxy.sock");
  const clients = new Set<Socket>();
  let current: Harm = {};

  const server = createServer({ allowHalfOpen: true }, (client) => {
    const engine = connect({ path: socketPath, allowHalfOpen: true });
    clients.add(client);
    client.pipe(engine);
    client.on("error", () => engine.destroy());
    engine.on("error", () => client.destroy());
    client.on("close", () => {
      clients.delete(client);
      engine.destroy();
    });
    void passOn(engine, client, () => current);
  });
  server.listen(path);
  await once(server, "listening");
  return {
    host: `unix://${path}`,
    harm: (harm) => void (current = harm),
    get connections() {
      return clients.size;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy();
      await new Promise((resolve) => server.close(resolve));
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function passOn(engine: Socket, client: Socket, current: () => Harm): Promise<void> {
  let passed = 0;
  try {
    for await (const data of engine as AsyncIterable<Buffer>) {
      for (let rest = data; rest.length > 0 && !client.destroyed;) {
        const { pieces = rest.length, delay, truncateAt = Infinity, resetAt = Infinity } = current();
        const piece = rest.subarray(0, Math.min(pieces, truncateAt - passed, resetAt - passed));
        rest = rest.subarray(piece.length);
        passed += piece.length;
        if (delay !== undefined) await sleep(delay);
        if (piece.length > 0) await written(client, piece);
        if (passed >= resetAt) return void client.destroy();
        if (passed >= truncateAt) return void client.end();
      }
    }
    client.end();
  } catch {
    client.destroy();
  }
}

/** Resolves when the piece has left, so that the next one is not joined to it, or cannot leave any more. */
function written(client: Socket, piece: Buffer): Promise<void> {
  return new Promise((resolve) => {
    client.once("close", resolve);
    client.write(piece, () => {
      client.off("close", resolve);
      setImmediate(resolve);
    });
  });
}
