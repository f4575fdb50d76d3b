import type { MessageInitShape } from "@bufbuild/protobuf";
import { Content, type WriteContentResponseSchema } from "../../generated/buildkit/content_pb.ts";
import type { BlobStore, Ingest } from "../cache/blob-store.ts";
import { GrpcError, grpcCodes } from "../grpc/grpc-error.ts";
import type { Metadata } from "../grpc/metadata.ts";
import { duplex, stream, unary, type Route } from "../grpc/route.ts";

/** Bytes. Engines before 26 take messages of less than 4 MiB. */
const chunkSize = 256 * 1024;

const actions = { stat: 0, write: 1, commit: 2 };

/**
 * Folders of blobs, by the name that the engine calls them by: where caches of type `local` are.
 *
 * @param onFailure is told why a blob could not be read or written.
 */
export function content(
  stores: ReadonlyMap<string, BlobStore>,
  onFailure: (error: unknown) => void,
): readonly Route[] {
  const storeOf = (metadata: Metadata): BlobStore => {
    const name = metadata.first("buildkit-attachable-store-id") ?? "";
    const store = stores.get(name);
    if (store === undefined) throw new GrpcError(grpcCodes.notFound, `there is no store "${name}"`);
    return store;
  };
  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GrpcError)) onFailure(error);
      throw error;
    }
  };
  return [
    unary(Content.method.info, ({ digest }, metadata) =>
      told(async () => ({ info: { digest, size: BigInt(await storeOf(metadata).size(digest)) } })),
    ),
    stream(Content.method.read, ({ digest, offset, size }, metadata, send) =>
      told(async () => {
        const file = await storeOf(metadata).open(digest);
        try {
          const end = size === 0n ? Number.MAX_SAFE_INTEGER : Number(offset + size);
          for (let at = Number(offset); at < end;) {
            const length = Math.min(chunkSize, end - at);
            const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, at);
            if (bytesRead === 0) return;
            await send({ offset: BigInt(at), data: buffer.subarray(0, bytesRead) });
            at += bytesRead;
          }
        } finally {
          await file.close();
        }
      }),
    ),
    duplex(Content.method.write, ({ metadata, requests, send }) =>
      told(async () => {
        const store = storeOf(metadata);
        let ingest: Ingest | undefined;
        try {
          for await (const { action, expected, total, offset, data } of requests) {
            if (expected !== "" && (await store.has(expected))) {
              throw new GrpcError(grpcCodes.alreadyExists, `the blob ${expected} is there`);
            }
            ingest ??= await store.create();
            if (data.length > 0) {
              if (Number(offset) !== ingest.length) {
                throw new GrpcError(grpcCodes.outOfRange, `${ingest.length} bytes are there, not ${offset}`);
              }
              await ingest.write(data);
            }
            await send(await answerTo(action, ingest, total, expected));
            if (action === actions.commit) return;
          }
        } finally {
          await ingest?.discard();
        }
      }),
    ),
  ];
}

async function answerTo(
  action: number,
  ingest: Ingest,
  total: bigint,
  expected: string,
): Promise<MessageInitShape<typeof WriteContentResponseSchema>> {
  if (action !== actions.commit) return { action, offset: BigInt(ingest.length), total };
  if (total > 0n && total !== BigInt(ingest.length)) {
    throw new GrpcError(grpcCodes.failedPrecondition, `${ingest.length} bytes came, not ${total}`);
  }
  const digest = await ingest.commit(expected);
  return { action, offset: BigInt(ingest.length), total: BigInt(ingest.length), digest };
}
