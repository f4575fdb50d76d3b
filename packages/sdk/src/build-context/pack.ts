import { setImmediate as nextTurn } from "node:timers/promises";
import type { ContextEntry } from "./context-entry.ts";
import { checkUnchanged, openBigFile, readPiece, readSmallFile, smallFile } from "./read-file.ts";
import { encodeHeader, endOfTar } from "./tar-header.ts";
import { TarOutput } from "./tar-output.ts";

/** Milliseconds of synchronous work before the event loop gets its turn. */
const longestTurn = 4;

export interface PackOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * For readers that are done with a chunk when they ask for the next, as the body of an HTTP request is: chunks
   * are then overwritten, which makes a large upload a third faster. Default false: the reader may keep them.
   */
  readonly reuseMemory?: boolean | undefined;
}

/**
 * A tar of these entries. Reads on only as the reader asks for more (one chunk ahead inside a big file) and closes
 * every file when the reader leaves. Throws `ContextError` when a file is not what its entry says, and the signal's
 * reason when aborted.
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

function packSmallFile({ size }: ContextEntry, diskPath: string, output: TarOutput): void {
  readSmallFile(diskPath, size, output.claim(size + 1));
  output.unclaim(1);
  output.pad();
}

async function* packBigFile(
  entry: ContextEntry,
  diskPath: string,
  output: TarOutput,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await openBigFile(diskPath);
  let left = entry.size;
  function readOn(): Promise<void> {
    const target = output.claim(Math.min(left, output.room));
    left -= target.length;
    const filling = readPiece(file, diskPath, target);
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
    await checkUnchanged(file, diskPath, entry);
  } finally {
    await filling.catch(() => undefined);
    await file.close();
  }
}
