import { setTimeout as sleep } from "node:timers/promises";
import { OperationError } from "../../errors.ts";
import type { ContainerState } from "../../generated/models.ts";
import type { Caller } from "../../transport/call.ts";
import type { CallOptions } from "../../values/call-options.ts";

const pollMilliseconds = 200;

/** Looks again and again: the engine has no call that waits for it, and tells of events nobody heard no more. */
export async function untilHealthy(caller: Caller, id: string, { signal }: CallOptions = {}): Promise<void> {
  for (;;) {
    const { State } = await caller.call("ContainerInspect", { path: { id }, signal });
    if (State.Health?.Status === "healthy" && State.Running) return;
    const problem = problemOf(State);
    if (problem !== undefined) {
      throw new OperationError(`The container ${id} ${problem}`, { operation: "ContainerInspect" });
    }
    await sleep(pollMilliseconds, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

/** Why it will not become healthy; undefined while it still may. */
function problemOf(state: ContainerState): string | undefined {
  const { Status, Running, Restarting, Paused, ExitCode, Health } = state;
  if (!Running && !Restarting) {
    const code = Status === "exited" ? ` with code ${ExitCode}` : "";
    return `cannot become healthy: it is ${Status}${code}.`;
  }
  if ((Health?.Status ?? "none") === "none") return "has no health check.";
  if (Health?.Status !== "unhealthy") return undefined;
  // Engines also call it so while no check runs, and then until the first one (20.10.24 to 28.5.2).
  if (Restarting || Paused || Health.FailingStreak === 0) return undefined;
  const said = (Health.Log ?? []).at(-1)?.Output.trim() ?? "";
  return `is unhealthy${said === "" ? "." : `: ${said}`}`;
}
