import { randomBytes } from "node:crypto";
import type { ServerHttp2Session } from "node:http2";
import type { Caller } from "../transport/call.ts";
import { openControl } from "./control-connection.ts";
import type { Route } from "./grpc/route.ts";
import { serveGrpc } from "./grpc/server.ts";
import { health } from "./services/health.ts";
import { openTunnel } from "./session-tunnel.ts";

export interface SessionOptions {
  /** What the engine may ask. Health is always there. */
  readonly routes: readonly Route[];
  /** The engine keeps the files it was sent under this key, for the next session that has the same. */
  readonly sharedKey: string;
  readonly signal: AbortSignal;
}

/**
 * A connection on which the engine asks and this process answers, for one build: a second one in the same session
 * would get the context of the first. Keeps the process alive; whoever opens it closes it.
 */
export class Session {
  /** For the `session` parameter of a build. */
  readonly id: string;
  readonly #server: ServerHttp2Session;
  readonly #release: () => void;

  private constructor(id: string, server: ServerHttp2Session, release: () => void) {
    this.id = id;
    this.#server = server;
    this.#release = release;
  }

  static async open(caller: Caller, { routes, sharedKey, signal }: SessionOptions): Promise<Session> {
    const id = newId();
    const served = [health, ...routes];
    const headers = {
      "X-Docker-Expose-Session-Uuid": id,
      "X-Docker-Expose-Session-Sharedkey": sharedKey,
      // One line for each: the engine does not split a list.
      "X-Docker-Expose-Session-Grpc-Method": served.map(({ path }) => path),
    };
    if (await caller.takesHttp2(signal)) {
      const control = await openControl(caller, signal);
      const metadata = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
      const tunnel = openTunnel(control, Object.fromEntries(metadata));
      const release = (): void => {
        tunnel.destroy();
        control.close();
      };
      return new Session(id, serveGrpc(tunnel, served), release);
    }
    const { socket } = await caller.upgrade("Session", { headers, signal }, "h2c");
    socket.on("error", () => undefined);
    return new Session(id, serveGrpc(socket, served), () => socket.destroy());
  }

  /** Ends all calls and the connection. */
  close(): void {
    this.#server.destroy();
    this.#release();
  }
}

/** Random, in the alphabet of the engine's own ids. */
export function newId(): string {
  return BigInt(`0x${randomBytes(20).toString("hex")}`)
    .toString(36)
    .padStart(25, "0")
    .slice(0, 25);
}
