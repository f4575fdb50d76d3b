import type { Duplex } from "node:stream";
import type { Caller } from "../transport/call.ts";
import { GrpcClient } from "./grpc/client.ts";

/** A connection to BuildKit's own API. Whoever opens it closes it. */
export async function openControl(caller: Caller, signal: AbortSignal | undefined): Promise<GrpcClient> {
  // `/grpc` is on its way out where HTTP/2 is taken without it.
  const isDirect = await caller.takesHttp2(signal);
  const socket = isDirect ? await caller.connect("Grpc", signal) : await hijack(caller, signal);
  return new GrpcClient(socket);
}

async function hijack(caller: Caller, signal: AbortSignal | undefined): Promise<Duplex> {
  const { socket } = await caller.upgrade("Grpc", { signal }, "h2c");
  socket.on("error", () => undefined);
  return socket;
}
