import type { BuildContext } from "../../build-context/build-context.ts";
import type { DockerfileSource } from "../../build-context/dockerfile.ts";
import type { SecretSource } from "../../buildkit/secret-sources.ts";
import type { SshSource } from "../../buildkit/ssh-sources.ts";
import type { AuthConfig } from "../../generated/models.ts";
import type { CallOptions } from "../../values/call-options.ts";
import type { CacheSource, CacheTarget } from "./build-cache.ts";
import type { BuildOutput } from "./build-output.ts";

/** What is built, and how. */
export interface BuildOptions extends CallOptions {
  /** A folder, `{ tar }`, `{ files }`, `{ remote }`, or `"none"` when the Dockerfile needs no files. */
  readonly context: BuildContext;
  /**
   * A path, also outside the context, or `{ text }`. Default `Dockerfile` in the context. With a URL as the context
   * `{ text }` needs BuildKit.
   */
  readonly dockerfile?: DockerfileSource | undefined;
  /** Names for the image, e.g. `app:1`. Default: it has only its id. */
  readonly tags?: string | readonly string[] | undefined;
  /** Values for `ARG`; `null` takes the Dockerfile's. */
  readonly buildArgs?: Readonly<Record<string, string | null>> | undefined;
  /** Labels of the image, over those of the Dockerfile. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** The stage to build. Default: the last. */
  readonly target?: string | undefined;
  /** The platform to build for, e.g. `linux/arm64`. Default: the engine's own. */
  readonly platform?: string | undefined;
  /** Network of `RUN`: a name, `none` or `host`. Default: the builder's own. */
  readonly network?: string | undefined;
  /**
   * Lines for `/etc/hosts` in `RUN`: `{ name: "10.0.0.1" }` or `["name:10.0.0.1"]`. The address `host-gateway` is that
   * of the engine's machine.
   */
  readonly extraHosts?: Readonly<Record<string, string>> | readonly string[] | undefined;
  /** Runs every step anew, or with BuildKit those of the stages named. Default `false`. */
  readonly noCache?: boolean | string | readonly string[] | undefined;
  /** Looks for newer base images. Default `false`. */
  readonly pull?: boolean | undefined;
  /** Images whose layers may be reused; with BuildKit also other places. Default: what the engine has built. */
  readonly cacheFrom?: CacheSource | undefined;
  /**
   * Where the cache is left for others: `inline`, in the image; or, on engines with the containerd image store, e.g.
   * `{ type: "registry", attrs: { ref: "ghcr.io/org/app:cache", mode: "max" } }`. BuildKit only.
   */
  readonly cacheTo?: CacheTarget | undefined;
  /**
   * More contexts by name, for `FROM name` and `COPY --from=name`: folders, or with their scheme what the engine
   * fetches, e.g. `docker-image://busybox`. BuildKit since Docker 23 only.
   */
  readonly contexts?: Readonly<Record<string, string>> | undefined;
  /** Size of `/dev/shm` in `RUN`: bytes, or text such as `128m`. Default: the engine's, 64 MiB. */
  readonly shmSize?: number | string | undefined;
  /** The most memory of `RUN`: bytes, or text such as `512m`. Default: no limit. Classic builder only. */
  readonly memory?: number | string | undefined;
  /** The same with swap; `-1` is unlimited. Default: the engine's, twice `memory`. Classic builder only. */
  readonly memorySwap?: number | string | undefined;
  /** The weight of `RUN` among others for CPU time. Default 1024. Classic builder only. */
  readonly cpuShares?: number | undefined;
  /** CPUs that `RUN` may use, e.g. `0-2,4`. Default: all. Classic builder only. */
  readonly cpusetCpus?: string | undefined;
  /** Memory nodes that `RUN` may use, e.g. `0-1`. Default: all. Classic builder only. */
  readonly cpusetMems?: string | undefined;
  /** The time, in microseconds, that `cpuQuota` is a part of. Default: the kernel's. Classic builder only. */
  readonly cpuPeriod?: number | undefined;
  /** Microseconds of CPU time that `RUN` may use per `cpuPeriod`. Default: no limit. Classic builder only. */
  readonly cpuQuota?: number | undefined;
  /** Limits of the processes in `RUN`, e.g. `[{ name: "nofile", soft: 1024, hard: 4096 }]`. */
  readonly ulimits?:
    | readonly { readonly name: string; readonly soft: number; readonly hard: number }[]
    | undefined;
  /** The cgroup that `RUN` is put below. Default: the engine's. */
  readonly cgroupParent?: string | undefined;
  /** Security options of `RUN`, e.g. `["seccomp=unconfined"]`. Default: the engine's. Classic builder only. */
  readonly securityOpt?: readonly string[] | undefined;
  /** Makes one layer of all new ones; for engines in experimental mode. Default `false`. Classic builder only. */
  readonly squash?: boolean | undefined;
  /**
   * Credentials for the registries of base images, over those that the client has; `{}` for a registry pulls from it
   * as nobody.
   */
  readonly auth?: Readonly<Record<string, AuthConfig>> | undefined;
  /**
   * For `RUN --mount=type=secret,id=…`, by id, e.g. `{ token: { file: "/run/token" }, npm: { env: "NPM_TOKEN" } }`.
   * At most 500 KiB each, as far as all engines go. BuildKit only.
   */
  readonly secrets?: Readonly<Record<string, SecretSource>> | undefined;
  /**
   * For `RUN --mount=type=ssh`, by id; a mount without one is `default`: `{ default: true }` lends it the agent at
   * `SSH_AUTH_SOCK`, `{ default: { keys: "/path/of/a/key" } }` a key. BuildKit only.
   */
  readonly ssh?: Readonly<Record<string, SshSource>> | undefined;
  /**
   * Which of the engine's builders. Default `auto`: BuildKit, unless an option needs the classic one.
   */
  readonly builder?: "auto" | "buildkit" | "classic" | undefined;
  /** Where the result goes: `"image"`, into the engine's images. For other places see {@link ExportBuildOptions}. */
  readonly output?: "image" | undefined;
}

/** A build whose result is no image of the engine's. */
export interface ExportBuildOptions extends Omit<BuildOptions, "output"> {
  /** `{ local: "./out" }`, a folder; `{ tar: "out.tar" }`, a tar; or `"none"`: it only fills the cache. BuildKit only. */
  readonly output: Exclude<BuildOutput, "image">;
}

/** A build that has begun, wherever its result goes. */
export type RunningBuildOptions = (BuildOptions | ExportBuildOptions) & { readonly signal: AbortSignal };
