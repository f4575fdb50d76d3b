import type {
  Swarm as SwarmInspect,
  SwarmInitRequest,
  SwarmJoinRequest,
  SwarmSpec,
} from "../../generated/models.ts";
import type { Caller } from "../../transport/call.ts";
import { callback, integer, optional, record, text } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { callOptions, optionsOf } from "../../values/options.ts";
import { checkArguments } from "../check-arguments.ts";
import { change } from "./change.ts";
import { Node } from "./nodes.ts";

/** How a swarm is left. */
export interface SwarmLeaveOptions extends CallOptions {
  /** Also as a manager, which may end the swarm. Default `false`. */
  readonly force?: boolean | undefined;
}

/** What is replaced besides the settings. */
export interface SwarmUpdateOptions extends CallOptions {
  /** Replaces the token that workers join with. Default `false`. */
  readonly rotateWorkerToken?: boolean | undefined;
  /** Replaces the token that managers join with. Default `false`. */
  readonly rotateManagerToken?: boolean | undefined;
  /** Replaces the key that unlocks managers. Default `false`. */
  readonly rotateManagerUnlockKey?: boolean | undefined;
}

const leaveOptions = optionsOf<SwarmLeaveOptions>("{ force: true }", { force: "boolean" });
const updateOptions = optionsOf<SwarmUpdateOptions>("{ rotateWorkerToken: true }", {
  rotateWorkerToken: "boolean",
  rotateManagerToken: "boolean",
  rotateManagerUnlockKey: "boolean",
});

// The docker CLI's defaults. The engine itself has none.
const defaults = { ListenAddr: "0.0.0.0:2377" };

/**
 * The swarm that the engine is part of. All but `init`, `join`, `leave` and `unlock` need an engine that is one of
 * its managers; elsewhere they throw a `ServerError` with the code `UNAVAILABLE`.
 */
export class Swarm {
  static {
    checkArguments(Swarm, "swarm", {
      promises: {
        inspect: [callOptions],
        init: [optional(record("request", '{ AdvertiseAddr: "eth0" }')), callOptions],
        join: [record("request", "{ RemoteAddrs, JoinToken }"), callOptions],
        leave: [leaveOptions],
        update: [integer("version", "12"), record("spec", "{ Raft: {} }"), updateOptions],
        change: [callback("edit", "(spec) => ({ ...spec, Raft: {} })"), updateOptions],
        unlockKey: [callOptions],
        unlock: [text("key", '"SWMKEY-1-…"'), callOptions],
      },
      direct: {},
    });
  }

  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Its settings, and the tokens to join it with. */
  inspect({ signal }: CallOptions = {}): Promise<SwarmInspect> {
    return this.#caller.call("SwarmInspect", { signal });
  }

  /**
   * Makes a swarm, with this engine as its first manager.
   * @param request `ListenAddr` is `0.0.0.0:2377` by default. `AdvertiseAddr`, an address or an interface, is needed
   *   where the machine has several addresses.
   * @returns this engine as a node
   * @throws ServerError (503) when it is part of a swarm already
   */
  async init(request: SwarmInitRequest = {}, { signal }: CallOptions = {}): Promise<Node> {
    return new Node(
      this.#caller,
      await this.#caller.call("SwarmInit", { body: { ...defaults, ...request }, signal }),
    );
  }

  /**
   * Joins a swarm, as a manager or a worker: the token decides.
   * @param request `RemoteAddrs` names managers, `JoinToken` comes from `inspect` of one of them, `ListenAddr` is
   *   `0.0.0.0:2377` by default.
   * @throws ServerError (503) when it is part of a swarm already; ServerError when the token is wrong
   */
  join(
    request: Omit<SwarmJoinRequest, "ListenAddr"> & Partial<SwarmJoinRequest>,
    { signal }: CallOptions = {},
  ): Promise<void> {
    return this.#caller.call("SwarmJoin", { body: { ...defaults, ...request }, signal });
  }

  /** Leaves the swarm. @throws ServerError (503) when it is in none */
  leave({ force, signal }: SwarmLeaveOptions = {}): Promise<void> {
    return this.#caller.call("SwarmLeave", { query: { force }, signal });
  }

  /** Replaces its settings. See {@link change}. @param version the one that `inspect` told */
  update(version: number, spec: SwarmSpec, options: SwarmUpdateOptions = {}): Promise<void> {
    const { rotateWorkerToken, rotateManagerToken, rotateManagerUnlockKey, signal } = options;
    const query = { version, rotateWorkerToken, rotateManagerToken, rotateManagerUnlockKey };
    return this.#caller.call("SwarmUpdate", { query, body: spec, signal });
  }

  /**
   * Changes its settings as they are now.
   *
   * ```ts
   * await docker.swarm.change((spec) => ({ ...spec, EncryptionConfig: { AutoLockManagers: true } }));
   * ```
   *
   * @param edit is called again when another change came between
   */
  change(edit: (current: SwarmSpec) => SwarmSpec, options: SwarmUpdateOptions = {}): Promise<void> {
    return change(
      () => this.inspect({ signal: options.signal }),
      edit,
      (version, spec) => this.update(version, spec, options),
    );
  }

  /** The key that unlocks managers after a restart, when the swarm is locked; empty when it is not. */
  async unlockKey({ signal }: CallOptions = {}): Promise<string> {
    return (await this.#caller.call("SwarmUnlockkey", { signal })).UnlockKey;
  }

  /** Unlocks this engine, a manager that was restarted. @throws ConflictError when it is not locked */
  unlock(key: string, { signal }: CallOptions = {}): Promise<void> {
    return this.#caller.call("SwarmUnlock", { body: { UnlockKey: key }, signal });
  }
}
