import { lstat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-fs";
import { ContextError, DockerError } from "../../errors.ts";
import type { Caller } from "../../transport/call.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { unpack } from "./unpack.ts";

export interface CopyInOptions extends CallOptions {
  /** Gives the files to the user that the container runs as. Default: numbers of user and group as they are here. */
  readonly asContainerUser?: boolean | undefined;
}

/** Copies a file or folder of this machine into a folder of the container, under its own name. */
export async function copyIn(
  caller: Caller,
  id: string,
  source: string,
  folder: string,
  { asContainerUser, signal }: CopyInOptions = {},
): Promise<void> {
  const path = resolve(source);
  const refuse = (cause: Error): never => {
    throw new ContextError(`Cannot copy ${path} into the container: ${cause.message}`, { path, cause });
  };
  await lstat(path).catch(refuse);
  const packed = pack(dirname(path), { entries: [basename(path)] });
  let failure: Error | undefined;
  packed.on("error", (error) => (failure = error));
  try {
    const query = { path: folder, copyUIDGID: asContainerUser };
    await caller.call("PutContainerArchive", { path: { id }, query, body: Readable.from(packed), signal });
  } catch (error) {
    // An answer of the engine says more than that it did not read on.
    if (failure !== undefined && !DockerError.is(error)) refuse(failure);
    throw error;
  } finally {
    packed.destroy();
  }
}

/**
 * Copies a file or folder of the container into a folder of this machine, under its own name; the folder is made
 * where it is missing. Nothing is written outside it, whatever names and links the container holds.
 */
export async function copyOut(
  caller: Caller,
  id: string,
  source: string,
  folder: string,
  { signal }: CallOptions = {},
): Promise<void> {
  const archive = await caller.call("ContainerArchive", { path: { id }, query: { path: source }, signal });
  await pipeline(archive.toReadable(), unpack(resolve(folder)));
}
