import { toList } from "../../values/list.ts";

/**
 * A place for the cache of a build, in BuildKit's words:
 * `{ type: "registry", attrs: { ref: "ghcr.io/org/app:cache" } }`, or a folder on this machine,
 * `{ type: "local", attrs: { dest: "./cache" } }` to export to, `{ type: "local", attrs: { src: "./cache" } }` to import
 * from. `attrs: { mode: "max" }` exports the steps of all stages.
 */
export interface BuildCacheEntry {
  /** The kind, by BuildKit's name, e.g. `registry`, `local` or `inline`. */
  readonly type: string;
  /** Its attributes, by BuildKit's names, e.g. `{ ref: "ghcr.io/org/app:cache" }`. */
  readonly attrs: Readonly<Record<string, string>>;
}

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
