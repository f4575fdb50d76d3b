import { ContextError } from "../errors.ts";

type Reasons = Readonly<Record<string, string>>;

const reasons: Reasons = {
  ENAMETOOLONG: "its path is longer than the system can read",
  EACCES: "no permission to read it",
  EPERM: "no permission to read it",
};

const packingReasons: Reasons = {
  ...reasons,
  ENOENT: "it vanished while the context was packed",
  ENOTDIR: "a folder became a file while the context was packed",
  ELOOP: "it became a symlink while the context was packed",
};

const readingReasons: Reasons = {
  ...reasons,
  ENOENT: "no such file",
  ENOTDIR: "its path leads through a file",
  EISDIR: "it is a folder",
  ELOOP: "its symlinks lead in a circle",
};

/** What a failed call of `node:fs` means for a file that was there when the context was walked. */
export function packingFault(path: string, cause: unknown): ContextError {
  return new ContextError(`Cannot send ${path}: ${reasonOf(cause, packingReasons)}.`, { path, cause });
}

/** What a failed call of `node:fs` means for a file that the caller has named. */
export function readingFault(path: string, cause: unknown): ContextError {
  return new ContextError(`Cannot read ${path}: ${reasonOf(cause, readingReasons)}.`, { path, cause });
}

function reasonOf(cause: unknown, known: Reasons): string {
  return known[errorCode(cause)] ?? (cause instanceof Error ? cause.message : String(cause));
}

export function changedFault(path: string, how: string): ContextError {
  return new ContextError(`Cannot send ${path}: it ${how} while the context was packed.`, { path });
}

/** `ENOENT` and friends; empty for any other thrown value. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
