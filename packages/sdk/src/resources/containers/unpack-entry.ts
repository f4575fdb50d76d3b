import { execFile } from "node:child_process";
import {
  closeSync,
  constants,
  fchmodSync,
  ftruncateSync,
  futimesSync,
  linkSync,
  lstatSync,
  openSync,
  readlinkSync,
  symlinkSync,
  write,
  writeSync,
} from "node:fs";
import { promisify } from "node:util";
import { pathOnDisk } from "../../build-context/file-name.ts";
import { ContextError } from "../../errors.ts";
import type { TarEntryHeader } from "../../layers/tar-entry-header.ts";
import type { TarReader } from "../../layers/tar-reader.ts";

/** Bytes. Files up to this size are written synchronously, which is several times faster than asynchronously. */
const smallFile = 64 * 1024;
const zeros = Buffer.alloc(smallFile);
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
const writeLater = promisify(write);

/** Writes a new file; where it is zeros for long, it gets a hole. */
export async function writeFile(
  tar: TarReader,
  path: string,
  { size, mode }: TarEntryHeader,
  mtime: Date,
): Promise<void> {
  const file = openSync(pathOnDisk(path), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    let at = 0;
    for (let chunk = await tar.chunk(); chunk !== undefined; chunk = await tar.chunk()) {
      if (!isHole(chunk)) await writeAll(file, chunk, at, size > smallFile);
      at += chunk.length;
    }
    ftruncateSync(file, size);
    fchmodSync(file, mode);
    futimesSync(file, new Date(), mtime);
  } finally {
    closeSync(file);
  }
}

async function writeAll(file: number, bytes: Uint8Array, at: number, later: boolean): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const left = bytes.length - done;
    done += later
      ? (await writeLater(file, bytes, done, left, at + done)).bytesWritten
      : writeSync(file, bytes, done, left, at + done);
  }
}

function isHole(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += zeros.length) {
    const part = bytes.subarray(at, at + zeros.length);
    if (zeros.compare(part, 0, part.length, 0, part.length) !== 0) return false;
  }
  return true;
}

/** Another name of a file that was unpacked. */
export function linkAgain(existing: string, path: string): void {
  // Linux links a link itself; some systems follow it, wherever it leads.
  if (process.platform !== "linux" && lstatSync(pathOnDisk(existing)).isSymbolicLink()) {
    symlinkSync(readlinkSync(pathOnDisk(existing), { encoding: "buffer" }), pathOnDisk(path));
  } else {
    linkSync(pathOnDisk(existing), pathOnDisk(path));
  }
}

/** Node has no call for it, every Unix has the program. */
export async function makeFifo(path: string): Promise<void> {
  try {
    await promisify(execFile)("mkfifo", ["--", path]);
  } catch (cause) {
    throw new ContextError(`Cannot make the FIFO ${path}: ${String(cause)}`, { path, cause });
  }
}
