import { createReadStream } from "node:fs";
import { gzipSync } from "node:zlib";
import { addDockerfile, randomDockerfileName } from "./added-dockerfile.ts";
import { givenFile, type ContextEntry } from "./context-entry.ts";
import { readingFault } from "./context-fault.ts";
import { compareBytes } from "./file-name.ts";
import { packEntries } from "./pack.ts";
import { endOfTar } from "./tar-header.ts";

/** A file of a context that is on no disk. */
export type GivenFile =
  | string
  | Uint8Array
  | {
      readonly content: string | Uint8Array;
      /** Permission bits. Default 0o644. */
      readonly mode?: number | undefined;
    };

/** The path of a tar, its bytes, or a stream of them. May be compressed with gzip, bzip2, xz or zstd. */
export type GivenTar = string | Uint8Array | AsyncIterable<Uint8Array>;

/** Entries for files given by their path in the context, with the folders above them (mode 0o755). */
export function entriesOf(files: Readonly<Record<string, GivenFile>>): ContextEntry[] {
  const entries = new Map<string, ContextEntry>();
  for (const [path, file] of Object.entries(files)) {
    const parts = path.split("/");
    if (path.includes("\0") || parts.some((part) => part === "" || part === "." || part === "..")) {
      throw new TypeError(`Argument "files": not a path inside the context: ${JSON.stringify(path)}.`);
    }
    for (let length = 1; length < parts.length; length++) {
      const above = parts.slice(0, length).join("/");
      if (above in files)
        throw new TypeError(`Argument "files": ${JSON.stringify(above)} cannot be both a file and a folder.`);
      entries.set(above, { ...givenFile(above, new Uint8Array(), 0o755), type: "folder" });
    }
    const isPlain = typeof file === "string" || file instanceof Uint8Array;
    const content = isPlain ? file : file.content;
    const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
    entries.set(path, givenFile(path, bytes, (isPlain ? undefined : file.mode) ?? 0o644));
  }
  return [...entries.values()].sort((a, b) => compareBytes(a.path, b.path));
}

/** The chunks of a tar. Throws `ContextError` when its file cannot be read. */
export async function* readTar(
  tar: GivenTar,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  signal?.throwIfAborted();
  if (tar instanceof Uint8Array) {
    yield tar;
    return;
  }
  const chunks = typeof tar === "string" ? readFileChunks(tar) : tar;
  for await (const chunk of chunks) {
    yield chunk;
    signal?.throwIfAborted();
  }
}

async function* readFileChunks(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: 512 * 1024 });
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await iterator.next().catch((cause: unknown) => {
        throw readingFault(path, cause);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** Puts a Dockerfile before the entries of a tar, whose own `.dockerignore`, coming later, replaces ours. */
export function tarWithDockerfile(
  tar: GivenTar,
  text: Uint8Array,
  signal?: AbortSignal,
): { stream: AsyncIterable<Uint8Array>; dockerfile: string } {
  const name = randomDockerfileName();
  return { stream: prepend(readTar(tar, signal), [...addDockerfile([], name, text)]), dockerfile: name };
}

async function* prepend(
  tar: AsyncIterable<Uint8Array>,
  entries: readonly (ContextEntry | undefined)[],
): AsyncGenerator<Uint8Array, void, undefined> {
  const parts: Uint8Array[] = [];
  for await (const chunk of packEntries(entries)) parts.push(chunk);
  const head = Buffer.concat(parts).subarray(0, -endOfTar.length);
  // A stream may begin with a piece too short to tell its format.
  let start = Buffer.alloc(0);
  let isSent = false;
  for await (const chunk of tar) {
    if (isSent) {
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < longestMagic) continue;
    isSent = true;
    yield likeCompressed(head, start);
    yield start;
  }
  if (!isSent) yield Buffer.concat([head, start]);
}

const longestMagic = 6;

/** Files of gzip can be put one after another; Node cannot write the other formats. */
function likeCompressed(head: Buffer, tarStart: Buffer): Uint8Array {
  const magic = tarStart.toString("latin1", 0, longestMagic);
  if (magic.startsWith("\u001f\u008b")) return gzipSync(head);
  const isOther = ["BZh", "\u00fd7zXZ\0", "(\u00b5/\u00fd"].some((other) => magic.startsWith(other));
  if (!isOther) return head;
  throw new TypeError(
    "A Dockerfile can be added to a plain or gzip-compressed tar only: put it into the tar.",
  );
}
