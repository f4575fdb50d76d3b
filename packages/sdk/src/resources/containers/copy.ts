import { basename, dirname, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { lstat } from "node:fs/promises";
import { extract as extractTo, pack, type ExtractOptions } from "tar-fs";
import { extract } from "tar-stream";
import { ContextError, ProtocolError } from "../../errors.ts";
import type { Caller } from "../../transport/call.ts";

/**
 * As `docker cp` does: modes as they are, owned by the user who copies, and links that point anywhere (`/etc/mtab`
 * is absolute) are made; nothing is ever written through one.
 */
const extractOptions = { umask: 0, chown: false, validateSymlinks: false } as ExtractOptions; // newer than its types

/** A file in a container, as the engine tells it. */
export interface ContainerPathStat {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Go's `os.FileMode`: type bits high, permissions low. */
  readonly mode: number;
  readonly mtime: string;
  /** Where a symbolic link points, else empty. */
  readonly linkTarget: string;
}

export interface CopyOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Copies a file or folder of this machine into a folder of the container, under its own name. */
export async function copyIn(
  caller: Caller,
  id: string,
  source: string,
  folder: string,
  { signal }: CopyOptions = {},
): Promise<void> {
  const path = resolve(source);
  await lstat(path).catch((cause: unknown) => {
    throw new ContextError(`Cannot copy ${path} into the container: ${(cause as Error).message}`, {
      path,
      cause,
    });
  });
  const packed = pack(dirname(path), { entries: [basename(path)] });
  try {
    await caller.call("PutContainerArchive", {
      path: { id },
      query: { path: folder },
      body: Readable.from(packed),
      signal,
    });
  } finally {
    packed.destroy();
  }
}

/**
 * Copies a file or folder of the container into a folder of this machine, under its own name; the folder is made
 * where it is missing. Nothing is written outside it, whatever names the container holds.
 */
export async function copyOut(
  caller: Caller,
  id: string,
  source: string,
  folder: string,
  { signal }: CopyOptions = {},
): Promise<void> {
  const archive = await caller.call("ContainerArchive", { path: { id }, query: { path: source }, signal });
  await pipeline(archive.toReadable(), extractTo(resolve(folder), extractOptions));
}

/** The bytes of one file of the container. Links are not followed. */
export async function readFile(
  caller: Caller,
  id: string,
  path: string,
  { signal }: CopyOptions = {},
): Promise<Uint8Array> {
  const archive = await caller.call("ContainerArchive", { path: { id }, query: { path }, signal });
  const bytes = archive.toReadable();
  const entries = extract();
  bytes.on("error", (error) => entries.destroy(error)).pipe(entries);
  try {
    for await (const entry of entries) {
      const { type } = entry.header;
      if (type !== "file") {
        throw new TypeError(
          `Argument "path": ${path} is a ${type ?? "special file"} in the container, not a file.`,
        );
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry) chunks.push(chunk as Uint8Array); // not in object mode
      return Buffer.concat(chunks);
    }
    throw new ProtocolError(`The engine sent an empty archive for ${path}.`, {
      operation: "ContainerArchive",
    });
  } finally {
    bytes.destroy();
    archive.close();
  }
}

/** What the engine knows of a path. @throws NotFoundError when it does not exist. */
export async function stat(
  caller: Caller,
  id: string,
  path: string,
  { signal }: CopyOptions = {},
): Promise<ContainerPathStat> {
  const response = await caller.send("ContainerArchiveInfo", { path: { id }, query: { path }, signal });
  response.body.close();
  const header = response.headers["x-docker-container-path-stat"];
  if (typeof header !== "string") {
    throw new ProtocolError("The engine did not tell what the path is.", {
      operation: "ContainerArchiveInfo",
    });
  }
  return JSON.parse(Buffer.from(header, "base64").toString("utf8")) as ContainerPathStat; // as the API documents
}
