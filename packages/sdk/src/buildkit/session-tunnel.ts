import { Duplex } from "node:stream";
import { Control } from "../generated/buildkit/control_pb.ts";
import type { GrpcClient } from "./grpc/client.ts";

/** The connection of a session inside a call of BuildKit's API: the way of engines that take HTTP/2 directly. */
export function openTunnel(
  control: GrpcClient,
  metadata: Readonly<Record<string, string | readonly string[]>>,
): Duplex {
  const leaving = new AbortController();
  const { send, answers } = control.duplex(Control.method.session, { metadata, signal: leaving.signal });
  const tunnel = new Duplex({
    read() {
      void pull();
    },
    write(data: Buffer, _encoding, done) {
      void push(data, done);
    },
    destroy(error, done) {
      leaving.abort(new Error("The session is over."));
      done(error);
    },
  });
  const pull = async (): Promise<void> => {
    try {
      const next = await answers.next();
      tunnel.push(next.done === true ? null : Buffer.from(next.value.data));
    } catch (error) {
      tunnel.destroy(error as Error); // calls throw errors
    }
  };
  const push = async (data: Buffer, done: (error?: Error) => void): Promise<void> => {
    const failure = await send({ data }).catch((error: Error) => error);
    done(failure ?? undefined);
  };
  tunnel.on("error", () => undefined);
  return tunnel;
}
