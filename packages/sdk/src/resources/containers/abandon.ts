import { ConflictError } from "../../errors.ts";
import type { Container } from "./container.ts";

// Ending a container takes the engine up to ten seconds; longer means that the engine itself hangs.
const patience = 30_000;

/**
 * Leaves nothing running behind when a verb of several calls fails or is aborted: the caller's abort must not stop
 * this, nor its failure hide what went wrong.
 */
export async function abandon(container: Container, remove: boolean): Promise<void> {
  const signal = AbortSignal.timeout(patience);
  try {
    if (!remove) return await container.kill("SIGKILL", { signal });
    await container.remove({ force: true, volumes: true, signal }).catch(async (error: unknown) => {
      // It is being removed already, for it had `AutoRemove` and has just ended.
      if (error instanceof ConflictError) await container.wait({ condition: "removed", signal });
    });
  } catch {
    // Gone, never started, or the engine is: the error already under way says more.
  }
}
