import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { ArchiveBytesSchema, FileSend, PacketSchema } from "../../generated/buildkit/filesync_pb.ts";
import { drained } from "../../streams/drained.ts";
import { GrpcError, grpcCodes } from "../grpc/grpc-error.ts";
import { openDuplex, pathOf, type IncomingCall, type Route } from "../grpc/route.ts";
import { receiveFiles } from "../fsutil/receive-files.ts";

/** Where the result of a build goes on this side. */
export type ReceivedOutput = { readonly local: string } | { readonly tar: string | Writable };

/**
 * Takes what exporters send: a folder or an archive, which speak differently over the same method.
 *
 * @param outputs by the exporter's place in the request.
 * @param onFailure is told why a result could not be written.
 */
export function fileSend(
  outputs: ReadonlyMap<number, ReceivedOutput>,
  onFailure: (error: unknown) => void,
): Route {
  const serve = async (call: IncomingCall): Promise<void> => {
    // Engines before 26 have one exporter, and do not say which.
    const place = call.metadata.first("buildkit-attachable-exporter-id");
    const output = place === undefined ? [...outputs.values()][0] : outputs.get(Number(place));
    if (output === undefined)
      throw new GrpcError(grpcCodes.notFound, "nobody takes what this exporter sends");
    try {
      if ("local" in output) {
        await receiveFiles(openDuplex(call, PacketSchema, PacketSchema), output.local);
      } else {
        await receiveArchive(call, output.tar);
      }
    } catch (error) {
      if (!(error instanceof GrpcError)) onFailure(error);
      throw error;
    }
  };
  return { path: pathOf(FileSend.method.diffCopy), serve };
}

async function receiveArchive(call: IncomingCall, target: string | Writable): Promise<void> {
  const writable = typeof target === "string" ? createWriteStream(target) : target;
  const ended = finished(writable);
  ended.catch(() => undefined); // awaited below, or less telling than what broke
  try {
    const { requests } = openDuplex(call, ArchiveBytesSchema, ArchiveBytesSchema);
    for await (const { data } of requests) {
      if (!writable.write(data)) await Promise.race([drained(writable), ended]);
    }
    writable.end();
    await ended;
  } catch (error) {
    writable.destroy();
    if (typeof target === "string") await rm(target, { force: true });
    throw error;
  }
}
