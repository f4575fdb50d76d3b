/** Reads the files of a context, which must be what was found of them: never more, never less, never another. */
import { closeSync, constants, openSync, readSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import type { ContextEntry } from "./context-entry.ts";
import { changedFault, packingFault } from "./context-fault.ts";
import { pathOnDisk } from "./file-name.ts";

/** Bytes. Files up to this size are read synchronously, which is several times faster than asynchronously. */
export const smallFile: number = 64 * 1024;

/** Never waits for a FIFO and never follows a symlink that took a file's place after it was looked at. */
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/**
 * Reads all of a small file.
 * @param target has room for one byte more than the file's size, to see one that grew.
 * @throws ContextError when it cannot be read, or has another size.
 */
export function readSmallFile(diskPath: string, size: number, target: Uint8Array): void {
  let length = 0;
  try {
    const file = openSync(pathOnDisk(diskPath), openFlags);
    try {
      let read: number;
      do {
        read = readSync(file, target, length, target.length - length, null);
        length += read;
      } while (read !== 0 && length < size);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw packingFault(diskPath, cause);
  }
  if (length > size) throw changedFault(diskPath, "grew");
  if (length < size) throw changedFault(diskPath, "shrank");
}

/** Opens a file to be read in pieces by {@link readPiece}. @throws ContextError when it cannot be. */
export async function openBigFile(diskPath: string): Promise<FileHandle> {
  return open(pathOnDisk(diskPath), openFlags).catch((cause: unknown) => {
    throw packingFault(diskPath, cause);
  });
}

/** Fills a piece of memory with what comes next. @throws ContextError when the file ends before. */
export async function readPiece(file: FileHandle, diskPath: string, target: Uint8Array): Promise<void> {
  for (let length = 0; length < target.length;) {
    const { bytesRead } = await file
      .read(target, length, target.length - length, null)
      .catch((cause: unknown) => {
        throw packingFault(diskPath, cause);
      });
    if (bytesRead === 0) throw changedFault(diskPath, "shrank");
    length += bytesRead;
  }
}

/** @throws ContextError when a file that has been read to its end was changed meanwhile. */
export async function checkUnchanged(
  file: FileHandle,
  diskPath: string,
  { size, mtimeNs }: Pick<ContextEntry, "size" | "mtimeNs">,
): Promise<void> {
  const after = await file.stat({ bigint: true });
  if (after.size > BigInt(size)) throw changedFault(diskPath, "grew");
  if (after.mtimeNs !== mtimeNs) throw changedFault(diskPath, "changed");
}
