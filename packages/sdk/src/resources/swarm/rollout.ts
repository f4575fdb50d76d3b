import { setTimeout as sleep } from "node:timers/promises";
import { NotFoundError, OperationError } from "../../errors.ts";
import type { Service as ServiceInspect, ServiceSpec, Task as TaskInspect } from "../../generated/models.ts";
import { Operation } from "../../operation.ts";
import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf } from "../../values/options.ts";

/** What counts as an end. */
export interface RolloutOptions extends CallOptions {
  /** Takes a service that was rolled back for an end, and not for a failure. Default `false`. */
  readonly acceptRollback?: boolean | undefined;
}

/** Takes {@link RolloutOptions}. */
export const rolloutOptions: Check = optionsOf<RolloutOptions>("{ acceptRollback: true }", {
  acceptRollback: "boolean",
});

/** How far a service is. Told whenever it changes. */
export interface RolloutEvent {
  /** Tasks that run, or have completed when the service is a job. */
  readonly ready: number;
  /** Tasks that the service wants. */
  readonly desired: number;
  /** Of its update: `updating`, `completed`, `rollback_started` …; undefined when it was never updated. */
  readonly update: string | undefined;
  /** Why the task that failed last did so, in the engine's words. The swarm tries again by itself. */
  readonly problem: string | undefined;
}

const pollMilliseconds = 250;

/** Looks again and again: the engine has no call that waits, and its events do not tell of tasks. */
export function rollout(
  caller: Caller,
  id: string,
  options: RolloutOptions = {},
): Operation<RolloutEvent, ServiceInspect> {
  const { acceptRollback = false } = options;
  return new Operation<RolloutEvent, ServiceInspect>(async function* (signal) {
    const { ID } = await caller.call("ServiceInspect", { path: { id }, signal });
    let told = "";
    let settled = 0;
    for (;;) {
      const { service, tasks } = await look(caller, ID, signal);
      const event = toEvent(service, tasks);
      if (JSON.stringify(event) !== told) yield event;
      told = JSON.stringify(event);
      throwIfFailed(service, event.problem, acceptRollback);
      // Seen twice: the swarm begins an update a moment after it was accepted.
      settled = isSettled(event, service.Spec) ? settled + 1 : 0;
      if (settled === 2) return service;
      await sleep(pollMilliseconds, undefined, { signal });
    }
  }, options.signal);
}

async function look(
  caller: Caller,
  id: string,
  signal: AbortSignal,
): Promise<{ service: ServiceInspect; tasks: readonly TaskInspect[] }> {
  const [services, tasks] = await Promise.all([
    caller.call("ServiceList", { query: { filters: { id: [id] }, status: true }, signal }),
    caller.call("TaskList", { query: { filters: { service: [id] } }, signal }),
  ]);
  const [service] = services;
  if (service !== undefined) return { service, tasks };
  throw new NotFoundError(`The service ${id} was removed.`, {
    status: 404,
    operation: "ServiceList",
    what: "service",
  });
}

function toEvent(service: ServiceInspect, tasks: readonly TaskInspect[]): RolloutEvent {
  return { ...countTasks(service, tasks), update: service.UpdateStatus?.State, problem: problemOf(tasks) };
}

function countTasks(
  { Spec, ServiceStatus = {}, JobStatus }: ServiceInspect,
  tasks: readonly TaskInspect[],
): Pick<RolloutEvent, "ready" | "desired"> {
  const { RunningTasks = 0, DesiredTasks = 0, CompletedTasks = 0 } = ServiceStatus;
  const { ReplicatedJob, GlobalJob } = Spec.Mode ?? {};
  if (ReplicatedJob !== undefined) {
    const { MaxConcurrent = 1, TotalCompletions = MaxConcurrent } = ReplicatedJob;
    return { ready: CompletedTasks, desired: TotalCompletions };
  }
  if (GlobalJob === undefined) return { ready: RunningTasks, desired: DesiredTasks };
  // The engine's own count of desired tasks is 0 here (20.10.24 to 28.5.2).
  const current = tasks.filter(({ JobIteration }) => JobIteration?.Index === JobStatus?.JobIteration?.Index);
  const completed = current.filter(({ Status }) => Status.State === "complete");
  return { ready: countNodes(completed), desired: countNodes(current) };
}

function countNodes(tasks: readonly TaskInspect[]): number {
  return new Set(tasks.map(({ NodeID }) => NodeID)).size;
}

function problemOf(tasks: readonly TaskInspect[]): string | undefined {
  const failed = tasks.filter(({ Status }) => (Status.Err ?? "") !== "");
  const [last] = failed.toSorted((a, b) => timeOf(b).localeCompare(timeOf(a)));
  return last?.Status.Err;
}

function timeOf({ Status }: TaskInspect): string {
  return Status.Timestamp ?? "";
}

const underWay: ReadonlySet<string> = new Set(["updating", "rollback_started"]);

function isSettled({ ready, desired, update }: RolloutEvent, { Mode = {} }: ServiceSpec): boolean {
  // How many tasks a global service wants is known once the swarm has made them.
  const isKnown = desired > 0 || (Mode.Global === undefined && Mode.GlobalJob === undefined);
  return isKnown && ready === desired && !underWay.has(update ?? "");
}

function throwIfFailed(
  { ID, UpdateStatus = {} }: ServiceInspect,
  problem: string | undefined,
  acceptRollback: boolean,
): void {
  const { State = "", Message = "" } = UpdateStatus;
  const paused = State === "paused" || State === "rollback_paused";
  if (!paused && (State !== "rollback_completed" || acceptRollback)) return;
  const what = paused ? "stopped half-way" : "was rolled back";
  // The message of a rollback does not tell what went wrong.
  const why = problem === undefined ? "" : `; its last task that failed: ${problem}`;
  throw new OperationError(`The update of service ${ID} ${what}: ${Message}${why}`, {
    operation: "ServiceUpdate",
  });
}
