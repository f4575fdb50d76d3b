import { texts, type Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { optionsOf } from "../../values/options.ts";

/** What runs builds. */
export interface Worker {
  /** Its id. */
  readonly id: string;
  /** What it says of itself, e.g. its executor and host name. */
  readonly labels: Readonly<Record<string, string>>;
  /** What it can build for, e.g. `linux/amd64`. */
  readonly platforms: readonly string[];
}

/** Which BuildKit it is. */
export interface BuildkitInfo {
  /** e.g. `v0.12.5`; empty where the engine's packager has not set it. */
  readonly version: string;
  /** The commit it was built from; empty where the engine's packager has not set it. */
  readonly revision: string;
}

/** One entry of the build cache. */
export interface CacheRecord {
  /** Its id. */
  readonly id: string;
  /** Its kind, e.g. `regular`, `source.local`, `exec.cachemount`. */
  readonly type: string;
  /** What it holds, e.g. the command of a step. */
  readonly description: string;
  /** Its size, in bytes. */
  readonly size: number;
  /** When it was made. */
  readonly createdAt: Date | undefined;
  /** When it was used last; undefined when it never was. */
  readonly lastUsedAt: Date | undefined;
  /** How often it was used. */
  readonly usageCount: number;
  /** Whether a build uses it now. */
  readonly inUse: boolean;
  /** Whether an image holds it, too. */
  readonly shared: boolean;
  /** Whether it may still change, as mounts of type cache do. */
  readonly mutable: boolean;
  /** The ids of the records that it builds on. */
  readonly parents: readonly string[];
}

/** What of the build cache is told. */
export interface CacheListOptions extends CallOptions {
  /** In BuildKit's words, e.g. `["type==source.local"]`. */
  readonly filters?: readonly string[] | undefined;
}

/** Takes {@link CacheListOptions}. */
export const cacheListOptions: Check = optionsOf<CacheListOptions>('{ filters: ["type==regular"] }', {
  filters: texts("filters", '["type==regular"]'),
});

/** What of the build cache goes. */
export interface CachePruneOptions extends CallOptions {
  /** Also what is internal or shared. Default `false`. */
  readonly all?: boolean | undefined;
  /** In BuildKit's words, e.g. `["type==exec.cachemount"]`. */
  readonly filters?: readonly string[] | undefined;
  /** Milliseconds: what was used within them stays. Default 0. */
  readonly keepDuration?: number | undefined;
  /** Bytes that may stay. Default 0. */
  readonly keepBytes?: number | undefined;
}

/** Takes {@link CachePruneOptions}. */
export const cachePruneOptions: Check = optionsOf<CachePruneOptions>("{ all: true }", {
  all: "boolean",
  filters: texts("filters", '["type==regular"]'),
  keepDuration: "integer",
  keepBytes: "integer",
});

/** A build that the engine remembers. */
export interface BuildRecord {
  /** Its id. */
  readonly ref: string;
  /** What read the Dockerfile, e.g. `dockerfile.v0`. */
  readonly frontend: string;
  /** What the frontend was asked for, by BuildKit's names. */
  readonly attributes: Readonly<Record<string, string>>;
  /** When it began. */
  readonly createdAt: Date | undefined;
  /** Undefined while it runs. */
  readonly completedAt: Date | undefined;
  /** Steps taken from the cache. */
  readonly cachedSteps: number;
  /** Steps that ended, those from the cache too. */
  readonly completedSteps: number;
  /** All its steps. */
  readonly totalSteps: number;
  /** What the exporters said, e.g. `containerimage.digest`. */
  readonly response: Readonly<Record<string, string>>;
}
