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
