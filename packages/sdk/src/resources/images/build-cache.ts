/** A place for the cache of a build, e.g. `{ type: "registry", attrs: { ref: "ghcr.io/org/app:cache" } }`. */
export interface BuildCacheEntry {
  readonly type: string;
  readonly attrs: Readonly<Record<string, string>>;
}

/** Images whose layers may be reused, or entries for BuildKit's other places. */
export type CacheSource = string | BuildCacheEntry | readonly (string | BuildCacheEntry)[];

/** Whether any of them is more than the name of an image. */
export function hasCacheEntries(source: CacheSource | undefined): boolean {
  return entriesOf(source).some((entry) => typeof entry !== "string");
}

/** The names of images among them. */
export function cacheImages(source: CacheSource | undefined): readonly string[] | undefined {
  if (source === undefined) return undefined;
  return entriesOf(source).filter((entry) => typeof entry === "string");
}

/** As an attribute of the frontend: the field of the request has no effect beside one. */
export function cacheAttributes(source: CacheSource | undefined): Readonly<Record<string, string>> {
  const entries = entriesOf(source).map((entry) =>
    typeof entry === "string"
      ? { Type: "registry", Attrs: { ref: entry } }
      : { Type: entry.type, Attrs: entry.attrs },
  );
  return entries.length === 0 ? {} : { "cache-imports": JSON.stringify(entries) };
}

/** What `cacheTo` asks for, in the engine's words. */
export function cacheExports(
  target: "inline" | BuildCacheEntry | undefined,
): { type: string; attrs: Record<string, string> }[] {
  if (target === undefined) return [];
  return target === "inline"
    ? [{ type: "inline", attrs: {} }]
    : [{ type: target.type, attrs: { ...target.attrs } }];
}

function entriesOf(source: CacheSource | undefined): readonly (string | BuildCacheEntry)[] {
  return source === undefined ? [] : [source].flat();
}
