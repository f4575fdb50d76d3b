import type { CheckpointCreateRequest, CheckpointSummary } from "../../generated/models.ts";
import type { Caller, ChangeResult } from "../../transport/call.ts";
import { optional, record, text } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { ref, toId, type Ref } from "../../values/id.ts";
import { callOptions, optionsOf } from "../../values/options.ts";
import { checkArguments } from "../check-arguments.ts";

/** Where the checkpoints of a container are. */
export interface CheckpointOptions extends CallOptions {
  /** Folder of the engine's machine that has the checkpoints. Default: the container's own. */
  readonly dir?: string | undefined;
}

const listOptions = optionsOf<CheckpointOptions>('{ dir: "/srv/checkpoints" }', { dir: "text" });

/** The handle of one checkpoint of a container, by name. */
export class Checkpoint {
  static {
    checkArguments(Checkpoint, "checkpoint", {
      promises: { restore: [callOptions], remove: [callOptions] },
      direct: {},
    });
  }

  /** The checkpoint's name, which is its id. */
  readonly id: string;
  readonly #caller: Caller;
  readonly #container: string;
  readonly #dir: string | undefined;

  constructor(caller: Caller, container: string, id: string, dir?: string) {
    this.#caller = caller;
    this.#container = container;
    this.id = id;
    this.#dir = dir;
  }

  /** Starts the container, which must be stopped, where the checkpoint has its processes. */
  restore({ signal }: CallOptions = {}): Promise<ChangeResult> {
    const query = { checkpoint: this.id, "checkpoint-dir": this.#dir };
    return this.#caller.changed("ContainerStart", { path: { id: this.#container }, query, signal });
  }

  /** Deletes it. @throws NotFoundError */
  remove({ signal }: CallOptions = {}): Promise<void> {
    const path = { id: this.#container, checkpoint: this.id };
    return this.#caller.call("CheckpointDelete", { path, query: { dir: this.#dir }, signal });
  }
}

/**
 * The checkpoints of a container: its processes as they were at a moment, kept on disk. An experimental feature of
 * the engine, which must run with `--experimental` and needs the program `criu`.
 */
export class Checkpoints {
  static {
    checkArguments(Checkpoints, "checkpoints", {
      promises: {
        list: [listOptions],
        create: [record("request", '{ CheckpointID: "before" }'), callOptions],
      },
      direct: { get: [ref("checkpoint"), optional(text("dir", '"/srv/checkpoints"'))] },
    });
  }

  readonly #caller: Caller;
  readonly #container: string;

  constructor(caller: Caller, container: string) {
    this.#caller = caller;
    this.#container = container;
  }

  /** The container's checkpoints, by name. */
  async list({ dir, signal }: CheckpointOptions = {}): Promise<readonly CheckpointSummary[]> {
    const path = { id: this.#container };
    return (await this.#caller.call("CheckpointList", { path, query: { dir }, signal })) ?? [];
  }

  /** The handle of a checkpoint, by name; asks nothing of the engine. */
  get(checkpoint: Ref, dir?: string): Checkpoint {
    return new Checkpoint(this.#caller, this.#container, toId(checkpoint, "checkpoint"), dir);
  }

  /**
   * Takes one; the container ends when the request says `Exit: true`, and goes on otherwise.
   * @throws ServerError when the engine has no `criu`, or `criu` cannot save the processes
   */
  async create(request: CheckpointCreateRequest, { signal }: CallOptions = {}): Promise<Checkpoint> {
    await this.#caller.call("CheckpointCreate", { path: { id: this.#container }, body: request, signal });
    return this.get(request.CheckpointID, request.CheckpointDir);
  }
}
