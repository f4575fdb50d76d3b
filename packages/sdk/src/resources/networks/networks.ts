import { NotFoundError } from "../../errors.ts";
import type {
  EndpointSettings,
  NetworkCreateRequest,
  NetworkInspect,
  NetworkPruneResponse,
  NetworkSummary,
} from "../../generated/models.ts";
import type { Caller } from "../../transport/call.ts";
import { optional, record } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { filterOptions, toFilters, type FilterOptions } from "../../values/filters.ts";
import { ref, toId, type Ref } from "../../values/id.ts";
import { callOptions, optionsOf } from "../../values/options.ts";
import { checkArguments } from "../check-arguments.ts";
import { exists } from "../exists.ts";

/** How much is told of a network. */
export interface NetworkInspectOptions extends CallOptions {
  /** Adds the services of a swarm. Default `false`. */
  readonly verbose?: boolean | undefined;
  /** Looks only among those of the swarm, of this engine, or of what spans engines otherwise. Default: all. */
  readonly scope?: "swarm" | "global" | "local" | undefined;
}

/** How a container is taken off a network. */
export interface NetworkDisconnectOptions extends CallOptions {
  /** Also when the container is in a bad state. Default `false`. */
  readonly force?: boolean | undefined;
}

/** How a network is removed. */
export interface NetworkRemoveOptions extends CallOptions {
  /** One that is not there counts as removed, as for the docker CLI. Default `false`. */
  readonly force?: boolean | undefined;
}

/** Which networks are listed. */
export interface NetworkListOptions extends CallOptions {
  /** Only what matches, e.g. `{ driver: "bridge" }` or `{ label: "a=b" }`. Default: all. */
  readonly filters?: FilterOptions<"NetworkList"> | undefined;
}

/** Which networks go. */
export interface NetworkPruneOptions extends CallOptions {
  /** Of what would go, only what matches, e.g. `{ until: "24h" }`. Default: all of it. */
  readonly filters?: FilterOptions<"NetworkPrune"> | undefined;
}

const inspectOptions = optionsOf<NetworkInspectOptions>("{ verbose: true }", {
  verbose: "boolean",
  scope: "text",
});
const disconnectOptions = optionsOf<NetworkDisconnectOptions>("{ force: true }", { force: "boolean" });
const removeOptions = optionsOf<NetworkRemoveOptions>("{ force: true }", { force: "boolean" });
const listOptions = optionsOf<NetworkListOptions>('{ filters: { driver: "bridge" } }', {
  filters: filterOptions,
});
const pruneOptions = optionsOf<NetworkPruneOptions>('{ filters: { until: "24h" } }', {
  filters: filterOptions,
});

/**
 * The handle of one network, by id or name.
 * Its methods throw `NotFoundError` when there is no such network.
 */
export class Network {
  static {
    checkArguments(Network, "network", {
      promises: {
        inspect: [inspectOptions],
        connect: [ref("container"), optional(record("settings", '{ Aliases: ["db"] }')), callOptions],
        disconnect: [ref("container"), disconnectOptions],
        remove: [removeOptions],
      },
      direct: {},
    });
  }

  /** Its id or name, as it was given. */
  readonly id: string;
  readonly #caller: Caller;

  constructor(caller: Caller, id: string) {
    this.#caller = caller;
    this.id = id;
  }

  /** Everything the engine knows of it. @throws NotFoundError */
  inspect({ verbose, scope, signal }: NetworkInspectOptions = {}): Promise<NetworkInspect> {
    return this.#caller.call("NetworkInspect", { path: { id: this.id }, query: { verbose, scope }, signal });
  }

  /** Connects a container, with addresses and aliases of its own where `settings` name them. */
  connect(container: Ref, settings?: EndpointSettings, { signal }: CallOptions = {}): Promise<void> {
    const body = { Container: toId(container, "container"), EndpointConfig: settings };
    return this.#caller.call("NetworkConnect", { path: { id: this.id }, body, signal });
  }

  /** Takes a container off it. */
  disconnect(container: Ref, { force, signal }: NetworkDisconnectOptions = {}): Promise<void> {
    const body = { Container: toId(container, "container"), Force: force };
    return this.#caller.call("NetworkDisconnect", { path: { id: this.id }, body, signal });
  }

  /**
   * Removes it.
   * @throws AccessDeniedError when it is predefined, ConflictError or AccessDeniedError when it is in use
   */
  async remove({ force = false, signal }: NetworkRemoveOptions = {}): Promise<void> {
    try {
      await this.#caller.call("NetworkDelete", { path: { id: this.id }, signal });
    } catch (error) {
      if (!(force && error instanceof NotFoundError)) throw error;
    }
  }
}

/** The networks of an engine. */
export class Networks {
  static {
    checkArguments(Networks, "networks", {
      promises: {
        list: [listOptions],
        exists: [ref("network"), callOptions],
        create: [record("request", '{ Name: "net" }'), callOptions],
        prune: [pruneOptions],
      },
      direct: { get: [ref("network")] },
    });
  }

  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** The networks of the engine. */
  list({ filters, signal }: NetworkListOptions = {}): Promise<readonly NetworkSummary[]> {
    return this.#caller.call("NetworkList", { query: { filters: filters && toFilters(filters) }, signal });
  }

  /** The handle of a network; asks nothing of the engine. */
  get(network: Ref): Network {
    return new Network(this.#caller, toId(network, "network"));
  }

  /** Whether the engine has it. */
  exists(network: Ref, options?: CallOptions): Promise<boolean> {
    return exists(this.get(network), options);
  }

  /** Makes a network. @throws ConflictError when the name is taken */
  async create(request: NetworkCreateRequest, { signal }: CallOptions = {}): Promise<Network> {
    const { Id } = await this.#caller.call("NetworkCreate", {
      // Engines below API 1.44 allow two networks of one name unless told otherwise.
      body: { CheckDuplicate: true, ...request },
      signal,
    });
    return this.get(Id);
  }

  /** Removes all networks that no container uses. */
  prune({ filters, signal }: NetworkPruneOptions = {}): Promise<NetworkPruneResponse> {
    return this.#caller.call("NetworkPrune", { query: { filters: filters && toFilters(filters) }, signal });
  }
}
