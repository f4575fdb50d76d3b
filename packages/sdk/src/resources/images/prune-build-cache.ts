import type { BuildPruneResponse } from "../../generated/models.ts";
import type { Caller } from "../../transport/call.ts";
import type { Check } from "../../values/argument.ts";
import type { CallOptions } from "../../values/call-options.ts";
import { filterOptions, toFilters, type FilterOptions } from "../../values/filters.ts";
import { optionsOf } from "../../values/options.ts";
import { toBytes } from "../../values/size.ts";

/** What of the build cache goes. */
export interface BuildCachePruneOptions extends CallOptions {
  /** Also what is shared or internal. Default `false`. */
  readonly all?: boolean | undefined;
  /** Of what would go, only what matches, e.g. `{ until: "24h", type: "exec.cachemount" }`. Default: all of it. */
  readonly filters?: FilterOptions<"BuildPrune"> | undefined;
  /** Bytes to keep, or text such as `10g`. Until API 1.52; newer engines have `reservedSpace`. */
  readonly keepStorage?: number | string | undefined;
  /** Bytes that are always allowed to stay, or text. Needs API 1.48. */
  readonly reservedSpace?: number | string | undefined;
  /** Bytes that the cache may take, or text. Needs API 1.48. */
  readonly maxUsedSpace?: number | string | undefined;
  /** Bytes of the disk to keep free, or text. Needs API 1.48. */
  readonly minFreeSpace?: number | string | undefined;
}

/** Takes {@link BuildCachePruneOptions}. */
export const buildCachePruneOptions: Check = optionsOf<BuildCachePruneOptions>(
  '{ filters: { until: "24h" } }',
  {
    all: "boolean",
    filters: filterOptions,
    keepStorage: "size",
    reservedSpace: "size",
    maxUsedSpace: "size",
    minFreeSpace: "size",
  },
);

export function pruneBuildCache(
  caller: Caller,
  { all, filters, signal, ...sizes }: BuildCachePruneOptions = {},
): Promise<BuildPruneResponse> {
  const bytes = (name: keyof typeof sizes): number | undefined => {
    const size = sizes[name];
    return size === undefined ? undefined : toBytes(name, size);
  };
  const query = {
    all,
    filters: filters && toFilters(filters),
    "keep-storage": bytes("keepStorage"),
    "reserved-space": bytes("reservedSpace"),
    "max-used-space": bytes("maxUsedSpace"),
    "min-free-space": bytes("minFreeSpace"),
  };
  return caller.call("BuildPrune", { query, signal });
}
