import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arriving, patience, tampered, tries } from "test-support/hostile-bytes";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { GetSecretResponseSchema, Secrets } from "../../generated/buildkit/secrets_pb.ts";
import { GrpcClient } from "./client.ts";
import { encodeFrame, FrameReader } from "./frames.ts";
import { GrpcError } from "./grpc-error.ts";
import { unary } from "./route.ts";
import { serveGrpc } from "./server.ts";

const frames = fc
  .array(fc.uint8Array({ maxLength: 30 }), { maxLength: 5 })
  .map((all) => Buffer.concat(all.map((data) => encodeFrame(GetSecretResponseSchema, { data }))));

/** What comes out of the pieces, and what ended it. */
function read(pieces: readonly Buffer[]): unknown {
  const reader = new FrameReader(GetSecretResponseSchema);
  const messages: unknown[] = [];
  try {
    for (const piece of pieces) {
      for (const { data } of reader.push(piece)) messages.push(Buffer.from(data).toString("hex"));
    }
  } catch (error) {
    if (!(error instanceof GrpcError)) throw error;
    return { messages, error: error.code };
  }
  return { messages, isInside: reader.isInside };
}

/** A frame of HTTP/2: RFC 9113, 4.1. */
function http2Frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

// HPACK: `:status: 200` is a name of its static table; what is literal is not compressed.
const literal = (name: string, value: string): Buffer =>
  Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
const headers = fc.constantFrom(
  Buffer.from([0x88]),
  Buffer.concat([Buffer.from([0x88]), literal("grpc-status", "0")]),
  literal("grpc-status", "0"),
  literal("grpc-status", "x"),
  Buffer.concat([
    literal("grpc-status", "2"),
    literal("grpc-message", "%E0%zz"),
    literal("grpc-status-details-bin", "!!"),
  ]),
  Buffer.from([0x8d]),
  Buffer.from([0xff, 0xff, 0xff]),
);
const settings = http2Frame(4, 0, 0, new Uint8Array());
const http2 = fc
  .array(
    fc.oneof(
      fc.tuple(headers, fc.constantFrom(4, 5)).map(([block, flags]) => http2Frame(1, flags, 1, block)),
      fc.tuple(tampered(frames), fc.constantFrom(0, 1)).map(([data, flags]) => http2Frame(0, flags, 1, data)),
      fc
        .tuple(fc.nat(12), fc.nat(255), fc.nat(3), fc.uint8Array({ maxLength: 12 }))
        .map(([type, flags, stream, payload]) => http2Frame(type, flags, stream, payload)),
    ),
    { maxLength: 6 },
  )
  .map((all) => Buffer.concat([settings, ...all]));

describe("whatever bytes come, in whatever pieces", { timeout: patience }, () => {
  let folder: TempDir;
  let server: Server;
  const leaving = new Error("left");

  beforeAll(async () => {
    folder = await tempDir();
    server = createServer().listen(folder.join("s"));
    await once(server, "listening");
  });
  afterAll(async () => {
    server.close();
    await folder[Symbol.asyncDispose]();
  });

  /** Both ends of a connection. */
  async function pair(): Promise<readonly [Socket, Socket]> {
    const accepted = once(server, "connection") as Promise<[Socket]>;
    const here = connect(folder.join("s"));
    const [there] = await accepted;
    for (const socket of [here, there]) socket.on("error", () => undefined);
    return [here, there];
  }

  /** Whatever error came before. */
  async function closed(socket: Socket): Promise<void> {
    if (!socket.closed) await new Promise<void>((resolve) => void socket.once("close", () => resolve()));
  }

  test("frames are the same messages, or refused", () => {
    fc.assert(
      fc.property(arriving(tampered(frames)), ({ bytes, pieces }) => {
        expect(read(pieces)).toEqual(read([bytes]));
      }),
      tries,
    );
  });

  test("a call ends in a message or a GrpcError", async () => {
    const property = fc.asyncProperty(arriving(tampered(http2)), async ({ pieces }) => {
      const [here, there] = await pair();
      const client = new GrpcClient(here);
      there.resume();
      for (const piece of pieces) there.write(piece);
      there.end();
      // After some breaches of its protocol, HTTP/2 reads on no more, and only unanswered pings tell: not waited for.
      const left = new AbortController();
      const timer = setTimeout(() => left.abort(leaving), 5);
      try {
        await client.unary(Secrets.method.getSecret, { id: "x" }, { signal: left.signal });
      } catch (error) {
        if (error !== leaving && !(error instanceof GrpcError)) throw error;
      } finally {
        clearTimeout(timer);
        client.close();
        there.destroy();
      }
      await closed(here);
    });
    await fc.assert(property, tries);
  });

  test("a server goes on serving others", async () => {
    const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    const sent = fc
      .tuple(fc.boolean(), http2)
      .map(([begins, bytes]) => (begins ? Buffer.concat([preface, bytes]) : bytes));
    const property = fc.asyncProperty(arriving(tampered(sent)), async ({ pieces }) => {
      const [here, there] = await pair();
      const session = serveGrpc(here, [unary(Secrets.method.getSecret, async () => ({}))]);
      there.resume();
      for (const piece of pieces) there.write(piece);
      await new Promise<void>((resolve) => there.end(resolve));
      session.destroy();
      there.destroy();
      await closed(here);
    });
    await fc.assert(property, tries);
  });
});
