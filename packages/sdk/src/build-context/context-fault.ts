import { ContextError } from "../errors.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "it vanished while the context was packed",
  ENOTDIR: "a folder became a file while the context was packed",
  ELOOP: "it became a symlink while the context was packed",
  ENAMETOOLONG: "its path is longer than the system can read",
  EACCES: "no permission to read it",
  EPERM: "no permission to read it",
};

/** What a failed call of `node:fs` means for a file that was there when the context was walked. */
export function packingFault(path: string, cause: unknown): ContextError {
  return new ContextError(`Cannot send ${path}: ${reasonOf(cause)}.`, { path, cause });
}

/** What a failed call of `node:fs` means for a file that the caller has named. */
export function readingFault(path: string, cause: unknown): ContextError {
  const reason = errorCode(cause) === "ENOENT" ? "no such file" : reasonOf(cause);
  return new ContextError(`Cannot read ${path}: ${reason}.`, { path, cause });
}

function reasonOf(cause: unknown): string {
  return reasons[errorCode(cause)] ?? (cause instanceof Error ? cause.message : String(cause));
}

export function changedFault(path: string, how: string): ContextError {
  return new ContextError(`Cannot send ${path}: it ${how} while the context was packed.`, { path });
}

/** `ENOENT` and friends; empty for any other thrown value. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
