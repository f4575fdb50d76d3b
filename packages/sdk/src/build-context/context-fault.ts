import { ContextError } from "../errors.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "it vanished while the context was packed",
  ENOTDIR: "a folder became a file while the context was packed",
  ELOOP: "it became a symlink while the context was packed",
  ENAMETOOLONG: "its path is longer than the system can read",
  EACCES: "no permission to read it",
  EPERM: "no permission to read it",
};

/** What a failed call of `node:fs` means for a context that was being packed. */
export function packingFault(path: string, cause: unknown): ContextError {
  const code = errorCode(cause);
  const reason = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new ContextError(`cannot send ${path}: ${reason}`, { path, cause });
}

export function changedFault(path: string, how: string): ContextError {
  return new ContextError(`cannot send ${path}: it ${how} while the context was packed`, { path });
}

/** `ENOENT` and friends; empty for any other thrown value. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
