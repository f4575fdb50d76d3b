import { closeSync, constants, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ContextEntry } from "../../build-context/context-entry.ts";
import { changedFault, packingFault } from "../../build-context/context-fault.ts";
import { encodeName, pathOnDisk } from "../../build-context/file-name.ts";
import type { PacketSchema } from "../../generated/buildkit/filesync_pb.ts";
import { GrpcError, grpcCodes } from "../grpc/grpc-error.ts";
import type { DuplexCall } from "../grpc/route.ts";
import { toGoMode } from "./go-mode.ts";
import { packetType } from "./packet-type.ts";

type PacketCall = DuplexCall<typeof PacketSchema, typeof PacketSchema>;

/** Bytes. Engines before 26 take messages of less than 4 MiB. */
const chunkSize = 128 * 1024;
/** Bytes. Up to this size a file is read synchronously, which is several times faster. */
const smallFile = 64 * 1024;
/** Milliseconds of synchronous work before the event loop gets its turn: an unanswered ping ends the session. */
const longestTurn = 4;
/** Never waits for a FIFO and never follows a symlink that took a file's place after it was looked at. */
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

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
    const data = readSmallFile(source, size);
    if (data.length > 0) await send({ type: packetType.data, id, data });
  } else {
    await sendBigFile(send, id, entry, source);
  }
  await send({ type: packetType.data, id });
}

function readSmallFile(diskPath: string, size: number): Uint8Array {
  // One byte more than expected, to see a file that grew.
  const target = Buffer.allocUnsafe(size + 1);
  let length = 0;
  try {
    const file = openSync(pathOnDisk(diskPath), openFlags);
    try {
      for (let read = -1; read !== 0 && length <= size;) {
        read = readSync(file, target, length, target.length - length, null);
        length += read;
      }
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw packingFault(diskPath, cause);
  }
  if (length > size) throw changedFault(diskPath, "grew");
  if (length < size) throw changedFault(diskPath, "shrank");
  return target.subarray(0, size);
}

async function sendBigFile(
  send: PacketCall["send"],
  id: number,
  { size, mtimeNs }: ContextEntry,
  diskPath: string,
): Promise<void> {
  const fault = (cause: unknown): never => {
    throw packingFault(diskPath, cause);
  };
  const file = await open(pathOnDisk(diskPath), openFlags).catch(fault);
  try {
    // The message copies what it sends, so one piece of memory will do.
    const chunk = Buffer.allocUnsafe(chunkSize);
    for (let left = size; left > 0;) {
      const { bytesRead } = await file.read(chunk, 0, Math.min(left, chunkSize), null).catch(fault);
      if (bytesRead === 0) throw changedFault(diskPath, "shrank");
      left -= bytesRead;
      await send({ type: packetType.data, id, data: chunk.subarray(0, bytesRead) });
    }
    const after = await file.stat({ bigint: true });
    if (after.size > BigInt(size)) throw changedFault(diskPath, "grew");
    if (after.mtimeNs !== mtimeNs) throw changedFault(diskPath, "changed");
  } finally {
    await file.close();
  }
}
