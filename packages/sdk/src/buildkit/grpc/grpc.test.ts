import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { tempDir } from "test-support/temp-dir";
import { Secrets } from "../../generated/buildkit/secrets_pb.ts";
import { SSH } from "../../generated/buildkit/ssh_pb.ts";
import { GrpcClient } from "./client.ts";
import { decodeMessage, encodeMessage, GrpcError, grpcCodes } from "./grpc-error.ts";
import { Metadata } from "./metadata.ts";
import { duplex, unary, type Route } from "./route.ts";
import { serveGrpc } from "./server.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A client and a server on the two ends of one connection. */
async function connected(
  ...routes: Route[]
): Promise<{ client: GrpcClient; socket: Socket; serverSocket: Socket }> {
  const folder = await tempDir();
  const server = createServer().listen(folder.join("s"));
  await once(server, "listening");
  const socket = connect(folder.join("s"));
  const [serverSocket] = (await once(server, "connection")) as [Socket];
  serveGrpc(serverSocket, routes);
  const client = new GrpcClient(socket);
  cleanups.push(
    () => folder[Symbol.asyncDispose](),
    () => void server.close(),
    () => socket.destroy(),
    () => client.close(),
  );
  return { client, socket, serverSocket };
}

const { getSecret } = Secrets.method;

test("one message for one, large ones too", async () => {
  const data = new Uint8Array(5_000_000).fill(7);
  const { client } = await connected(unary(getSecret, async () => ({ data })));
  expect(Buffer.from((await client.unary(getSecret, { id: "big" })).data).equals(Buffer.from(data))).toBe(
    true,
  );
});

test("errors keep their code and their text", async () => {
  const message = "no ünïcode % \n 😀 secret";
  const { client } = await connected(
    unary(getSecret, async () => {
      throw new GrpcError(grpcCodes.notFound, message);
    }),
  );
  const failing = client.unary(getSecret, { id: "x" });
  await expect(failing).rejects.toMatchObject({ name: "GrpcError", code: grpcCodes.notFound, message });
  const unknown = client.unary(SSH.method.checkAgent, { id: "x" });
  await expect(unknown).rejects.toMatchObject({ code: grpcCodes.unimplemented });
});

test("calls that an abort of the connection cuts end with its reason, as do those after it", async () => {
  const reason = new DOMException("The client was disposed.", "AbortError");
  const { client, socket } = await connected(
    unary(getSecret, () => {
      socket.destroy(reason);
      return new Promise<never>(() => undefined);
    }),
  );
  await expect(client.unary(getSecret, { id: "x" })).rejects.toBe(reason);
  await expect(client.unary(getSecret, { id: "x" })).rejects.toBe(reason);
});

test("metadata: a thousand values, with commas and beyond ASCII, each for itself", async () => {
  const values = Array.from({ length: 1000 }, (_, index) => `a, b-${index}`);
  let seen: readonly string[] = [];
  const { client } = await connected(
    unary(getSecret, async (_, metadata) => {
      seen = metadata.all("exclude-patterns");
      return {};
    }),
  );
  await client.unary(getSecret, { id: "x" }, { metadata: { "exclude-patterns": values } });
  expect(seen).toEqual(values);
  const escaped = new Metadata(["K", "%C3%BC+x", "k", "a%2Bb", "k-encoded", "1"]);
  expect(escaped.all("k")).toEqual(["ü x", "a+b"]);
  const raw = new Metadata(["k", Buffer.from("ü%20").toString("latin1")]);
  expect(raw.all("k")).toEqual(["ü%20"]);
});

test("both directions at a time, and an end on either side", async () => {
  const { forwardAgent } = SSH.method;
  const { client } = await connected(
    duplex(forwardAgent, async ({ requests, send }) => {
      for await (const { data } of requests) {
        if (data[0] === 0) return;
        await send({ data });
      }
    }),
  );
  const { send, answers } = client.duplex(forwardAgent);
  for (let value = 3; value >= 0; value--) await send({ data: Uint8Array.of(value) });
  const got: number[] = [];
  for await (const { data } of answers) got.push(data[0] ?? -1);
  expect(got).toEqual([3, 2, 1]);
});

test("a signal ends a call with its reason, a cut connection ends it as unavailable", async () => {
  const { client, serverSocket } = await connected(unary(getSecret, () => new Promise(() => undefined)));
  const controller = new AbortController();
  const aborted = client.unary(getSecret, { id: "x" }, { signal: controller.signal });
  const reason = new Error("enough");
  setTimeout(() => controller.abort(reason), 20);
  await expect(aborted).rejects.toBe(reason);
  const cut = client.unary(getSecret, { id: "x" });
  setTimeout(() => serverSocket.destroy(), 20);
  await expect(cut).rejects.toMatchObject({ code: grpcCodes.unavailable });
  await expect(client.unary(getSecret, { id: "x" })).rejects.toMatchObject({ code: grpcCodes.unavailable });
});

test("an abort ends a call at once on a connection that HTTP/2 has given up without a word", async () => {
  const folder = await tempDir();
  const server = createServer().listen(folder.join("s"));
  await once(server, "listening");
  const client = new GrpcClient(connect(folder.join("s")));
  const [peer] = (await once(server, "connection")) as [Socket];
  cleanups.push(
    () => folder[Symbol.asyncDispose](),
    () => void server.close(),
    () => peer.destroy(),
    () => client.close(),
  );
  const controller = new AbortController();
  const call = client.unary(getSecret, { id: "x" }, { signal: controller.signal });
  call.catch(() => undefined); // awaited below
  await once(peer, "data");
  const settings = "000000040000000000";
  const dataOfNoStream = "00000200000000000fabcd";
  peer.resume().write(Buffer.from(settings + dataOfNoStream, "hex"));
  // It answers with GOAWAY, and reads on no more.
  await once(peer, "data");
  const reason = new Error("enough");
  controller.abort(reason);
  // Newer versions of Node than 20 say that they give up, and the call has ended by then.
  const thrown: unknown = await call.catch((error: unknown) => error);
  const known: unknown[] = [reason, expect.objectContaining({ code: grpcCodes.unavailable })];
  expect(known).toContainEqual(thrown);
});

test.each(["", "plain", "100% ü\n", "\u0000😀"])("the text of an error, there and back: %j", (text) => {
  expect(encodeMessage(text)).toMatch(/^[ -~]*$/);
  expect(decodeMessage(encodeMessage(text))).toBe(text);
});
