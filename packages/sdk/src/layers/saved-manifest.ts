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
    const config = read(documents, configPath);
    if (config === undefined) continue;
    const { rootfs, history } = asObject(config);
    const found = asList(asObject(rootfs)["diff_ids"]);
    if (found.length !== diffIds.length || found.some((diffId, index) => diffId !== diffIds[index])) continue;
    return { config: { history: asList(history).map(toStep) }, layerPaths };
  }
  throw new ProtocolError("The saved tar does not hold the image that was asked for.");
}

function* candidates(documents: ReadonlyMap<string, string>): Generator<Candidate, void, undefined> {
  for (const manifest of asList(read(documents, "manifest.json"))) {
    const { Config, Layers } = asObject(manifest);
    if (typeof Config === "string") yield { configPath: Config, layerPaths: asList(Layers).map(asText) };
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
  const document = read(documents, path);
  // An index names platforms that the engine does not have.
  if (document === undefined) return;
  const { manifests, config, layers } = asObject(document);
  for (const manifest of asList(manifests)) yield* ociCandidates(documents, blobPath(manifest), seen);
  if (config !== undefined) {
    yield { configPath: blobPath(config), layerPaths: asList(layers).map(blobPath) };
  }
}

/** Of what a descriptor points to. */
function blobPath(descriptor: unknown): string {
  return `blobs/${asText(asObject(descriptor)["digest"]).replace(":", "/")}`;
}

function toStep(step: unknown): HistoryStep {
  const { created_by, created, comment, empty_layer } = asObject(step);
  return {
    ...(typeof created_by === "string" && { created_by }),
    ...(typeof created === "string" && { created }),
    ...(typeof comment === "string" && { comment }),
    ...(typeof empty_layer === "boolean" && { empty_layer }),
  };
}

// What is of another type than it should be counts as missing: then this is not the image that was asked for.
function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : "";
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
