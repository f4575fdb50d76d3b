import { readFile, realpath, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ContextError } from "../errors.ts";
import { errorCode, packingFault, readingFault } from "./context-fault.ts";
import { Dockerignore, DockerignoreError, parseDockerignore } from "./dockerignore.ts";
import { addDockerfile, ignoreFile, randomDockerfileName } from "./added-dockerfile.ts";
import { locateDockerfile, type DockerfileSource } from "./dockerfile.ts";
import { decodeName } from "./file-name.ts";
import { packEntries, type PackOptions } from "./pack.ts";
import { walkContext } from "./walk.ts";

export interface PackContextOptions extends PackOptions {
  /** The context folder, from the working directory if relative. */
  readonly directory: string;
  /** Default `Dockerfile` in the folder. */
  readonly dockerfile?: DockerfileSource | undefined;
}

export interface PackedContext {
  /** The tar, to be read once. Nothing is opened before the first chunk is asked for. */
  readonly stream: AsyncIterable<Uint8Array>;
  /** The Dockerfile's name in the tar. */
  readonly dockerfile: string;
}

/**
 * Packs a context folder as the docker CLI does for the classic builder: entry for entry, `.dockerignore` applied,
 * owner 0:0, modes and times kept. File capabilities (`security.capability`) are lost: Node cannot read them.
 * Throws `ContextError` here for a missing folder, Dockerfile or a faulty `.dockerignore`, and while the stream is
 * read for files that cannot be read or that change meanwhile.
 */
export async function packContext({
  directory,
  dockerfile,
  ...options
}: PackContextOptions): Promise<PackedContext> {
  options.signal?.throwIfAborted();
  const root = await realFolder(directory);
  const given = typeof dockerfile === "object" ? dockerfile.ignore : undefined;
  const ignore = given === undefined ? await readDockerignore(root) : parseGiven(given);
  const located = await locateDockerfile(root, dockerfile);
  options.signal?.throwIfAborted();
  const isInside = "inside" in located;
  const keep = new Set(isInside ? [ignoreFile, located.inside] : [ignoreFile]);
  const walked = explainPatterns(walkContext(root, ignore, { keep }), join(root, ignoreFile));
  if (isInside) return { stream: packEntries(walked, options), dockerfile: located.inside };
  const name = randomDockerfileName();
  return { stream: packEntries(addDockerfile(walked, name, located.text), options), dockerfile: name };
}

/** A context folder's path without symlinks. Throws `ContextError` when it is no folder. */
export async function realFolder(directory: string): Promise<string> {
  const path = resolve(directory);
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (cause) {
    if (errorCode(cause) !== "ENOENT") throw readingFault(path, cause);
    throw new ContextError(`Cannot use the build context ${path}: no such folder.`, { path, cause });
  }
  if (!isFolder) throw new ContextError(`The build context ${path} is not a folder.`, { path });
  return realpath(path);
}

/** The rules of a context folder's `.dockerignore`; none without the file. */
export async function readDockerignore(root: string): Promise<Dockerignore> {
  const path = join(root, ignoreFile);
  try {
    return parseDockerignore(decodeName(await readFile(path)));
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return new Dockerignore();
    throw cause instanceof DockerignoreError ? ignoreFault(path, cause) : packingFault(path, cause);
  }
}

function parseGiven(ignore: string): Dockerignore {
  try {
    return parseDockerignore(ignore);
  } catch (cause) {
    throw cause instanceof DockerignoreError ? ignoreFault("the given ignore patterns", cause) : cause;
  }
}

/** Some patterns turn out to be faulty only when they are first tried. */
function* explainPatterns<T>(entries: Iterable<T>, path: string): Generator<T, void, undefined> {
  try {
    yield* entries;
  } catch (cause) {
    throw cause instanceof DockerignoreError ? ignoreFault(path, cause) : cause;
  }
}

function ignoreFault(path: string, cause: DockerignoreError): ContextError {
  return new ContextError(`${path}: ${cause.message}`, { path, cause });
}
