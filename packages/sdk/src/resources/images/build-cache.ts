import type { BuildCacheEntry } from "../../buildkit/cache/cache-entry.ts";
import { toList } from "../../values/list.ts";

/** Images whose layers may be reused, or entries for BuildKit's other places. */
export type CacheSource = string | BuildCacheEntry | readonly (string | BuildCacheEntry)[];

/** Where a cache goes: `inline`, in the image, or to other places. */
export type CacheTarget = "inline" | BuildCacheEntry | readonly ("inline" | BuildCacheEntry)[];

/** Whether any of them is more than the name of an image. */
export function hasCacheEntries(source: CacheSource | undefined): boolean {
  return toList(source).some((entry) => typeof entry !== "string");
}

/** The names of images among them. */
export function cacheImages(source: CacheSource | undefined): readonly string[] | undefined {
  if (source === undefined) return undefined;
  return toList(source).filter((entry) => typeof entry === "string");
}

/** What `cacheFrom` asks for, in the engine's words. */
export function cacheImports(source: CacheSource | undefined): readonly BuildCacheEntry[] {
  return toList(source).map((entry) =>
    typeof entry === "string" ? { type: "registry", attrs: { ref: entry } } : entry,
  );
}

/** As an attribute of the frontend: the field of the request has no effect beside one. */
export function cacheAttributes(imports: readonly BuildCacheEntry[]): Readonly<Record<string, string>> {
  const entries = imports.map(({ type, attrs }) => ({ Type: type, Attrs: attrs }));
  return entries.length === 0 ? {} : { "cache-imports": JSON.stringify(entries) };
}

/** What `cacheTo` asks for, in the engine's words. */
export function cacheExports(target: CacheTarget | undefined): readonly BuildCacheEntry[] {
  return toList(target).map((one) => (one === "inline" ? { type: "inline", attrs: {} } : one));
}
