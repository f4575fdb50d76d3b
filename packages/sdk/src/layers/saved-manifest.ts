/** Which files of a saved tar make an image: `manifest.json` of the docker layout, `index.json` of OCI's. */
import { ProtocolError } from "../errors.ts";
import type { HistoryStep } from "./history.ts";

/** What is read of an image's configuration. */
export interface SavedConfig {
  readonly history: readonly HistoryStep[];
}

interface Candidate {
  readonly configPath: string;
  /** In the order of the configuration's `diff_ids`. */
  readonly layerPaths: readonly string[];
}

// What JSON is cast to here; each field that is read may be missing.
interface DockerManifest {
  readonly Config?: string;
  readonly Layers?: readonly string[] | null;
}
interface Descriptor {
  readonly digest?: string;
}
interface OciDocument {
  readonly manifests?: readonly Descriptor[] | null;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[] | null;
}
interface ConfigDocument {
  readonly rootfs?: { readonly diff_ids?: readonly string[] | null };
  readonly history?: readonly HistoryStep[] | null;
}

/**
 * Finds the image that has these layers; a tar may hold one for each platform.
 * @param documents the JSON files of the tar, by path
 * @throws ProtocolError when there is none
 */
export function findImage(
  documents: ReadonlyMap<string, string>,
  diffIds: readonly string[],
): { readonly config: SavedConfig; readonly layerPaths: readonly string[] } {
  for (const { configPath, layerPaths } of candidates(documents)) {
    const config = read(documents, configPath) as ConfigDocument | null | undefined;
    if (config === undefined || config === null) continue;
    const found = config.rootfs?.diff_ids ?? [];
    if (found.length !== diffIds.length || found.some((diffId, index) => diffId !== diffIds[index])) continue;
    return { config: { history: config.history ?? [] }, layerPaths };
  }
  throw new ProtocolError("The saved tar does not hold the image that was asked for.");
}

function* candidates(documents: ReadonlyMap<string, string>): Generator<Candidate, void, undefined> {
  const manifests = read(documents, "manifest.json") as readonly DockerManifest[] | null | undefined;
  for (const { Config, Layers } of manifests ?? []) {
    if (Config !== undefined) yield { configPath: Config, layerPaths: Layers ?? [] };
  }
  yield* ociCandidates(documents, "index.json", new Set());
}

function* ociCandidates(
  documents: ReadonlyMap<string, string>,
  path: string,
  seen: Set<string>,
): Generator<Candidate, void, undefined> {
  if (seen.has(path)) return;
  seen.add(path);
  const document = read(documents, path) as OciDocument | null | undefined;
  // An index names platforms that the engine does not have.
  if (document === undefined || document === null) return;
  for (const { digest } of document.manifests ?? []) yield* ociCandidates(documents, blobPath(digest), seen);
  if (document.config !== undefined) {
    const layerPaths = (document.layers ?? []).map(({ digest }) => blobPath(digest));
    yield { configPath: blobPath(document.config.digest), layerPaths };
  }
}

function blobPath(digest = ""): string {
  return `blobs/${digest.replace(":", "/")}`;
}

function read(documents: ReadonlyMap<string, string>, path: string): unknown {
  const text = documents.get(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProtocolError(`The saved tar holds broken JSON in ${path}.`, { cause });
  }
}
