/** Work with an engine on one file after the other: what is refused of one does not keep the others from it. */
import { ContextCopyError } from "../../engine/engine-error.ts";
import { refusalOf } from "../../engine/engine-loss.ts";
import { printable } from "../../report/printable.ts";
import type { Host } from "../host.ts";

/** A file, and why nothing came of it. */
export interface RefusedFile {
  readonly path: string;
  readonly message: string;
}

/**
 * What is to be told of a file after an error; undefined for one that ends everything: the engine is gone, a signal, a
 * defect.
 */
export function refusedFile(path: string, error: unknown, signal: AbortSignal): RefusedFile | undefined {
  if (signal.aborted) return undefined;
  const refusal = error instanceof ContextCopyError ? error : refusalOf(error);
  return refusal && { path, message: refusal.message };
}

/** Tells of them on standard error. */
export function tellRefused(files: readonly RefusedFile[], host: Host): void {
  for (const { path, message } of files) host.err(`dflint: ${printable(`${path}: ${message}`)}\n`);
}
