import type { Config as ConfigInspect, ConfigSpec } from "../../generated/models.ts";
import type { Caller } from "../../transport/call.ts";
import { callback, integer, record } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { filterOptions, toFilters, type FilterOptions } from "../../values/filters.ts";
import { ref, toId, type Ref } from "../../values/id.ts";
import { callOptions, optionsOf } from "../../values/options.ts";
import { checkArguments } from "../check-arguments.ts";
import { exists } from "../exists.ts";
import { change } from "./change.ts";
import { withEncodedData, type SwarmData } from "./data.ts";

/** The engine's `ConfigSpec`, in which `Data` may also be bytes. */
export interface ConfigCreateRequest extends Omit<ConfigSpec, "Data"> {
  /** Up to 1000 kB: bytes, or base64 text as the engine has it. */
  readonly Data?: SwarmData | undefined;
}

/** Which configs are listed. */
export interface ConfigListOptions extends CallOptions {
  /** Only what matches, e.g. `{ name: "tls" }` or `{ label: "tier=web" }`. Default: all. */
  readonly filters?: FilterOptions<"ConfigList"> | undefined;
}

const listOptions = optionsOf<ConfigListOptions>('{ filters: { name: "tls" } }', { filters: filterOptions });

/**
 * The handle of one config of the swarm, by id or name.
 * Its methods throw `NotFoundError` when there is no such config.
 */
export class Config {
  static {
    checkArguments(Config, "config", {
      promises: {
        inspect: [callOptions],
        update: [integer("version", "12"), record("spec", "{ Labels: {} }"), callOptions],
        change: [callback("edit", "(spec) => ({ ...spec, Labels: {} })"), callOptions],
        remove: [callOptions],
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

  /** All of it; `Spec.Data` is base64. @throws NotFoundError */
  inspect({ signal }: CallOptions = {}): Promise<ConfigInspect> {
    return this.#caller.call("ConfigInspect", { path: { id: this.id }, signal });
  }

  /**
   * Replaces its labels; the engine lets nothing else change. See {@link change}.
   * @param version the one that `inspect` told
   */
  update(version: number, spec: ConfigSpec, { signal }: CallOptions = {}): Promise<void> {
    return this.#caller.call("ConfigUpdate", {
      path: { id: this.id },
      query: { version },
      body: spec,
      signal,
    });
  }

  /**
   * Changes its labels as they are now.
   * @param edit is called again when another change came between
   */
  change(edit: (current: ConfigSpec) => ConfigSpec, options?: CallOptions): Promise<void> {
    return change(
      () => this.inspect(options),
      edit,
      (version, spec) => this.update(version, spec, options),
    );
  }

  /** Removes it. @throws InvalidRequestError when a service uses it */
  remove({ signal }: CallOptions = {}): Promise<void> {
    return this.#caller.call("ConfigDelete", { path: { id: this.id }, signal });
  }
}

/** The configs of the swarm, which services get as files. */
export class Configs {
  static {
    checkArguments(Configs, "configs", {
      promises: {
        list: [listOptions],
        exists: [ref("config"), callOptions],
        create: [record("request", '{ Name: "tls", Data: bytes }'), callOptions],
      },
      direct: { get: [ref("config")] },
    });
  }

  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** The configs of the swarm. */
  list({ filters, signal }: ConfigListOptions = {}): Promise<readonly ConfigInspect[]> {
    return this.#caller.call("ConfigList", { query: { filters: filters && toFilters(filters) }, signal });
  }

  /** The handle of a config; asks nothing of the engine. */
  get(config: Ref): Config {
    return new Config(this.#caller, toId(config, "config"));
  }

  /** Whether the swarm has it. */
  exists(config: Ref, options?: CallOptions): Promise<boolean> {
    return exists(this.get(config), options);
  }

  /**
   * Makes a config.
   *
   * ```ts
   * const config = await docker.configs.create({ Name: "nginx.conf", Data: await readFile("nginx.conf") });
   * ```
   *
   * @throws ConflictError when the name is taken
   */
  async create(request: ConfigCreateRequest, { signal }: CallOptions = {}): Promise<Config> {
    const { ID } = await this.#caller.call("ConfigCreate", { body: withEncodedData(request), signal });
    return this.get(ID);
  }
}
