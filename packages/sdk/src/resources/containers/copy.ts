import { lstat, realpath } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { packEntries } from "../../build-context/pack.ts";
import { walkTree } from "../../build-context/walk.ts";
import { ContextError, DockerError } from "../../errors.ts";
import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf, type Kinds } from "../../values/options.ts";
import { unpack } from "./unpack.ts";

/** Whose the copied files are. */
export interface CopyInOptions extends CallOptions {
  /** Gives the files to the user that the container runs as. Default: numbers of user and group as they are here. */
  readonly asContainerUser?: boolean | undefined;
}

export const copyInKinds: Kinds<Omit<CopyInOptions, "signal">> = { asContainerUser: "boolean" };

/** Takes {@link CopyInOptions}. */
export const copyInOptions: Check = optionsOf<CopyInOptions>("{ asContainerUser: true }", copyInKinds);

/** Copies a file or folder of this machine into a folder of the container: under its own name, or what is in it. */
export async function copyIn(
  caller: Caller,
  id: string,
  source: string,
  folder: string,
  { asContainerUser, signal }: CopyInOptions = {},
): Promise<void> {
  const isContents = basename(source) === ".";
  const given = resolve(source);
  const refuse = (why: string, cause?: unknown): never => {
    throw new ContextError(`Cannot copy ${given} into the container: ${why}`, { path: given, cause });
  };
  // What is in a symlink is what is in the folder that it points to.
  const path = isContents
    ? await realpath(given).catch((cause: Error) => refuse(cause.message, cause))
    : given;
  const facts = await lstat(path).catch((cause: Error) => refuse(cause.message, cause));
  if (facts.isSocket()) refuse("it is a socket, which no tar can hold");
  if (isContents && !facts.isDirectory()) refuse("it is no folder");
  const entries = walkTree(path, isContents ? "." : basename(path) || ".");
  // The container's folder keeps the mode and the owner that it has.
  if (isContents) entries.next();
  const body = packEntries(entries, { signal });
  const query = { path: folder, copyUIDGID: asContainerUser };
  await caller.call("PutContainerArchive", { path: { id }, query, body, signal });
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
  const target = resolve(folder);
  const archive = await caller.call("ContainerArchive", { path: { id }, query: { path: source }, signal });
  try {
    await unpack(archive, target);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new ContextError(`Cannot copy ${source} of the container into ${target}: ${cause.message}`, {
      path: cause.path ?? target,
      operation: "ContainerArchive",
      cause,
    });
  }
}

/** What calls of `node:fs` throw: the disk is full, the folder is not ours … */
function isSystemError(error: unknown): error is Error & { readonly path?: string } {
  return error instanceof Error && "syscall" in error && "errno" in error && !DockerError.is(error);
}
