import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { Content } from "../../generated/buildkit/content_pb.ts";
import { BlobStore } from "../cache/blob-store.ts";
import { GrpcClient } from "../grpc/client.ts";
import { grpcCodes } from "../grpc/grpc-error.ts";
import { serveGrpc } from "../grpc/server.ts";
import { content } from "./content.ts";

const { info, read, write } = Content.method;
const metadata = { "buildkit-attachable-store-id": "local:cache" };
const digestOf = (data: Uint8Array): string => `sha256:${createHash("sha256").update(data).digest("hex")}`;

interface Served extends AsyncDisposable {
  readonly client: GrpcClient;
  readonly folder: TempDir;
  readonly failures: unknown[];
}

async function serve(): Promise<Served> {
  const folder = await tempDir();
  const failures: unknown[] = [];
  const server = createServer().listen(folder.join("s"));
  await once(server, "listening");
  const socket = connect(folder.join("s"));
  const [serverSocket] = (await once(server, "connection")) as [Socket];
  const stores = new Map([["local:cache", new BlobStore(folder.join("cache"))]]);
  serveGrpc(
    serverSocket,
    content(stores, (error) => failures.push(error)),
  );
  const client = new GrpcClient(socket);
  return {
    client,
    folder,
    failures,
    async [Symbol.asyncDispose]() {
      client.close();
      socket.destroy();
      server.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function put({ client }: Served, data: Uint8Array, expected = digestOf(data)): Promise<string> {
  const { send, answers } = client.duplex(write, { metadata });
  const total = BigInt(data.length);
  const ask = async (message: Parameters<typeof send>[0]): Promise<{ offset: bigint; digest: string }> => {
    await send(message);
    const next = await answers.next();
    if (next.done === true) throw new Error("the call ended too early");
    return next.value;
  };
  expect((await ask({ action: 0, ref: "r", total, expected })).offset).toBe(0n);
  for (let at = 0; at < data.length; at += 700_000) {
    const part = data.subarray(at, at + 700_000);
    const { offset } = await ask({ action: 1, offset: BigInt(at), data: part, total, expected });
    expect(offset).toBe(BigInt(at + part.length));
  }
  return (await ask({ action: 2, offset: total, total, expected })).digest;
}

async function get({ client }: Served, digest: string, offset = 0n, size = 0n): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const { data } of client.stream(read, { digest, offset, size }, { metadata })) parts.push(data);
  return Buffer.concat(parts);
}

test("blobs are written in pieces and read whole or in part", async () => {
  await using served = await serve();
  const data = randomBytes(2_000_000);
  const digest = await put(served, data);
  expect(digest).toBe(digestOf(data));
  const answer = await served.client.unary(info, { digest }, { metadata });
  expect(answer.info).toMatchObject({ digest, size: 2_000_000n });
  expect((await get(served, digest)).equals(data)).toBe(true);
  expect((await get(served, digest, 1_000_000n, 5n)).equals(data.subarray(1_000_000, 1_000_005))).toBe(true);
  expect(await get(served, digest, 2_000_000n)).toHaveLength(0);
  await put(served, Buffer.alloc(0));
  await expect(put(served, data)).rejects.toMatchObject({ code: grpcCodes.alreadyExists });
  expect(await readdir(served.folder.join("cache/ingest"))).toEqual([]);
});

test("what is not what it was said to be leaves nothing", async () => {
  await using served = await serve();
  const { client, folder } = served;
  const wrong = put(served, randomBytes(10), digestOf(randomBytes(3)));
  await expect(wrong).rejects.toMatchObject({ code: grpcCodes.failedPrecondition });
  const gap = client.duplex(write, { metadata });
  await gap.send({ action: 1, offset: 5n, data: randomBytes(3) });
  await expect(gap.answers.next()).rejects.toMatchObject({ code: grpcCodes.outOfRange });
  const cut = client.duplex(write, { metadata });
  await cut.send({ action: 1, data: randomBytes(3) });
  await cut.answers.next();
  await cut.answers.return();
  await expect.poll(() => readdir(folder.join("cache/ingest"))).toEqual([]);
  expect(await readdir(folder.join("cache"))).toEqual(["ingest"]);
});

test("names of blobs lead nowhere else, and missing ones are said to be missing", async () => {
  await using served = await serve();
  const { client, failures } = served;
  for (const digest of ["", "sha256:../../etc/passwd", "md5:0", `sha256:${"A".repeat(64)}`]) {
    await expect(get(served, digest)).rejects.toMatchObject({ code: grpcCodes.invalidArgument });
  }
  const missing = digestOf(randomBytes(3));
  await expect(get(served, missing)).rejects.toMatchObject({ code: grpcCodes.notFound });
  const asked = client.unary(info, { digest: missing }, { metadata });
  await expect(asked).rejects.toMatchObject({ code: grpcCodes.notFound });
  const elsewhere = { "buildkit-attachable-store-id": "local:other" };
  const other = client.unary(info, { digest: missing }, { metadata: elsewhere });
  await expect(other).rejects.toMatchObject({ code: grpcCodes.notFound });
  expect(failures).toEqual([]);
});
