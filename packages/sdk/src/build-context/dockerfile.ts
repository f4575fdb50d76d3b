import { lstat, readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { ContextError } from "../errors.ts";
import type { BuildContext } from "./build-context.ts";
import { errorCode, readingFault } from "./context-fault.ts";

/** A Dockerfile that is in no file. */
export interface DockerfileText {
  /** UTF-8. */
  readonly text: string | Uint8Array;
  /** The patterns that a context folder is filtered by. Default: its `.dockerignore`. */
  readonly ignore?: string | undefined;
}

/**
 * The Dockerfile of a build: a path, taken from the context folder if relative, and free to lead out of it;
 * or the text itself. Default `Dockerfile`, or `dockerfile` where there is only that.
 */
export type DockerfileSource = string | DockerfileText;

/** Whether a Dockerfile is not in the tar, or at the URL, that is the context: it is a text, or on this machine. */
export function isApart(context: BuildContext, dockerfile: DockerfileSource | undefined): boolean {
  if (typeof context === "string" || "files" in context) return false;
  if (typeof dockerfile === "object") return true;
  // What an absolute path means at a URL is up to who serves it.
  return "tar" in context && dockerfile !== undefined && isAbsolute(dockerfile);
}

/** Bytes; undefined for one in a tar, at a URL, or that is not there. */
export async function dockerfileSize(
  context: BuildContext,
  dockerfile: DockerfileSource | undefined,
): Promise<number | undefined> {
  if (typeof dockerfile === "object") return toBytes(dockerfile.text).length;
  if (typeof context === "object" && !(dockerfile !== undefined && isAbsolute(dockerfile))) {
    const given = "files" in context ? context.files[dockerfile ?? "Dockerfile"] : undefined;
    if (given === undefined) return undefined;
    return toBytes(typeof given === "string" || given instanceof Uint8Array ? given : given.content).length;
  }
  const folder = typeof context === "string" && context !== "none" ? context : ".";
  const path = dockerfile === undefined ? await defaultDockerfile(folder) : resolve(folder, dockerfile);
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

/** Where a Dockerfile was found. */
export type LocatedDockerfile =
  /** Inside the context, as a path in it with `/`. */
  | { readonly inside: string }
  /** Elsewhere: it has to be sent along. */
  | { readonly text: Uint8Array };

/** Finds the Dockerfile of a context folder, given by its real path. Symlinks are followed, as by the docker CLI. */
export async function locateDockerfile(
  directory: string,
  source: DockerfileSource | undefined,
): Promise<LocatedDockerfile> {
  if (typeof source === "object") return { text: toBytes(source.text) };
  const given = source === undefined ? await defaultDockerfile(directory) : resolve(directory, source);
  const real = await realDockerfile(given);
  const inside = relative(directory, real);
  const isOutside = inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  if (!isOutside) return { inside: inside.replaceAll(sep, "/") };
  return { text: await readDockerfile(real) };
}

/** Where a Dockerfile really is. @throws ContextError when there is none, or a folder. */
export async function realDockerfile(path: string): Promise<string> {
  let real: string;
  let isFolder: boolean;
  try {
    real = await realpath(path);
    isFolder = (await stat(real)).isDirectory();
  } catch (cause) {
    throw dockerfileFault(path, cause);
  }
  // It would be sent with all that is in it.
  if (isFolder) throw new ContextError(`Cannot read ${path}: it is a folder.`, { path });
  return real;
}

/** What a failed call of `node:fs` means for a Dockerfile. */
function dockerfileFault(path: string, cause: unknown): ContextError {
  if (errorCode(cause) !== "ENOENT") return readingFault(path, cause);
  return new ContextError(`Cannot find the Dockerfile ${path}: no such file.`, { path, cause });
}

/** The error for given files that lack their Dockerfile. */
export function missingDockerfile(path: string): ContextError {
  return new ContextError(`The given files have no Dockerfile named ${path}.`, { path });
}

/** The error for a build of nothing. */
export function neededDockerfile(): TypeError {
  return new TypeError('Argument "dockerfile" is needed when the context is "none": a path, or { text }.');
}

/** Reads a Dockerfile that no context folder holds. */
export async function readDockerfile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw dockerfileFault(path, cause);
  }
}

export function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === "string" ? Buffer.from(content, "utf8") : content;
}

async function defaultDockerfile(directory: string): Promise<string> {
  const usual = join(directory, "Dockerfile");
  const lowercase = join(directory, "dockerfile");
  if (await exists(usual)) return usual;
  return (await exists(lowercase)) ? lowercase : usual;
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
