import type { CredentialSource } from "../../auth/credential-source.ts";
import type {
  Service as ServiceInspect,
  ServiceSpec,
  ServiceUpdateResponse,
} from "../../generated/models.ts";
import type { Operation } from "../../operation.ts";
import type { OutputStream } from "../../streams/output-stream.ts";
import type { Caller } from "../../transport/call.ts";
import { callback, integer, record } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { filterOptions, toFilters, type FilterOptions } from "../../values/filters.ts";
import { ref, toId, type Ref } from "../../values/id.ts";
import { callOptions, optionsOf } from "../../values/options.ts";
import { checkArguments } from "../check-arguments.ts";
import { exists } from "../exists.ts";
import { change } from "./change.ts";
import { logs, swarmLogsOptions, type SwarmLogsOptions } from "./logs.ts";
import { rollout, rolloutOptions, type RolloutEvent, type RolloutOptions } from "./rollout.ts";
import { serviceAuth, serviceAuthKinds, type ServiceAuthOptions } from "./service-auth.ts";

/** Which services are listed, and how much is told of them. */
export interface ServiceListOptions extends CallOptions {
  /** Only what matches, e.g. `{ name: "web" }` or `{ mode: "global" }`. Default: all. */
  readonly filters?: FilterOptions<"ServiceList"> | undefined;
  /** Adds `ServiceStatus`: how many tasks run and how many should. Default `false`. */
  readonly status?: boolean | undefined;
}

/** How much is told of a service. */
export interface ServiceInspectOptions extends CallOptions {
  /** Fills in what its spec leaves to the engine. Default `false`. */
  readonly insertDefaults?: boolean | undefined;
}

/** Credentials that the nodes pull the changed service with. */
export interface ServiceUpdateOptions extends ServiceAuthOptions {
  /**
   * Keeps the credentials of the current spec (`spec`) or of the one before it (`previous-spec`), e.g. to go back to it.
   * Takes the place of `auth`. Default: `auth`.
   */
  readonly authFrom?: "spec" | "previous-spec" | undefined;
}

const listOptions = optionsOf<ServiceListOptions>("{ status: true }", {
  filters: filterOptions,
  status: "boolean",
});
const inspectOptions = optionsOf<ServiceInspectOptions>("{ insertDefaults: true }", {
  insertDefaults: "boolean",
});
const authOptions = optionsOf<ServiceAuthOptions>("{ auth: { username, password } }", serviceAuthKinds);
const updateOptions = optionsOf<ServiceUpdateOptions>("{ auth: { username, password } }", {
  ...serviceAuthKinds,
  authFrom: "text",
});

/**
 * The handle of one service of the swarm, by id or name.
 * Its methods throw `NotFoundError` when there is no such service.
 */
export class Service {
  static {
    checkArguments(Service, "service", {
      promises: {
        inspect: [inspectOptions],
        update: [
          integer("version", "12"),
          record("spec", '{ Name: "web", TaskTemplate: {} }'),
          updateOptions,
        ],
        change: [callback("edit", "(spec) => ({ ...spec, Labels: {} })"), updateOptions],
        rollback: [callOptions],
        remove: [callOptions],
      },
      direct: { rollout: [rolloutOptions], logs: [swarmLogsOptions] },
    });
  }

  /** Its id or name, as it was given. */
  readonly id: string;
  readonly #caller: Caller;
  readonly #credentials: CredentialSource;

  constructor(caller: Caller, credentials: CredentialSource, id: string) {
    this.#caller = caller;
    this.#credentials = credentials;
    this.id = id;
  }

  /** Everything the swarm knows of it. @throws NotFoundError */
  inspect({ insertDefaults, signal }: ServiceInspectOptions = {}): Promise<ServiceInspect> {
    return this.#caller.call("ServiceInspect", { path: { id: this.id }, query: { insertDefaults }, signal });
  }

  /**
   * Replaces its spec; its tasks are replaced as `UpdateConfig` says. See {@link change} and {@link rollout}.
   * @param version the one that `inspect` told
   * @returns the engine's warnings
   */
  async update(
    version: number,
    spec: ServiceSpec,
    options: ServiceUpdateOptions = {},
  ): Promise<ServiceUpdateResponse> {
    const { authFrom, signal } = options;
    return await this.#caller.call("ServiceUpdate", {
      path: { id: this.id },
      query: { version, registryAuthFrom: authFrom },
      headers: authFrom === undefined ? await serviceAuth(this.#credentials, spec, options) : {},
      body: spec,
      signal,
    });
  }

  /**
   * Changes its spec as it is now.
   *
   * ```ts
   * await service.change((spec) => ({ ...spec, Mode: { Replicated: { Replicas: 5 } } }));
   * ```
   *
   * @param edit is called again when another change came between
   * @returns the engine's warnings
   */
  change(
    edit: (current: ServiceSpec) => ServiceSpec,
    options: ServiceUpdateOptions = {},
  ): Promise<ServiceUpdateResponse> {
    return change(
      () => this.inspect({ signal: options.signal }),
      edit,
      (version, spec) => this.update(version, spec, options),
    );
  }

  /** Goes back to the spec before the current one. @throws InvalidRequestError when there is none */
  rollback({ signal }: CallOptions = {}): Promise<ServiceUpdateResponse> {
    return change(
      () => this.inspect({ signal }),
      (current) => current,
      (version, spec) =>
        this.#caller.call("ServiceUpdate", {
          path: { id: this.id },
          query: { version, rollback: "previous" },
          body: spec,
          signal,
        }),
    );
  }

  /**
   * Waits until it is as its spec wants it: the update is through and all tasks run, or have completed when it is a
   * job. It is the engine that does the work; leaving the loop or aborting only ends the waiting.
   * @throws OperationError when the update was paused, or was rolled back and `acceptRollback` is not set
   * @throws NotFoundError when the service is removed meanwhile
   */
  rollout(options?: RolloutOptions): Operation<RolloutEvent, ServiceInspect> {
    return rollout(this.#caller, this.id, options);
  }

  /** What its tasks have written, on all nodes. The engine is asked at the first read. */
  logs(options?: SwarmLogsOptions): OutputStream {
    const hasTty = async (): Promise<boolean> =>
      (await this.inspect({ signal: options?.signal })).Spec.TaskTemplate?.ContainerSpec?.TTY === true;
    return logs(this.#caller, "ServiceLogs", this.id, hasTty, options);
  }

  /** Removes it; its containers end a little later. @throws NotFoundError */
  remove({ signal }: CallOptions = {}): Promise<void> {
    return this.#caller.call("ServiceDelete", { path: { id: this.id }, signal });
  }
}

/** The services of the swarm. */
export class Services {
  static {
    checkArguments(Services, "services", {
      promises: {
        list: [listOptions],
        exists: [ref("service"), callOptions],
        create: [record("spec", '{ Name: "web", TaskTemplate: {} }'), authOptions],
      },
      direct: { get: [ref("service")] },
    });
  }

  readonly #caller: Caller;
  readonly #credentials: CredentialSource;

  constructor(caller: Caller, credentials: CredentialSource) {
    this.#caller = caller;
    this.#credentials = credentials;
  }

  /** The services of the swarm. */
  list({ filters, status, signal }: ServiceListOptions = {}): Promise<readonly ServiceInspect[]> {
    const query = { filters: filters && toFilters(filters), status };
    return this.#caller.call("ServiceList", { query, signal });
  }

  /** The handle of a service; asks nothing of the engine. */
  get(service: Ref): Service {
    return new Service(this.#caller, this.#credentials, toId(service, "service"));
  }

  /** Whether the swarm has it. */
  exists(service: Ref, options?: CallOptions): Promise<boolean> {
    return exists(this.get(service), options);
  }

  /**
   * Makes a service, which the swarm runs from now on. See {@link Service.rollout} to wait for its tasks. Each node
   * pulls the image by itself: a digest, which `distribution.inspect` tells, makes sure that all get the same.
   * @throws ConflictError when the name is taken
   * @throws InvalidRequestError when the spec cannot be
   */
  async create(spec: ServiceSpec, options: ServiceAuthOptions = {}): Promise<Service> {
    const headers = await serviceAuth(this.#credentials, spec, options);
    const { ID } = await this.#caller.call("ServiceCreate", { headers, body: spec, signal: options.signal });
    return this.get(ID);
  }
}
