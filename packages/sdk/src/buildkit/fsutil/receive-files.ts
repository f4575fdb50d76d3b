import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  futimesSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { decodeName, pathOnDisk } from "../../build-context/file-name.ts";
import { ContextError, DockerError, ProtocolError } from "../../errors.ts";
import type { PacketSchema, Stat } from "../../generated/buildkit/filesync_pb.ts";
import { GrpcError, grpcCodes } from "../grpc/grpc-error.ts";
import type { DuplexCall } from "../grpc/route.ts";
import { fromGoMode } from "./go-mode.ts";
import { packetType } from "./packet-type.ts";

type PacketCall = DuplexCall<typeof PacketSchema, typeof PacketSchema>;

const newFile = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

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

interface ReceivedFile {
  readonly path: string | Buffer;
  readonly stat: Stat;
  descriptor: number | undefined;
}

class TargetFolder {
  readonly #root: string;
  readonly #files = new Map<number, ReceivedFile>();
  readonly #folders = new Map<string, Stat | undefined>();

  constructor(root: string) {
    this.#root = root;
    mkdirSync(root, { recursive: true });
    this.#folders.set("", undefined);
  }

  /** Makes what is said to be there. True for a file whose content is to be asked for. */
  make(id: number, stat: Stat): boolean {
    const name = checkedPath(stat.path);
    const { type, mode } = fromGoMode(stat.mode);
    const above = dirname(name);
    this.#enter(above === "." ? "" : above);
    const path = this.#onDisk(name);
    if (type === "folder") {
      this.#enter(name);
      this.#folders.set(name, stat);
      return false;
    }
    // Devices and the like are nothing to have in a folder of results.
    if (type === "other") return false;
    rmSync(path, { force: true, recursive: true });
    if (type === "symlink") {
      if (stat.linkname.includes(0)) throw new ProtocolError("The engine sent a symlink to what is no path.");
      symlinkSync(pathOnDisk(decodeName(Buffer.from(stat.linkname))), path);
      return false;
    }
    if (stat.linkname.length > 0) {
      const first = checkedPath(stat.linkname);
      this.#enter(dirname(first) === "." ? "" : dirname(first));
      if (!lstatSync(this.#onDisk(first)).isFile())
        throw new ProtocolError(`a hard link to no file: ${first}`);
      linkSync(this.#onDisk(first), path);
      return false;
    }
    closeSync(openSync(path, newFile, mode & 0o700));
    this.#files.set(id, { path, stat, descriptor: undefined });
    return true;
  }

  write(id: number, data: Uint8Array): void {
    const file = this.#file(id);
    file.descriptor ??= openSync(file.path, constants.O_WRONLY | constants.O_NOFOLLOW);
    for (let at = 0; at < data.length;) at += writeSync(file.descriptor, data, at);
  }

  end(id: number): void {
    const { path, stat, descriptor } = this.#file(id);
    const open = descriptor ?? openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW);
    this.#files.delete(id);
    try {
      fchmodSync(open, fromGoMode(stat.mode).mode);
      const time = secondsOf(stat);
      futimesSync(open, time, time);
    } finally {
      closeSync(open);
    }
  }

  /** Folders get their modes and times last: they may forbid to write, and writing changes them. */
  finish(): void {
    for (const [name, stat] of [...this.#folders].toReversed()) {
      if (stat === undefined) continue;
      const path = this.#onDisk(name);
      chmodSync(path, fromGoMode(stat.mode).mode);
      utimesSync(path, secondsOf(stat), secondsOf(stat));
    }
  }

  close(): void {
    for (const { descriptor } of this.#files.values()) if (descriptor !== undefined) closeSync(descriptor);
    this.#files.clear();
  }

  /** Makes sure that a folder is one, and none that a symlink leads to. */
  #enter(name: string): void {
    if (this.#folders.has(name)) return;
    const above = dirname(name);
    this.#enter(above === "." ? "" : above);
    const path = this.#onDisk(name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() !== true) {
      rmSync(path, { force: true });
      mkdirSync(path, 0o755);
    }
    this.#folders.set(name, undefined);
  }

  #file(id: number): ReceivedFile {
    const file = this.#files.get(id);
    if (file === undefined) throw new ProtocolError(`The engine sent a file that was not asked for: ${id}.`);
    return file;
  }

  #onDisk(name: string): string | Buffer {
    return pathOnDisk(join(this.#root, name));
  }
}

function secondsOf({ modTime }: Stat): number {
  return Number(modTime / 1000n) / 1e6;
}

function checkedPath(bytes: Uint8Array): string {
  const path = decodeName(Buffer.from(bytes));
  const parts = path.split("/");
  const isBad = path.includes("\0") || parts.some((part) => part === "" || part === "." || part === "..");
  if (isBad) throw new ProtocolError(`The engine sent a path that leads elsewhere: ${JSON.stringify(path)}`);
  return path;
}
