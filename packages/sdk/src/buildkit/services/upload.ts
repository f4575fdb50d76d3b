import { randomBytes } from "node:crypto";
import { Upload } from "../../generated/buildkit/upload_pb.ts";
import { GrpcError, grpcCodes } from "../grpc/grpc-error.ts";
import { duplex, type Route } from "../grpc/route.ts";

/** Bytes. Engines before 26 take messages of less than 4 MiB. */
const chunkSize = 128 * 1024;

/** Something that the engine fetches once, from the session, as if it were at a URL. */
export interface UploadedBytes {
  readonly url: string;
  /** @param onFailure is told why it could not be read. */
  readonly route: (onFailure: (error: unknown) => void) => Route;
}

export function upload(chunks: AsyncIterable<Uint8Array>): UploadedBytes {
  const path = `/${randomBytes(12).toString("hex")}`;
  let isSent = false;
  const route = (onFailure: (error: unknown) => void): Route =>
    duplex(Upload.method.pull, async ({ metadata, send }) => {
      if (isSent || metadata.first("urlpath") !== path) {
        throw new GrpcError(grpcCodes.notFound, "there is nothing to upload");
      }
      isSent = true;
      try {
        for await (const chunk of chunks) {
          for (let at = 0; at < chunk.length; at += chunkSize) {
            await send({ data: chunk.subarray(at, at + chunkSize) });
          }
        }
      } catch (error) {
        if (!(error instanceof GrpcError)) onFailure(error);
        throw error;
      }
    });
  return { url: `http://buildkit-session${path}`, route };
}
