import { closeSync, constants, openSync, readSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { changedFault, packingFault } from "./context-fault.ts";
import type { ContextEntry } from "./context-entry.ts";
import { pathOnDisk } from "./file-name.ts";
import { encodeHeader, endOfTar } from "./tar-header.ts";
import { TarOutput } from "./tar-output.ts";

/** Bytes. Files up to this size are read synchronously, which is several times faster than asynchronously. */
const smallFile = 64 * 1024;
/** Milliseconds of synchronous work before the event loop gets its turn. */
const longestTurn = 4;
/** Never waits for a FIFO and never follows a symlink that took a file's place after it was looked at. */
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

export interface PackOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * For readers that are done with a chunk when they ask for the next, as the body of an HTTP request is: chunks
   * are then overwritten, which makes a large upload a third faster. Default false: the reader may keep them.
   */
  readonly reuseMemory?: boolean | undefined;
}

/**
 * A tar of these entries. Reads on only as the reader asks for more (one chunk
 * ahead inside a big file) and closes every file when the reader leaves. Throws `ContextError` when a file is not
 * what its entry says, and the signal's reason when aborted.
 */
export async function* packEntries(
  entries: Iterable<ContextEntry | undefined>,
  { signal, reuseMemory = false }: PackOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  signal?.throwIfAborted();
  const output = new TarOutput(reuseMemory);
  let turnStart = performance.now();
  for (const entry of entries) {
    if (entry !== undefined) {
      yield* packBytes(encodeHeader(entry), output);
      if (typeof entry.source !== "string") {
        yield* packBytes(entry.source, output);
      } else if (entry.type === "file" && entry.size > smallFile) {
        yield* packBigFile(entry, entry.source, output, signal);
      } else if (entry.type === "file") {
        if (output.room <= entry.size) yield output.take();
        packSmallFile(entry, entry.source, output);
      }
    }
    if (performance.now() - turnStart > longestTurn) {
      await nextTurn();
      turnStart = performance.now();
    }
    signal?.throwIfAborted();
  }
  yield* packBytes(endOfTar, output);
  yield output.take();
}

function* packBytes(bytes: Uint8Array, output: TarOutput): Generator<Uint8Array, void, undefined> {
  for (let at = output.append(bytes); at < bytes.length; at += output.append(bytes.subarray(at))) {
    yield output.take();
  }
  output.pad();
}

function packSmallFile(entry: ContextEntry, diskPath: string, output: TarOutput): void {
  // One byte more than expected, to see a file that grew.
  const target = output.claim(entry.size + 1);
  let length = 0;
  try {
    const file = openSync(pathOnDisk(diskPath), openFlags);
    try {
      let read = -1;
      while (read !== 0 && length < entry.size) {
        read = readSync(file, target, length, target.length - length, null);
        length += read;
      }
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw packingFault(diskPath, cause);
  }
  if (length > entry.size) throw changedFault(diskPath, "grew");
  if (length < entry.size) throw changedFault(diskPath, "shrank");
  output.unclaim(1);
  output.pad();
}

async function* packBigFile(
  entry: ContextEntry,
  diskPath: string,
  output: TarOutput,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(pathOnDisk(diskPath), openFlags).catch((cause: unknown) => {
    throw packingFault(diskPath, cause);
  });
  let left = entry.size;
  function readOn(): Promise<void> {
    const target = output.claim(Math.min(left, output.room));
    left -= target.length;
    const filling = fill(file, diskPath, target);
    filling.catch(() => undefined); // thrown where it is awaited, if the reader comes back
    return filling;
  }

  let filling = readOn();
  try {
    for (;;) {
      await filling;
      if (left === 0) break;
      const full = output.take();
      filling = readOn();
      yield full;
      signal?.throwIfAborted();
    }
    output.pad();
    const after = await file.stat({ bigint: true });
    if (after.size > BigInt(entry.size)) throw changedFault(diskPath, "grew");
    if (after.mtimeNs !== entry.mtimeNs) throw changedFault(diskPath, "changed");
  } finally {
    await filling.catch(() => undefined);
    await file.close();
  }
}

async function fill(file: FileHandle, diskPath: string, target: Buffer): Promise<void> {
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
