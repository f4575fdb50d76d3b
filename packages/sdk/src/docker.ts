import { toCredentialSource } from "./auth/credentials.ts";
import { connectTo } from "./connection/endpoint.ts";
import { environmentApiVersion, findEndpoint } from "./connection/environment.ts";
import { dockerOptions, type DockerOptions } from "./docker-options.ts";
import type { CallArguments, OperationId } from "./generated/operations.ts";
import { Buildkit } from "./resources/buildkit/buildkit.ts";
import { Containers } from "./resources/containers/containers.ts";
import { Distribution } from "./resources/distribution/distribution.ts";
import { Images } from "./resources/images/images.ts";
import { Networks } from "./resources/networks/networks.ts";
import { Plugins } from "./resources/plugins/plugins.ts";
import { Configs } from "./resources/swarm/configs.ts";
import { Nodes } from "./resources/swarm/nodes.ts";
import { Secrets } from "./resources/swarm/secrets.ts";
import { Services } from "./resources/swarm/services.ts";
import { Swarm } from "./resources/swarm/swarm.ts";
import { Tasks } from "./resources/swarm/tasks.ts";
import { System } from "./resources/system/system.ts";
import { Volumes } from "./resources/volumes/volumes.ts";
import { ApiVersion, parseApiVersion } from "./transport/api-version.ts";
import { Caller, type CallAnswer } from "./transport/call.ts";
import { Transport } from "./transport/transport.ts";
import type { Check } from "./values/argument.ts";
import type { CallOptions } from "./values/call-options.ts";
import { optionsOf } from "./values/options.ts";

/** Where the parameters of a call go. Their own names are the engine's. */
interface CallPlaces extends CallOptions {
  readonly path?: object | undefined;
  readonly query?: object | undefined;
  readonly headers?: object | undefined;
  readonly body?: unknown;
}

const callParameters: Check = optionsOf<CallPlaces>('{ path: { id: "web" }, query: { t: 5 } }', {
  path: "object",
  query: "object",
  headers: "object",
  body: () => undefined,
});

/**
 * A client of one Docker Engine. Nothing is opened before the first call, and idle connections do not keep the
 * process alive.
 *
 * ```ts
 * const docker = new Docker();
 * const { stdout } = await docker.containers.run({ image: "busybox", command: ["echo", "hello"] });
 * ```
 *
 * @throws ConfigError when the host, the context or its files cannot be used, TypeError for an option that there is not.
 */
export class Docker implements AsyncDisposable {
  /** Containers: run, start, create, list and prune them. */
  readonly containers: Containers;
  /** Images: build, pull, push, save, load, list and prune them. */
  readonly images: Images;
  /** Networks of containers. */
  readonly networks: Networks;
  /** Volumes of containers. */
  readonly volumes: Volumes;
  /** Plugins of the engine. */
  readonly plugins: Plugins;
  /** What a registry has, without pulling it. */
  readonly distribution: Distribution;
  /** The swarm that the engine is part of. */
  readonly swarm: Swarm;
  /** The nodes of the swarm. */
  readonly nodes: Nodes;
  /** The services of the swarm. */
  readonly services: Services;
  /** The tasks of the swarm's services. */
  readonly tasks: Tasks;
  /** The secrets of the swarm. */
  readonly secrets: Secrets;
  /** The configs of the swarm. */
  readonly configs: Configs;
  /** The engine as a whole: its facts, events and disk usage. */
  readonly system: System;
  /** The engine's BuildKit, by its own API. */
  readonly buildkit: Buildkit;
  readonly #transport: Transport;
  readonly #caller: Caller;

  constructor(options: DockerOptions = {}) {
    dockerOptions(options, "new Docker()");
    const env = options.env ?? process.env;
    const { endpoint, tried } = findEndpoint({ ...options, env });
    const pinned =
      options.apiVersion === undefined ? environmentApiVersion(env) : parseApiVersion(options.apiVersion);
    this.#transport = new Transport({ ...connectTo(endpoint, env), tried, dispatcher: options.dispatcher });
    const caller = new Caller(this.#transport, new ApiVersion(this.#transport, pinned));
    const credentials = toCredentialSource(options.credentials, env);
    const tools = { caller, credentials, env };
    this.#caller = caller;
    this.images = new Images(tools);
    this.containers = new Containers(caller, this.images);
    this.networks = new Networks(caller);
    this.volumes = new Volumes(caller);
    this.plugins = new Plugins(caller, credentials);
    this.distribution = new Distribution(caller, credentials);
    this.swarm = new Swarm(caller);
    this.nodes = new Nodes(caller);
    this.services = new Services(caller, credentials);
    this.tasks = new Tasks(caller);
    this.secrets = new Secrets(caller);
    this.configs = new Configs(caller);
    this.system = new System(caller);
    this.buildkit = new Buildkit(tools);
  }

  /** Where the engine is, e.g. `unix:///var/run/docker.sock`. */
  get host(): string {
    return this.#transport.host;
  }

  /** The API version spoken with this engine, e.g. `1.41`; the first call asks for it. */
  apiVersion(): Promise<string> {
    return this.#caller.apiVersion();
  }

  /**
   * Calls any operation of the Engine API by its id, with the engine's own names. The answer is its JSON, or a
   * stream where the operation has one.
   *
   * ```ts
   * await docker.call("ContainerStop", { path: { id: "web" }, query: { t: 5 } });
   * ```
   *
   * @throws UnsupportedError when the engine's API is older than the operation or a parameter.
   * @throws TypeError for an operation, a place of parameters or a query parameter that there is not.
   */
  async call<Op extends OperationId>(
    operation: Op,
    ...parameters: CallArguments<Op>
  ): Promise<CallAnswer<Op>> {
    callParameters(parameters[0], `docker.call("${operation}")`);
    return await this.#caller.call(operation, ...parameters);
  }

  /** Closes the connections, those in use when their calls are over. */
  close(): Promise<void> {
    return this.#transport.close();
  }

  /**
   * Cuts all connections at once. What `containers.run`, `start` and `create` under way have made is removed, as when
   * they are aborted, which may take some seconds, and half a minute where the engine does not answer.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    const cut = this.#transport.destroy();
    const worked = await this.#caller.disposal.run();
    await cut;
    if (worked) await this.#transport.destroy();
  }
}
