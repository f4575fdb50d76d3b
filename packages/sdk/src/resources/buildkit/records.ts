import type { CallOptions } from "../../values/call-options.ts";

/** What runs builds. */
export interface Worker {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** e.g. `linux/amd64` */
  readonly platforms: readonly string[];
}

/** One entry of the build cache. */
export interface CacheRecord {
  readonly id: string;
  /** e.g. `regular`, `source.local`, `exec.cachemount` */
  readonly type: string;
  readonly description: string;
  /** Bytes. */
  readonly size: number;
  readonly createdAt: Date | undefined;
  readonly lastUsedAt: Date | undefined;
  readonly usageCount: number;
  readonly inUse: boolean;
  readonly shared: boolean;
  readonly mutable: boolean;
  readonly parents: readonly string[];
}

export interface CachePruneOptions extends CallOptions {
  /** Also what is internal or shared. Default `false`. */
  readonly all?: boolean | undefined;
  /** e.g. `["type==exec.cachemount"]` */
  readonly filters?: readonly string[] | undefined;
  /** Milliseconds. What was used within them stays. */
  readonly keepDuration?: number | undefined;
  /** Bytes that may stay. */
  readonly keepBytes?: number | undefined;
}

/** A build that the engine remembers. */
export interface BuildRecord {
  readonly ref: string;
  readonly frontend: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly createdAt: Date | undefined;
  /** Undefined while it runs. */
  readonly completedAt: Date | undefined;
  readonly cachedSteps: number;
  readonly completedSteps: number;
  readonly totalSteps: number;
  /** What the exporters said, e.g. `containerimage.digest`. */
  readonly response: Readonly<Record<string, string>>;
}
