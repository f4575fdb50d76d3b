import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import type { BuildContext } from "../build-context/build-context.ts";
import { prepareContext } from "../build-context/context.ts";
import { givenFile, type ContextEntry } from "../build-context/context-entry.ts";
import {
  isApart,
  locateDockerfile,
  missingDockerfile,
  neededDockerfile,
  realDockerfile,
  toBytes,
  type DockerfileSource,
} from "../build-context/dockerfile.ts";
import { realFolder } from "../build-context/folder-context.ts";
import { entriesOf, readTar } from "../build-context/given-context.ts";
import type { SyncedFolder } from "./services/file-sync.ts";

/** Where a build's files come from, and which file is the Dockerfile. */
export interface BuildInput {
  /** What the session sends when asked, by name. */
  readonly folders: ReadonlyMap<string, SyncedFolder>;
  /** The Dockerfile's name in its folder or context; undefined where the engine's default holds. */
  readonly dockerfile: string | undefined;
  /** Where the engine is to fetch the context; undefined when it comes with the request. */
  readonly remote: string | undefined;
  /** A tar that goes along with the request. */
  readonly body: AsyncIterable<Uint8Array> | undefined;
  /** Under which key the engine keeps what it was sent. */
  readonly sharedKey: string;
}

export interface BuildInputOptions {
  readonly context: BuildContext;
  readonly dockerfile?: DockerfileSource | undefined;
  readonly signal: AbortSignal;
}

/** The engine asks the session for the folders `context` and `dockerfile`. */
const fromSession = "client-session";

/**
 * Decides how a context travels: folders and given files by synchronisation, a tar with the request. Throws
 * `ContextError` for what is missing, `TypeError` for combinations that mean nothing.
 */
export async function prepareInput(options: BuildInputOptions): Promise<BuildInput> {
  const { context, dockerfile, signal } = options;
  signal.throwIfAborted();
  if (context === "none") {
    if (dockerfile === undefined) throw neededDockerfile();
    return synced({ entries: [] }, await foreignDockerfile(dockerfile), randomKey());
  }
  if (typeof context === "string") return await folderInput(context, dockerfile);
  if ("files" in context) return await filesInput(entriesOf(context.files), dockerfile);
  if (dockerfile !== undefined && isApart(context, dockerfile)) {
    const { folder, name } = await foreignDockerfile(dockerfile);
    return {
      folders: new Map([["dockerfile", folder]]),
      dockerfile: name,
      remote: "remote" in context ? context.remote : undefined,
      body: "tar" in context ? readTar(context.tar, signal) : undefined,
      sharedKey: randomKey(),
    };
  }
  const prepared = await prepareContext({ context, dockerfile, signal });
  return {
    folders: new Map(),
    dockerfile: prepared.dockerfile,
    remote: "remote" in prepared ? prepared.remote : undefined,
    body: "stream" in prepared ? prepared.stream : undefined,
    sharedKey: randomKey(),
  };
}

interface PlacedDockerfile {
  readonly folder: SyncedFolder;
  readonly name: string;
}

function synced(context: SyncedFolder, { folder, name }: PlacedDockerfile, sharedKey: string): BuildInput {
  const folders = new Map([
    ["context", context],
    ["dockerfile", folder],
  ]);
  return { folders, dockerfile: name, remote: fromSession, body: undefined, sharedKey };
}

async function folderInput(directory: string, dockerfile: DockerfileSource | undefined): Promise<BuildInput> {
  const root = await realFolder(directory);
  const located = await locateDockerfile(root, dockerfile);
  const placed =
    "inside" in located
      ? placedAt(join(root, located.inside))
      : await foreignDockerfile(
          typeof dockerfile === "string" ? resolve(root, dockerfile) : (dockerfile ?? located),
        );
  return synced({ root }, placed, keyOf(root));
}

async function filesInput(
  entries: readonly ContextEntry[],
  dockerfile: DockerfileSource = "Dockerfile",
): Promise<BuildInput> {
  const context = { entries };
  if (typeof dockerfile === "object" || isAbsolute(dockerfile)) {
    return synced(context, await foreignDockerfile(dockerfile), randomKey());
  }
  if (!entries.some(({ path, type }) => path === dockerfile && type === "file")) {
    throw missingDockerfile(dockerfile);
  }
  const above = dockerfile.slice(0, dockerfile.lastIndexOf("/") + 1);
  const beside = entries
    .filter(({ path }) => path.startsWith(above) && path !== above)
    .map((entry) => ({ ...entry, path: entry.path.slice(above.length) }));
  return synced(context, { folder: { entries: beside }, name: dockerfile.slice(above.length) }, randomKey());
}

/** A Dockerfile that the context does not hold: its text, or a path from the working directory if relative. */
async function foreignDockerfile(source: DockerfileSource): Promise<PlacedDockerfile> {
  if (typeof source === "object") {
    const name = "Dockerfile";
    // Engines before 26 take a file of the same size and time for the one they have.
    const mtimeNs = BigInt(Date.now()) * 1_000_000n + BigInt(randomBytes(2).readUInt16LE());
    const entries = [{ ...givenFile(name, toBytes(source.text), 0o600), mtimeNs }];
    // Of this name it wins over the context's own.
    if (source.ignore !== undefined) {
      entries.push({ ...givenFile(`${name}.dockerignore`, toBytes(source.ignore), 0o600), mtimeNs });
    }
    return { folder: { entries }, name };
  }
  return placedAt(await realDockerfile(resolve(source)));
}

/** Its folder is offered, so that a `NAME.dockerignore` beside it is found; nothing else of it is asked for. */
function placedAt(path: string): PlacedDockerfile {
  return { folder: { root: dirname(path) }, name: basename(path) };
}

function randomKey(): string {
  return randomBytes(16).toString("hex");
}

/** The same for a folder of this machine each time. */
function keyOf(root: string): string {
  return createHash("sha256").update(`${machineId()}\0${root}`).digest("hex");
}

function machineId(): string {
  try {
    return readFileSync("/etc/machine-id", "utf8").trim();
  } catch {
    return hostname();
  }
}
