import {
  performServerHandshake,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { Duplex } from "node:stream";
import { encodeMessage, GrpcError, grpcCodes } from "./grpc-error.ts";
import { Metadata } from "./metadata.ts";
import type { Route } from "./route.ts";

/**
 * Serves gRPC on a connection that is already open. Bare HTTP/2, because the libraries hide two things: the limit on
 * the number of headers, which a `.dockerignore` of 120 lines reaches, and the values of a repeated header.
 */
export function serveGrpc(socket: Duplex, routes: readonly Route[]): ServerHttp2Session {
  const byPath = new Map(routes.map((route) => [route.path.toLowerCase(), route]));
  const session = performServerHandshake(socket, {
    maxHeaderListPairs: 1 << 20,
    // MiB. The headers of one call may be as long as a `.dockerignore`.
    maxSessionMemory: 256,
    settings: { maxHeaderListSize: 16 << 20, initialWindowSize: 1 << 20 },
  });
  // What ends the connection ends its calls, and the build says why.
  session.on("error", () => undefined);
  session.on(
    "stream",
    (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _: number, raw: string[]) => {
      stream.on("error", () => undefined);
      void answer(stream, byPath.get(String(headers[":path"]).toLowerCase()), new Metadata(raw));
    },
  );
  return session;
}

async function answer(
  stream: ServerHttp2Stream,
  route: Route | undefined,
  metadata: Metadata,
): Promise<void> {
  let code: number = grpcCodes.ok;
  let message = "";
  stream.on("wantTrailers", () => {
    if (!stream.destroyed) stream.sendTrailers(trailers(code, message));
  });
  try {
    if (route === undefined) throw new GrpcError(grpcCodes.unimplemented, "no such method");
    // At once: the caller of a duplex call may wait for the headers before it sends.
    if (!stream.destroyed) stream.respond(responseHeaders, { waitForTrailers: true });
    await route.serve({ stream, metadata });
  } catch (error) {
    code = error instanceof GrpcError ? error.code : grpcCodes.unknown;
    message = error instanceof Error ? error.message : String(error);
  }
  if (stream.destroyed) return;
  if (!stream.headersSent) {
    stream.respond({ ...responseHeaders, ...trailers(code, message) }, { endStream: true });
  } else {
    stream.end();
  }
  // What still comes is of no interest, but its window must be given back.
  stream.resume();
}

const responseHeaders = { ":status": 200, "content-type": "application/grpc" };

// Bytes. Longer headers end the connection on some engines; the text is for people.
const longestMessage = 4096;

function trailers(code: number, message: string): Record<string, string> {
  return { "grpc-status": String(code), "grpc-message": encodeMessage(message.slice(0, longestMessage)) };
}
