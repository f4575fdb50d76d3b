import type { BuildCacheEntry } from "../../buildkit/cache/cache-entry.ts";
import { UnsupportedError } from "../../errors.ts";
import type { Caller } from "../../transport/call.ts";

/**
 * Only BuildKit on the containerd image store can export a cache other than inline. Engines say of others that they
 * are unknown, after the build.
 *
 * @throws UnsupportedError
 */
export async function checkCacheExports(
  caller: Caller,
  exports: readonly BuildCacheEntry[],
  signal: AbortSignal,
): Promise<void> {
  const other = exports.find(({ type }) => type !== "inline");
  if (other === undefined) return;
  const { Driver, DriverStatus } = await caller.call("SystemInfo", { signal });
  const type = DriverStatus?.find(([name]) => name === "driver-type")?.[1];
  if (type?.startsWith("io.containerd.snapshotter") === true) return;
  const text = `This engine cannot export a cache of type "${other.type}": only "inline" without the containerd image store.`;
  const needs = "the containerd image store";
  throw new UnsupportedError(text, { operation: "ImageBuild", needs, has: `the storage driver ${Driver}` });
}
