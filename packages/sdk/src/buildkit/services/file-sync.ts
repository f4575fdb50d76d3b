import { join } from "node:path";
import type { ContextEntry } from "../../build-context/context-entry.ts";
import { type Dockerignore, DockerignoreError } from "../../build-context/dockerignore.ts";
import { isUtf8Name } from "../../build-context/file-name.ts";
import { walkContext } from "../../build-context/walk.ts";
import { ContextError } from "../../errors.ts";
import { FileSync } from "../../generated/buildkit/filesync_pb.ts";
import { GrpcError, grpcCodes } from "../grpc/grpc-error.ts";
import type { Doubt } from "../doubt.ts";
import type { Metadata } from "../grpc/metadata.ts";
import { duplex, type Route } from "../grpc/route.ts";
import { followLinks } from "../fsutil/follow-links.ts";
import { IgnoreFiles } from "../fsutil/long-ignore.ts";
import { selectEntries, selectionOf } from "../fsutil/selection.ts";
import { sendFiles } from "../fsutil/send-files.ts";
import { packetType } from "../fsutil/packet-type.ts";

/** A folder the engine may ask for: on disk, by its real path, or given, in the order of a walk. */
export type SyncedFolder = { readonly root: string } | { readonly entries: readonly ContextEntry[] };

/**
 * Sends folders by name, of each only what the engine does not have from the last build. It is the engine that reads
 * `.dockerignore`; its patterns come with the call.
 *
 * @param onFailure is told why a folder could not be sent.
 * @param onDoubt is told what the engine may refuse.
 */
export function fileSync(
  folders: ReadonlyMap<string, SyncedFolder>,
  onFailure: (error: unknown) => void,
  onDoubt: (doubt: Doubt) => void,
): Route {
  const ignoreFiles = new IgnoreFiles();
  return duplex(FileSync.method.diffCopy, async (call) => {
    const name = call.metadata.first("dir-name") ?? "";
    const folder = folders.get(name);
    if (folder === undefined) throw new GrpcError(grpcCodes.notFound, `there is no folder "${name}"`);
    try {
      await sendFiles(call, doubted(entriesOf(folder, call.metadata, ignoreFiles), onDoubt));
    } catch (error) {
      if (error instanceof GrpcError) throw error;
      const failure = error instanceof DockerignoreError ? patternFault(folder, error) : error;
      onFailure(failure);
      const message = failure instanceof Error ? failure.message : String(failure);
      // In the protocol too: some engines wait for it.
      await call.send({ type: packetType.error, data: Buffer.from(message) }).catch(() => undefined);
      throw failure;
    }
  });
}

function patternFault(folder: SyncedFolder, cause: DockerignoreError): ContextError {
  const path = "root" in folder ? join(folder.root, ".dockerignore") : ".dockerignore";
  return new ContextError(`${path}: ${cause.message}`, { path, cause });
}

function entriesOf(
  folder: SyncedFolder,
  metadata: Metadata,
  ignoreFiles: IgnoreFiles,
): Iterable<ContextEntry | undefined> {
  const excludes = metadata.all("exclude-patterns");
  const includes = metadata.all("include-patterns");
  const follows = metadata.all("followpaths");
  const entries = selectedEntries(folder, ignoreFiles.patternsFor(excludes), includes, follows);
  const asksForIgnoreFile = excludes.length === 0 && follows.some((path) => path.endsWith(".dockerignore"));
  return asksForIgnoreFile ? ignoreFiles.shorten(entries) : entries;
}

function selectedEntries(
  folder: SyncedFolder,
  ignore: Dockerignore,
  includes: readonly string[],
  follows: readonly string[],
): Iterable<ContextEntry | undefined> {
  if ("entries" in folder) {
    return selectEntries(folder.entries, ignore, selectionOf([...includes, ...follows]));
  }
  const followed = followLinks(folder.root, follows);
  const selection = followed === undefined ? undefined : selectionOf([...includes, ...followed]);
  return walkContext(folder.root, ignore, { builder: "buildkit", selection });
}

/** Engines since 27 refuse names that are no UTF-8, and do not say which; others take them as they are. */
function* doubted(
  entries: Iterable<ContextEntry | undefined>,
  onDoubt: (doubt: Doubt) => void,
): Generator<ContextEntry | undefined, void, undefined> {
  let isTold = false;
  for (const entry of entries) {
    const path = [entry?.path, entry?.linkTarget].find((name) => name !== undefined && !isUtf8Name(name));
    if (path !== undefined && !isTold) {
      isTold = true;
      onDoubt({
        said: /invalid UTF-8/,
        explain: (cause) =>
          new ContextError(
            `Cannot send ${JSON.stringify(path)}: the name is not UTF-8, which this engine does not take.`,
            { path, cause },
          ),
      });
    }
    yield entry;
  }
}
