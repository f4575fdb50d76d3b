import type { Writable } from "node:stream";

/**
 * Where the result of a build goes: into the engine's images, to a folder or a tar on this machine (the files of the
 * last stage), or nowhere: it then only fills the cache.
 */
export type BuildOutput = "image" | "none" | { readonly local: string } | { readonly tar: string | Writable };
