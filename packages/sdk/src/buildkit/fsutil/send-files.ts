import { setImmediate as nextTurn } from "node:timers/promises";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ContextEntry } from "../../build-context/context-entry.ts";
import { encodeName } from "../../build-context/file-name.ts";
import {
  checkUnchanged,
  openBigFile,
  readPiece,
  readSmallFile,
  smallFile,
} from "../../build-context/read-file.ts";
import type { PacketSchema } from "../../generated/buildkit/filesync_pb.ts";
import { GrpcError, grpcCodes } from "../grpc/grpc-error.ts";
import type { DuplexCall } from "../grpc/route.ts";
import { toGoMode } from "./go-mode.ts";
import { packetType } from "./packet-type.ts";

type PacketCall = DuplexCall<typeof PacketSchema, typeof PacketSchema>;

/** Bytes. Engines before 26 take messages of less than 4 MiB. */
const chunkSize = 128 * 1024;
/** Milliseconds of synchronous work before the event loop gets its turn: an unanswered ping ends the session. */
const longestTurn = 4;

/**
 * Sends a folder as fsutil does: first says what there is, then sends the files that the receiver asks for, which are
 * those it does not have. Both at a time. Throws `ContextError` for a file that is not what was said of it.
 */
export async function sendFiles(
  call: PacketCall,
  entries: Iterable<ContextEntry | undefined>,
): Promise<void> {
  const files = new Map<number, ContextEntry>();
  const stats = sendStats(call, entries, files);
  const contents = sendContents(call, files);
  // Whichever fails first ends the call.
  stats.catch(() => undefined);
  contents.catch(() => undefined);
  await Promise.all([stats, contents]);
}

/** Every entry counts for the ids by which the receiver asks, folders and links too. */
async function sendStats(
  { send }: PacketCall,
  entries: Iterable<ContextEntry | undefined>,
  files: Map<number, ContextEntry>,
): Promise<void> {
  let id = 0;
  let turnStart = performance.now();
  for (const entry of entries) {
    if (entry !== undefined) {
      if (entry.type === "file") files.set(id, entry);
      id++;
      await send({ type: packetType.stat, stat: toStat(entry) });
    }
    if (performance.now() - turnStart > longestTurn) {
      await nextTurn();
      turnStart = performance.now();
    }
  }
  await send({ type: packetType.stat });
}

function toStat(entry: ContextEntry): NonNullable<MessageInitShape<typeof PacketSchema>["stat"]> {
  const { path, size, mtime, mtimeNs, linkTarget, device } = entry;
  return {
    path: encodeName(path),
    mode: toGoMode(entry),
    size: BigInt(size),
    modTime: mtimeNs ?? BigInt(mtime) * 1_000_000_000n,
    ...(linkTarget !== undefined && { linkname: encodeName(linkTarget) }),
    ...(device !== undefined && { devmajor: BigInt(device.major), devminor: BigInt(device.minor) }),
  };
}

async function sendContents(call: PacketCall, files: ReadonlyMap<number, ContextEntry>): Promise<void> {
  for await (const { type, id, data } of call.requests) {
    if (type === packetType.finish) {
      await call.send({ type: packetType.finish });
      return;
    }
    if (type === packetType.error) throw new GrpcError(grpcCodes.unknown, Buffer.from(data).toString("utf8"));
    if (type !== packetType.request) continue;
    const entry = files.get(id);
    if (entry === undefined) throw new GrpcError(grpcCodes.unknown, `there is no file with the number ${id}`);
    await sendContent(call, id, entry);
  }
}

async function sendContent({ send }: PacketCall, id: number, entry: ContextEntry): Promise<void> {
  const { source, size } = entry;
  if (typeof source !== "string") {
    for (let at = 0; at < source.length; at += chunkSize) {
      await send({ type: packetType.data, id, data: source.subarray(at, at + chunkSize) });
    }
  } else if (size <= smallFile) {
    const data = Buffer.allocUnsafe(size + 1);
    readSmallFile(source, size, data);
    if (size > 0) await send({ type: packetType.data, id, data: data.subarray(0, size) });
  } else {
    await sendBigFile(send, id, entry, source);
  }
  await send({ type: packetType.data, id });
}

async function sendBigFile(
  send: PacketCall["send"],
  id: number,
  entry: ContextEntry,
  diskPath: string,
): Promise<void> {
  const file = await openBigFile(diskPath);
  try {
    // The message copies what it sends, so one piece of memory will do.
    const chunk = Buffer.allocUnsafe(chunkSize);
    for (let left = entry.size; left > 0; left -= chunkSize) {
      const data = chunk.subarray(0, Math.min(left, chunkSize));
      await readPiece(file, diskPath, data);
      await send({ type: packetType.data, id, data });
    }
    await checkUnchanged(file, diskPath, entry);
  } finally {
    await file.close();
  }
}
