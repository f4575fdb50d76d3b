import type { Task as TaskInspect } from "../../generated/models.ts";
import type { OutputStream } from "../../streams/output-stream.ts";
import type { Caller } from "../../transport/call.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { filterOptions, toFilters, type FilterOptions } from "../../values/filters.ts";
import { ref, toId, type Ref } from "../../values/id.ts";
import { callOptions, optionsOf } from "../../values/options.ts";
import { checkArguments } from "../check-arguments.ts";
import { exists } from "../exists.ts";
import { logs, swarmLogsOptions, type SwarmLogsOptions } from "./logs.ts";

/** Which tasks are listed. */
export interface TaskListOptions extends CallOptions {
  /** Only what matches, e.g. `{ service: "web", "desired-state": "running" }`. Default: all. */
  readonly filters?: FilterOptions<"TaskList"> | undefined;
}

const listOptions = optionsOf<TaskListOptions>('{ filters: { service: "web" } }', { filters: filterOptions });

/** The handle of one task, by id: one container of a service, on one node, from its start to its end. */
export class Task {
  static {
    checkArguments(Task, "task", {
      promises: { inspect: [callOptions] },
      direct: { logs: [swarmLogsOptions] },
    });
  }

  /** Its id, as it was given. */
  readonly id: string;
  readonly #caller: Caller;

  constructor(caller: Caller, id: string) {
    this.#caller = caller;
    this.id = id;
  }

  /** Everything the swarm knows of it. @throws NotFoundError */
  inspect({ signal }: CallOptions = {}): Promise<TaskInspect> {
    return this.#caller.call("TaskInspect", { path: { id: this.id }, signal });
  }

  /** What it has written, on whichever node. The engine is asked at the first read. */
  logs(options?: SwarmLogsOptions): OutputStream {
    const hasTty = async (): Promise<boolean> =>
      (await this.inspect({ signal: options?.signal })).Spec.ContainerSpec?.TTY === true;
    return logs(this.#caller, "TaskLogs", this.id, hasTty, options);
  }
}

/** The tasks of the swarm's services. */
export class Tasks {
  static {
    checkArguments(Tasks, "tasks", {
      promises: { list: [listOptions], exists: [ref("task"), callOptions] },
      direct: { get: [ref("task")] },
    });
  }

  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** The tasks of the swarm, those that ended too. */
  list({ filters, signal }: TaskListOptions = {}): Promise<readonly TaskInspect[]> {
    return this.#caller.call("TaskList", { query: { filters: filters && toFilters(filters) }, signal });
  }

  /** The handle of a task; asks nothing of the engine. */
  get(task: Ref): Task {
    return new Task(this.#caller, toId(task, "task"));
  }

  /** Whether the swarm has it. */
  exists(task: Ref, options?: CallOptions): Promise<boolean> {
    return exists(this.get(task), options);
  }
}
