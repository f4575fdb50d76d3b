import { resolve } from "node:path";
import { errorCode } from "../../build-context/context-fault.ts";
import { ConfigError, ProtocolError } from "../../errors.ts";
import { BlobStore } from "./blob-store.ts";
import type { BuildCacheEntry } from "./cache-entry.ts";
import { findManifest, nameManifest } from "./cache-index.ts";

/** The caches of a build, with what the folders among them need on this side. */
export interface CachePlan {
  readonly imports: readonly BuildCacheEntry[];
  readonly exports: readonly BuildCacheEntry[];
  /** What the session serves, by the name that the engine calls it by. */
  readonly stores: ReadonlyMap<string, BlobStore>;
  readonly warnings: readonly string[];
  /** Writes down where the exported cache begins. */
  finish(response: Readonly<Record<string, string>>): Promise<void>;
}

const defaultName = "latest";

/**
 * Prepares caches of type `local`: folders laid out as `docker buildx` does it, so that each can use the other's. One
 * to import from that is not there yet is left out with a warning, as on the first run of a pipeline.
 */
export async function planCaches(
  imports: readonly BuildCacheEntry[],
  exports: readonly BuildCacheEntry[],
): Promise<CachePlan> {
  const stores = new Map<string, BlobStore>();
  const warnings: string[] = [];
  const found: BuildCacheEntry[] = [];
  for (const entry of imports) {
    if (entry.type !== "local") {
      found.push(entry);
      continue;
    }
    const src = folderOf(entry, "src");
    const name = entry.attrs["tag"] ?? defaultName;
    const digest = entry.attrs["digest"] ?? (await manifestIn(src, name));
    if (digest === undefined) {
      warnings.push(`There is no cache "${name}" in ${src}.`);
      continue;
    }
    stores.set(`local:${src}`, new BlobStore(src));
    found.push({ type: "local", attrs: { ...entry.attrs, src, digest } });
  }
  const locals: { readonly dest: string; readonly name: string }[] = [];
  const placed = exports.map((entry) => {
    if (entry.type !== "local") return entry;
    const dest = folderOf(entry, "dest");
    locals.push({ dest, name: entry.attrs["tag"] ?? defaultName });
    stores.set(`local:${dest}`, new BlobStore(dest));
    return { type: "local", attrs: { ...entry.attrs, dest } };
  });
  const finish = async (response: Readonly<Record<string, string>>): Promise<void> => {
    if (locals.length === 0) return;
    const manifest = response["cache.manifest"];
    if (manifest === undefined) throw new ProtocolError("BuildKit told no manifest of the cache.");
    const descriptor = JSON.parse(manifest) as { readonly digest: string };
    for (const { dest, name } of locals) await nameManifest(dest, name, descriptor);
  };
  return { imports: found, exports: placed, stores, warnings, finish };
}

function folderOf({ attrs }: BuildCacheEntry, key: "src" | "dest"): string {
  const folder = attrs[key];
  if (folder === undefined || folder === "") {
    throw new TypeError(`A cache of type "local" needs the attribute "${key}": a folder.`);
  }
  return resolve(folder);
}

async function manifestIn(folder: string, name: string): Promise<string | undefined> {
  try {
    return await findManifest(folder, name);
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return undefined;
    const text = `The cache in ${folder} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new ConfigError(text, { path: folder, cause });
  }
}
