/** Tries out whether what an image starts ends when it is asked to. */
import { setTimeout } from "node:timers/promises";
import type { StopFacts } from "../linter/engine-facts.ts";
import { withContainer } from "./probe-container.ts";
import type { EngineRun } from "./with-engine.ts";

/**
 * Milliseconds until a program has had time to say what it does with signals. One that does not heed them is tried once
 * more, with more time: it may have been slow.
 */
const SETTLED = [1500, 4000] as const;

/** Seconds from the signal until the container is killed; people wait ten. */
const PATIENCE = 3;

/** Milliseconds for all of it. */
const LIMIT = 60_000;

/**
 * Starts a container of an image and stops it. Undefined where it ends by itself before, as without a network many do, or
 * cannot be started.
 */
export async function stopFacts(
  run: EngineRun,
  image: string,
  source: string,
): Promise<StopFacts | undefined> {
  let facts: StopFacts | undefined;
  for (const settled of SETTLED) {
    facts = await startAndStop(run, image, source, settled);
    if (facts?.killed !== true) break;
  }
  return facts;
}

async function startAndStop(
  run: EngineRun,
  image: string,
  source: string,
  settled: number,
): Promise<StopFacts | undefined> {
  const limit = AbortSignal.timeout(LIMIT);
  const limited = { ...run, signal: AbortSignal.any([run.signal, limit]) };
  try {
    return await withContainer(limited, image, { Healthcheck: { Test: ["NONE"] } }, async (container) => {
      const { signal } = limited;
      await container.start({ signal });
      await setTimeout(settled, undefined, { signal });
      const { Config, State } = await container.inspect({ signal });
      if (!State.Running) return undefined;
      const begun = performance.now();
      await container.stop({ timeout: PATIENCE, signal });
      const duration = performance.now() - begun;
      const { State: end } = await container.inspect({ signal });
      const exitCode = end.ExitCode;
      const killed = exitCode === KILLED;
      const asked = Config?.StopSignal ?? "SIGTERM";
      const seconds = (duration / 1000).toFixed(1);
      const evidence = killed
        ? `A container that was started and stopped did not heed ${asked}, and was killed after ${seconds} s (exit code ${exitCode}); docker stop waits 10 s: ${source}.`
        : `A container that was started and stopped ended ${seconds} s after ${asked} (exit code ${exitCode}): ${source}.`;
      return { duration, exitCode, killed, evidence };
    });
  } catch (error) {
    run.signal.throwIfAborted();
    if (limit.aborted || isRefusal(error)) return undefined;
    throw error;
  }
}

/** What a shell makes of SIGKILL. */
const KILLED = 137;

/** Whether the engine answers, and cannot start it: there is no such program, or no such user. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && "status" in error;
}
