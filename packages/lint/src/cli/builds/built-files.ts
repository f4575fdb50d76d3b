/** Work with an engine on one file after the other: what is refused of one does not keep the others from it. */
import { ContextCopyError } from "../../engine/engine-error.ts";
import { refusalOf as engineRefusalOf } from "../../engine/engine-loss.ts";
import type { NamedFile, RefusedFile } from "../../report/measurement/measurement-json.ts";
import { printable } from "../../report/printable.ts";
import type { Host } from "../host.ts";

/**
 * What is to be told of a file after an error; undefined for one that ends everything: the engine is gone, a signal, a
 * defect.
 */
export function refusalOf(error: unknown, signal: AbortSignal): string | undefined {
  if (signal.aborted) return undefined;
  return error instanceof ContextCopyError ? error.message : engineRefusalOf(error)?.message;
}

/** What a file is called in a document. */
export function nameOf({ path, build }: NamedFile): NamedFile {
  return build === undefined ? { path } : { path, build };
}

/** What people call it. */
export function titleOf({ path, build }: NamedFile): string {
  return build === undefined ? path : `${path} [${build}]`;
}

/** Tells of files that are refused on standard error. */
export function tellRefused(files: readonly RefusedFile[], host: Host): void {
  for (const file of files) host.err(`dflint: ${printable(`${titleOf(file)}: ${file.message}`)}\n`);
}
