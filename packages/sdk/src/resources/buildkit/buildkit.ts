import type { Operation } from "../../operation.ts";
import type { BuildEvent } from "../../progress/event.ts";
import { text } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { callOptions } from "../../values/options.ts";
import { checkArguments } from "../check-arguments.ts";
import type { BuildTools } from "../images/build-tools.ts";
import {
  cacheListOptions,
  cachePruneOptions,
  type BuildkitInfo,
  type BuildRecord,
  type CacheListOptions,
  type CachePruneOptions,
  type CacheRecord,
  type Worker,
} from "./records.ts";
import { solveOptions, type SolveOptions, type SolveResult } from "./solve-options.ts";
import { solveOperation } from "./solve.ts";
import {
  subrequestOptions,
  type LintResult,
  type OutlineResult,
  type SubrequestOptions,
  type TargetsResult,
} from "./subrequest-results.ts";

/**
 * BuildKit's own API on an engine: what `docker buildx` speaks. Each call opens a connection of its own. Images are
 * built by `images.build`.
 */
export class Buildkit {
  static {
    checkArguments(Buildkit, "buildkit", {
      promises: {
        listWorkers: [callOptions],
        info: [callOptions],
        diskUsage: [cacheListOptions],
        prune: [cachePruneOptions],
        history: [callOptions],
        lint: [subrequestOptions],
        outline: [subrequestOptions],
        targets: [subrequestOptions],
      },
      direct: { status: [text("ref", '"my-build"'), callOptions], solve: [solveOptions] },
    });
  }

  readonly #tools: BuildTools;

  constructor(tools: BuildTools) {
    this.#tools = tools;
  }

  /** What runs builds: one worker on an engine. */
  async listWorkers({ signal }: CallOptions = {}): Promise<readonly Worker[]> {
    return (await control()).listWorkers(this.#tools.caller, signal);
  }

  /** The version of the engine's BuildKit. @throws UnsupportedError before Docker 23 */
  async info({ signal }: CallOptions = {}): Promise<BuildkitInfo> {
    return (await control()).info(this.#tools.caller, signal);
  }

  /** What the build cache holds, record by record; `system.df` tells it with what else takes disk space. */
  async diskUsage({ filters, signal }: CacheListOptions = {}): Promise<readonly CacheRecord[]> {
    return (await control()).diskUsage(this.#tools.caller, filters, signal);
  }

  /**
   * Removes what the cache need not keep. `images.pruneBuildCache` does so by the engine's own API, with more limits.
   * @returns what was removed
   */
  async prune(options: CachePruneOptions = {}): Promise<readonly CacheRecord[]> {
    return (await control()).prune(this.#tools.caller, options);
  }

  /** The builds the engine remembers, the newest last. @throws UnsupportedError before Docker 23 */
  async history({ signal }: CallOptions = {}): Promise<readonly BuildRecord[]> {
    return (await control()).history(this.#tools.caller, signal);
  }

  /** Follows a build by its `ref`, which whoever started it has chosen. Ends with it. */
  status(ref: string, { signal }: CallOptions = {}): AsyncGenerator<BuildEvent, void, void> {
    const { caller } = this.#tools;
    return (async function* () {
      yield* (await control()).status(caller, ref, signal);
    })();
  }

  /**
   * Builds with exactly these exporters and attributes of the frontend.
   *
   * ```ts
   * const { response } = await docker.buildkit.solve({ context: ".", attributes: { target: "test" } });
   * ```
   *
   * @throws BuildError
   */
  solve(options: SolveOptions): Operation<BuildEvent, SolveResult> {
    return solveOperation(this.#tools, options);
  }

  /**
   * BuildKit's own check of a Dockerfile; nothing is built or pulled.
   * @throws UnsupportedError before Docker 27
   */
  async lint(options: SubrequestOptions): Promise<LintResult> {
    return (await subrequests()).lint(this.#tools, options);
  }

  /** The arguments, secrets and ssh agents that a target takes. @throws UnsupportedError before Docker 23 */
  async outline(options: SubrequestOptions): Promise<OutlineResult> {
    return (await subrequests()).outline(this.#tools, options);
  }

  /** The stages of a Dockerfile. @throws UnsupportedError before Docker 23 */
  async targets(options: SubrequestOptions): Promise<TargetsResult> {
    return (await subrequests()).targets(this.#tools, options);
  }
}

// Loaded when they are needed, like all that speaks gRPC.
const control = () => import("./control.ts");
const subrequests = () => import("./subrequests.ts");
