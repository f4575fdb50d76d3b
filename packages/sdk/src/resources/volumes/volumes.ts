import type {
  Volume as VolumeInspect,
  VolumeCreateRequest,
  VolumeListResponse,
  VolumePruneResponse,
  VolumeUpdateRequest,
} from "../../generated/models.ts";
import type { Caller } from "../../transport/call.ts";
import { integer, optional, record } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { filterOptions, toFilters, type FilterOptions } from "../../values/filters.ts";
import { ref, toId, type Ref } from "../../values/id.ts";
import { callOptions, optionsOf } from "../../values/options.ts";
import { checkArguments } from "../check-arguments.ts";
import { exists } from "../exists.ts";

/** How a volume is removed. */
export interface VolumeRemoveOptions extends CallOptions {
  /** Also when its driver has lost it. Default `false`. */
  readonly force?: boolean | undefined;
}

/** Which volumes are listed. */
export interface VolumeListOptions extends CallOptions {
  /** Only what matches, e.g. `{ dangling: true }` or `{ label: "a=b" }`. Default: all. */
  readonly filters?: FilterOptions<"VolumeList"> | undefined;
}

/** Which volumes go. */
export interface VolumePruneOptions extends CallOptions {
  /** Of what would go, only what matches, e.g. `{ label: "a=b" }`; `{ all: true }` adds those with a name. */
  readonly filters?: FilterOptions<"VolumePrune"> | undefined;
}

const removeOptions = optionsOf<VolumeRemoveOptions>("{ force: true }", { force: "boolean" });
const listOptions = optionsOf<VolumeListOptions>("{ filters: { dangling: true } }", {
  filters: filterOptions,
});
const pruneOptions = optionsOf<VolumePruneOptions>("{ filters: { all: true } }", { filters: filterOptions });

/** The handle of one volume, by name. Its methods throw `NotFoundError` when there is no such volume. */
export class Volume {
  static {
    checkArguments(Volume, "volume", {
      promises: {
        inspect: [callOptions],
        update: [
          integer("version", "12"),
          record("change", '{ Spec: { Availability: "drain" } }'),
          callOptions,
        ],
        remove: [removeOptions],
      },
      direct: {},
    });
  }

  /** The volume's name, which is its id. */
  readonly id: string;
  readonly #caller: Caller;

  constructor(caller: Caller, id: string) {
    this.#caller = caller;
    this.id = id;
  }

  /** Everything the engine knows of it. @throws NotFoundError */
  inspect({ signal }: CallOptions = {}): Promise<VolumeInspect> {
    return this.#caller.call("VolumeInspect", { path: { name: this.id }, signal });
  }

  /** Changes a cluster volume. @param version the one that `inspect` told */
  update(version: number, change: VolumeUpdateRequest, { signal }: CallOptions = {}): Promise<void> {
    return this.#caller.call("VolumeUpdate", {
      path: { name: this.id },
      query: { version },
      body: change,
      signal,
    });
  }

  /** Removes it, with all that it holds. @throws ConflictError when a container uses it */
  remove({ force, signal }: VolumeRemoveOptions = {}): Promise<void> {
    return this.#caller.call("VolumeDelete", { path: { name: this.id }, query: { force }, signal });
  }
}

/** The volumes of an engine. */
export class Volumes {
  static {
    checkArguments(Volumes, "volumes", {
      promises: {
        list: [listOptions],
        exists: [ref("volume"), callOptions],
        create: [optional(record("request", '{ Name: "data" }')), callOptions],
        prune: [pruneOptions],
      },
      direct: { get: [ref("volume")] },
    });
  }

  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** The volumes of the engine, as `Volumes` of its answer, and in `Warnings` what it could not find out. */
  list({ filters, signal }: VolumeListOptions = {}): Promise<VolumeListResponse> {
    return this.#caller.call("VolumeList", { query: { filters: filters && toFilters(filters) }, signal });
  }

  /** The handle of a volume; asks nothing of the engine. */
  get(volume: Ref): Volume {
    return new Volume(this.#caller, toId(volume, "volume"));
  }

  /** Whether the engine has it. */
  exists(volume: Ref, options?: CallOptions): Promise<boolean> {
    return exists(this.get(volume), options);
  }

  /** Makes a volume, or returns the one that has the name already. */
  async create(request: VolumeCreateRequest = {}, { signal }: CallOptions = {}): Promise<Volume> {
    const { Name } = await this.#caller.call("VolumeCreate", { body: request, signal });
    return this.get(Name);
  }

  /** Removes volumes that no container uses: from API 1.42 the anonymous ones only, unless filtered `all: true`. */
  prune({ filters, signal }: VolumePruneOptions = {}): Promise<VolumePruneResponse> {
    return this.#caller.call("VolumePrune", { query: { filters: filters && toFilters(filters) }, signal });
  }
}
