import type {
  ContainerCreateRequest,
  ContainerPruneResponse,
  ContainerSummary,
} from "../../generated/models.ts";
import type { Operation } from "../../operation.ts";
import type { OutputChunk } from "../../streams/multiplex.ts";
import type { Caller } from "../../transport/call.ts";
import { record } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { filterOptions, toFilters, type FilterOptions } from "../../values/filters.ts";
import { ref, toId, type Ref } from "../../values/id.ts";
import { callOptions, optionsOf } from "../../values/options.ts";
import { checkArguments } from "../check-arguments.ts";
import { exists } from "../exists.ts";
import type { Images } from "../images/images.ts";
import { Container } from "./container.ts";
import { create, createOptions, type ContainerCreateOptions } from "./create.ts";
import { run, runOptions, type RunOptions, type RunResult } from "./run.ts";
import { start, startOptions, type StartOptions } from "./start.ts";

/** Which containers are listed, and how much is told of them. */
export interface ContainerListOptions extends CallOptions {
  /** Also those that do not run. Default `false`. */
  readonly all?: boolean | undefined;
  /** Only so many, the newest, whether they run or not. Default: no limit. */
  readonly limit?: number | undefined;
  /** Adds their sizes, which takes the engine a while. Default `false`. */
  readonly size?: boolean | undefined;
  /** Only what matches, e.g. `{ label: "a=b", status: ["exited", "dead"] }`. Default: all. */
  readonly filters?: FilterOptions<"ContainerList"> | undefined;
}

/** Which containers go. */
export interface ContainerPruneOptions extends CallOptions {
  /** Of what would go, only what matches, e.g. `{ until: "24h" }`. Default: all of it. */
  readonly filters?: FilterOptions<"ContainerPrune"> | undefined;
}

const listOptions = optionsOf<ContainerListOptions>("{ all: true }", {
  all: "boolean",
  limit: "integer",
  size: "boolean",
  filters: filterOptions,
});
const pruneOptions = optionsOf<ContainerPruneOptions>('{ filters: { until: "24h" } }', {
  filters: filterOptions,
});

/** The containers of an engine. */
export class Containers {
  static {
    checkArguments(Containers, "containers", {
      promises: {
        list: [listOptions],
        exists: [ref("container"), callOptions],
        create: [record("request", '{ Image: "alpine", Cmd: ["ls", "-l"] }'), createOptions],
        start: [startOptions],
        prune: [pruneOptions],
      },
      direct: { get: [ref("container")], run: [runOptions] },
    });
  }

  readonly #caller: Caller;
  readonly #images: Images;

  constructor(caller: Caller, images: Images) {
    this.#caller = caller;
    this.#images = images;
  }

  /** The containers that run; with `all` those that do not, too. */
  list({ all, limit, size, filters, signal }: ContainerListOptions = {}): Promise<
    readonly ContainerSummary[]
  > {
    const query = { all, limit, size, filters: filters && toFilters(filters) };
    return this.#caller.call("ContainerList", { query, signal });
  }

  /** The handle of a container, by id or name; asks nothing of the engine. */
  get(container: Ref): Container {
    // Lists and inspect answers give names with a slash before them.
    return new Container(this.#caller, this.#images, toId(container, "container").replace(/^\//, ""));
  }

  /** Whether the engine has it. */
  exists(container: Ref, options?: CallOptions): Promise<boolean> {
    return exists(this.get(container), options);
  }

  /**
   * Creates a container from the engine's own request. `run` takes kinder words.
   * @throws ConflictError when the name is taken
   * @throws NotFoundError when the image does not exist and must not or cannot be pulled
   */
  create(request: ContainerCreateRequest, options?: ContainerCreateOptions): Promise<Container> {
    return create(this.#caller, this.#images, request, options);
  }

  /**
   * Runs a container to its end: its events are the chunks it writes, its result the exit code and the output.
   * Leaving the loop, aborting, and disposing of the client kill and remove it.
   *
   * ```ts
   * const { stdout } = await docker.containers.run({ image: "busybox", command: ["uname", "-m"] });
   * ```
   *
   * @throws ContainerExitError for a code other than 0, unless `check` is `false`
   * @throws EngineGoneError when the engine dies meanwhile
   */
  run(options: RunOptions): Operation<OutputChunk, RunResult> {
    return run(this.#caller, this.#images, options);
  }

  /**
   * Creates a container and starts it, to go on in the background. It is removed when it cannot be started.
   *
   * ```ts
   * const web = await docker.containers.start({ image: "nginx", name: "web", ports: ["8080:80"] });
   * ```
   *
   * @throws ConflictError when the name is taken
   * @throws NotFoundError when the image does not exist and must not or cannot be pulled
   * @throws InvalidRequestError when its program cannot be started
   * @throws ServerError when the engine cannot set it up, e.g. because a port is taken
   */
  start(options: StartOptions): Promise<Container> {
    return start(this.#caller, this.#images, options);
  }

  /** Removes all containers that do not run. @returns their ids and how many bytes that freed */
  prune({ filters, signal }: ContainerPruneOptions = {}): Promise<ContainerPruneResponse> {
    return this.#caller.call("ContainerPrune", { query: { filters: filters && toFilters(filters) }, signal });
  }
}
