import type { Secret as SecretInspect, SecretSpec } from "../../generated/models.ts";
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

/** The engine's `SecretSpec`, in which `Data` may also be bytes. */
export interface SecretCreateRequest extends Omit<SecretSpec, "Data"> {
  /** Up to 500 kB: bytes, or base64 text as the engine has it. Left out where `Driver` provides it. */
  readonly Data?: SwarmData | undefined;
}

/** Which secrets are listed. */
export interface SecretListOptions extends CallOptions {
  /** Only what matches, e.g. `{ name: "tls" }` or `{ label: "tier=web" }`. Default: all. */
  readonly filters?: FilterOptions<"SecretList"> | undefined;
}

const listOptions = optionsOf<SecretListOptions>('{ filters: { name: "tls" } }', { filters: filterOptions });

/**
 * The handle of one secret of the swarm, by id or name.
 * Its methods throw `NotFoundError` when there is no such secret.
 */
export class Secret {
  static {
    checkArguments(Secret, "secret", {
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

  /** All of it but its data, which the engine tells to containers only. @throws NotFoundError */
  inspect({ signal }: CallOptions = {}): Promise<SecretInspect> {
    return this.#caller.call("SecretInspect", { path: { id: this.id }, signal });
  }

  /**
   * Replaces its labels; the engine lets nothing else change. See {@link change}.
   * @param version the one that `inspect` told
   */
  update(version: number, spec: SecretSpec, { signal }: CallOptions = {}): Promise<void> {
    return this.#caller.call("SecretUpdate", {
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
  change(edit: (current: SecretSpec) => SecretSpec, options?: CallOptions): Promise<void> {
    return change(
      () => this.inspect(options),
      edit,
      (version, spec) => this.update(version, spec, options),
    );
  }

  /** Removes it. @throws InvalidRequestError when a service uses it */
  remove({ signal }: CallOptions = {}): Promise<void> {
    return this.#caller.call("SecretDelete", { path: { id: this.id }, signal });
  }
}

/** The secrets of the swarm, which services get as files. */
export class Secrets {
  static {
    checkArguments(Secrets, "secrets", {
      promises: {
        list: [listOptions],
        exists: [ref("secret"), callOptions],
        create: [record("request", '{ Name: "tls", Data: bytes }'), callOptions],
      },
      direct: { get: [ref("secret")] },
    });
  }

  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** The secrets of the swarm, without their data. */
  list({ filters, signal }: SecretListOptions = {}): Promise<readonly SecretInspect[]> {
    return this.#caller.call("SecretList", { query: { filters: filters && toFilters(filters) }, signal });
  }

  /** The handle of a secret; asks nothing of the engine. */
  get(secret: Ref): Secret {
    return new Secret(this.#caller, toId(secret, "secret"));
  }

  /** Whether the swarm has it. */
  exists(secret: Ref, options?: CallOptions): Promise<boolean> {
    return exists(this.get(secret), options);
  }

  /**
   * Makes a secret.
   *
   * ```ts
   * const secret = await docker.secrets.create({ Name: "password", Data: Buffer.from("open sesame") });
   * ```
   *
   * @throws ConflictError when the name is taken
   */
  async create(request: SecretCreateRequest, { signal }: CallOptions = {}): Promise<Secret> {
    const { ID } = await this.#caller.call("SecretCreate", { body: withEncodedData(request), signal });
    return this.get(ID);
  }
}
