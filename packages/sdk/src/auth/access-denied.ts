import { AccessDeniedError, ServerError, TransferError } from "../errors.ts";

// What registries and the engine's several clients of them say; a missing login and a wrong one read differently.
const refusal =
  /unauthorized|authentication required|no basic auth credentials|authorization failed|access denied|^denied\b|: denied\b|\b40[13] (?:Unauthorized|Forbidden)/i;

/**
 * A registry that wants other credentials. Engines pass this on as an error of their own (500) or inside a stream
 * that began with 200, so that only the words tell. Any other error is returned as it is.
 */
export function asAccessDenied(error: unknown): unknown {
  const isCandidate = error instanceof ServerError || error instanceof TransferError;
  if (!isCandidate || !refusal.test(error.message)) return error;
  return new AccessDeniedError(error.message, { status: 401, operation: error.operation, cause: error });
}
