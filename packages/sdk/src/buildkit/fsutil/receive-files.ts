import { ContextError, DockerError } from "../../errors.ts";
import type { PacketSchema } from "../../generated/buildkit/filesync_pb.ts";
import { GrpcError, grpcCodes } from "../grpc/grpc-error.ts";
import type { DuplexCall } from "../grpc/route.ts";
import { packetType } from "./packet-type.ts";
import { TargetFolder } from "./target-folder.ts";

type PacketCall = DuplexCall<typeof PacketSchema, typeof PacketSchema>;

/**
 * Receives a folder as fsutil sends it. What is there stays unless it is in the way. Nothing is written outside of the
 * folder, whatever names and links come: no path leads up, and every folder on the way to a file is a real one.
 */
export async function receiveFiles(call: PacketCall, root: string): Promise<void> {
  const target = new TargetFolder(root);
  let id = 0;
  let pending = 0;
  let isListed = false;
  const finishIfDone = async (): Promise<void> => {
    if (isListed && pending === 0) await call.send({ type: packetType.finish });
  };
  try {
    for await (const { type, id: from, stat, data } of call.requests) {
      if (type === packetType.finish) return target.finish();
      if (type === packetType.error)
        throw new GrpcError(grpcCodes.unknown, Buffer.from(data).toString("utf8"));
      if (type === packetType.data) {
        if (data.length > 0) {
          target.write(from, data);
        } else {
          target.end(from);
          pending--;
          await finishIfDone();
        }
      } else if (type === packetType.stat && stat === undefined) {
        isListed = true;
        await finishIfDone();
      } else if (type === packetType.stat && stat !== undefined) {
        const number = id++;
        if (!target.make(number, stat)) continue;
        pending++;
        await call.send({ type: packetType.request, id: number });
      }
    }
    throw new GrpcError(grpcCodes.cancelled, "the engine stopped sending the result");
  } catch (error) {
    throw writingFault(error, root);
  } finally {
    target.close();
  }
}

/** What calls of `node:fs` throw: the disk is full, the folder is not ours … */
function writingFault(error: unknown, root: string): unknown {
  const isOwn = error instanceof GrpcError || DockerError.is(error);
  if (isOwn || !(error instanceof Error && "syscall" in error)) return error;
  const path = "path" in error && typeof error.path === "string" ? error.path : root;
  return new ContextError(`Cannot write the result of the build to ${root}: ${error.message}`, {
    path,
    cause: error,
  });
}
