import { disposedError } from "../../disposed-error.ts";
import { ConflictError, ConnectionError, EngineGoneError, NotFoundError } from "../../errors.ts";
import type { Container } from "./container.ts";

// Ending a container takes the engine up to ten seconds; longer means that the engine itself hangs.
const patience = 30_000;

/**
 * Leaves nothing running behind when a verb of several calls fails or is aborted: the caller's abort must not stop
 * this, nor its failure hide what went wrong.
 * @returns false when the engine did not do it, and the container may be left
 */
export async function abandon(container: Container, remove: boolean): Promise<boolean> {
  const signal = AbortSignal.timeout(patience);
  try {
    if (!remove) await container.kill("SIGKILL", { signal });
    else {
      await container.remove({ force: true, volumes: true, signal }).catch(async (error: unknown) => {
        // It is being removed already, for it had `AutoRemove` and has just ended.
        if (error instanceof ConflictError) await container.wait({ condition: "removed", signal });
        else throw error;
      });
    }
    return true;
  } catch (error) {
    // Gone, or never started; else the error already under way says more.
    return error instanceof NotFoundError || (!remove && error instanceof ConflictError);
  }
}

/**
 * An error that tells the container, which only the call knew, where it may be left. What the caller aborted with stays.
 * @param disposed whether the client was disposed meanwhile
 */
export function leftBehind(error: unknown, { id }: Container, disposed: boolean): unknown {
  const left = ` The container ${id} may be left.`;
  if (disposed) return disposedError(left);
  if (!(error instanceof ConnectionError)) return error;
  const { message, host, tried, operation } = error;
  const Kind = error instanceof EngineGoneError ? EngineGoneError : ConnectionError;
  return new Kind(message + left, { host, tried, operation, cause: error });
}

/** Work that is begun by whoever comes first, and done once. */
export function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let begun: Promise<Result> | undefined;
  return () => (begun ??= work());
}
