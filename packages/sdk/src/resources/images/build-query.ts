import type { CallParameters } from "../../generated/operations.ts";
import { isList, toList } from "../../values/list.ts";
import { toPlatformText } from "../../values/platform.ts";
import { formatFamiliar } from "../../values/reference.ts";
import { toBytes } from "../../values/size.ts";
import type { BuildOptions, ExportBuildOptions } from "./build-options.ts";
import { cacheImages } from "./build-cache.ts";
import { parseTarget } from "./target.ts";

export type BuildQuery = NonNullable<CallParameters<"ImageBuild">["query"]>;

/** The options that travel in the query, in the engine's words. @throws TypeError or RangeError for a malformed one. */
export function toBuildQuery(options: BuildOptions | ExportBuildOptions): BuildQuery {
  const { platform, extraHosts, ulimits, noCache } = options;
  // BuildKit would take it for all stages.
  if (typeof noCache !== "boolean" && toList(noCache).includes("")) {
    throw new TypeError('Argument "noCache" must be true, false or names of stages, none of them empty.');
  }
  const bytes = (name: "shmSize" | "memory" | "memorySwap"): number | undefined => {
    const size = options[name];
    // Unlimited has no size.
    return size === undefined || size === -1 ? size : toBytes(name, size);
  };
  return {
    t: toList(options.tags).map((tag) => formatFamiliar(parseTarget(tag, "tags"))),
    buildargs: options.buildArgs,
    labels: options.labels,
    target: options.target,
    platform: toPlatformText(platform),
    networkmode: options.network,
    extrahosts: toHosts(extraHosts),
    nocache: typeof noCache === "boolean" ? noCache : undefined,
    pull: options.pull,
    cachefrom: cacheImages(options.cacheFrom),
    shmsize: bytes("shmSize"),
    memory: bytes("memory"),
    memswap: bytes("memorySwap"),
    cpushares: options.cpuShares,
    cpusetcpus: options.cpusetCpus,
    cpusetmems: options.cpusetMems,
    cpuperiod: options.cpuPeriod,
    cpuquota: options.cpuQuota,
    ulimits: ulimits?.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
    cgroupparent: options.cgroupParent,
    securityopt: options.securityOpt,
    squash: options.squash,
  };
}

function toHosts(hosts: BuildOptions["extraHosts"]): readonly string[] | undefined {
  if (hosts === undefined || isList(hosts)) return hosts;
  return Object.entries(hosts).map(([name, address]) => `${name}:${address}`);
}
