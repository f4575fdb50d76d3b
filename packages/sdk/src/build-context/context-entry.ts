import { readFileSync } from "node:fs";
import { packingFault } from "./context-fault.ts";
import { pathOnDisk } from "./file-name.ts";
import type { TarHeader } from "./tar-header.ts";

/** One thing to send, with what a tar's header says about it. */
export interface ContextEntry extends TarHeader {
  /** Where a file's bytes are: a path on disk, or the bytes. */
  readonly source: string | Uint8Array;
  /** For what is on disk: the exact time of the last change. */
  readonly mtimeNs?: bigint | undefined;
}

/** All bytes of a file that is short. @throws ContextError when it cannot be read. */
export function contentOf({ source }: ContextEntry): Uint8Array {
  if (typeof source !== "string") return source;
  try {
    return readFileSync(pathOnDisk(source));
  } catch (cause) {
    throw packingFault(source, cause);
  }
}

/** A file that is on no disk, as new as now. */
export function givenFile(path: string, content: Uint8Array, mode: number): ContextEntry {
  const mtime = Math.floor(Date.now() / 1000);
  return { path, type: "file", mode, size: content.length, mtime, source: content };
}
