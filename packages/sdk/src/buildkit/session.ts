import { randomBytes } from "node:crypto";
import type { ServerHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";
import { ProtocolError } from "../errors.ts";
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
  /** Is told of a call of the engine's that cannot be taken; the connection is then gone. */
  readonly onFailure: (error: ProtocolError) => void;
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

  static async open(
    caller: Caller,
    { routes, sharedKey, signal, onFailure }: SessionOptions,
  ): Promise<Session> {
    const id = newId();
    const served = [health, ...routes];
    const headers = {
      "X-Docker-Expose-Session-Uuid": id,
      "X-Docker-Expose-Session-Sharedkey": sharedKey,
      // One line for each: the engine does not split a list.
      "X-Docker-Expose-Session-Grpc-Method": served.map(({ path }) => path),
    };
    const serve = (connection: Duplex): ServerHttp2Session => {
      const server = serveGrpc(connection, served);
      server.on("error", (error) => {
        if (isTooLong(error)) onFailure(tooLong(error));
      });
      return server;
    };
    if (await caller.takesHttp2(signal)) {
      const control = await openControl(caller, signal);
      const metadata = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
      const tunnel = openTunnel(control, Object.fromEntries(metadata));
      const release = (): void => {
        tunnel.destroy();
        control.close();
      };
      return new Session(id, serve(tunnel), release);
    }
    const { socket } = await caller.upgrade("Session", { headers, signal }, "h2c");
    socket.on("error", () => undefined);
    return new Session(id, serve(socket), () => socket.destroy());
  }

  /** Ends all calls and the connection. */
  close(): void {
    // Not within what reads the connection: see GrpcClient.close.
    setImmediate(() => {
      this.#server.destroy();
      this.#release();
    });
  }
}

// nghttp2's code for headers in more frames than it reads on. Node names all of its codes alike.
const tooManyContinuations = -905;

function isTooLong(error: Error): boolean {
  return "errno" in error && error.errno === tooManyContinuations;
}

function tooLong(cause: Error): ProtocolError {
  const text =
    "The engine asked for files by more names than fit into one call (about 130 kB of names). " +
    "COPY and ADD folders or patterns instead of single files.";
  return new ProtocolError(text, { operation: "Session", cause });
}

/** Random, in the alphabet of the engine's own ids. */
export function newId(): string {
  return BigInt(`0x${randomBytes(20).toString("hex")}`)
    .toString(36)
    .padStart(25, "0")
    .slice(0, 25);
}
