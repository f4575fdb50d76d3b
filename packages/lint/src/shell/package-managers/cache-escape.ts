import { cacheFactsOf } from "../commands.ts";
import type { PackageCall } from "../commands.ts";

/** What surrounds a call and may keep its cache out of the layer. */
export interface CacheSurroundings {
  /** The targets of the RUN's mounts of type cache and tmpfs; relative ones made absolute where that is known. */
  readonly mounts: readonly string[];
  /** The value of an environment variable at the RUN; undefined if it is not set or not known. */
  environment(name: string): string | undefined;
}

/** Why nothing of a cache stays in the layer. */
export type CacheEscape = "option" | "environment" | "mount";

/**
 * Whether the cache of a call stays out of the layer, and by what: an option or a variable turns it off, or a mount lies
 * over the place where it is kept. Undefined if it ends up in the layer.
 */
export function cacheEscape(call: PackageCall, around: CacheSurroundings): CacheEscape | undefined {
  const facts = cacheFactsOf(call.manager);
  const names = new Set(call.options.map((option) => option.name));
  if (facts.offOptions.some((name) => names.has(name))) return "option";
  for (const [name, off] of Object.entries(facts.offVariables)) {
    const value = variableOf(call, around, name);
    if (value !== undefined && off.test(value)) return "environment";
  }
  const moved = movedCache(call, around);
  const places = moved === undefined ? facts.directories : [moved, ...facts.directories];
  return around.mounts.some((mount) => places.some((place) => covers(mount, place))) ? "mount" : undefined;
}

/** The folder that an option or a variable puts the cache of a call into. */
export function movedCache(call: PackageCall, around: CacheSurroundings): string | undefined {
  const { moveOptions, moveVariables } = cacheFactsOf(call.manager);
  return (
    call.options.findLast((option) => moveOptions.includes(option.name))?.value ??
    moveVariables
      .map((name) => variableOf(call, around, name))
      .find((value) => value !== undefined && value !== "")
  );
}

function variableOf(call: PackageCall, around: CacheSurroundings, name: string): string | undefined {
  const { environment } = call.call;
  return environment.has(name) ? environment.get(name) : around.environment(name);
}

/** Whether a mount lies over a folder or a part of it; whose home `~` is, is not known, so any will do. */
function covers(mount: string, place: string): boolean {
  const target = mount.replace(/\/+$/, "");
  if (!place.startsWith("~/")) {
    return target === place || place.startsWith(`${target}/`) || target.startsWith(`${place}/`);
  }
  const tail = place.slice(1);
  if (`${target}/`.includes(`${tail}/`)) return true;
  // Over a folder above it: `/root/.cache` for `~/.cache/pip`.
  for (let at = tail.lastIndexOf("/"); at > 0; at = tail.lastIndexOf("/", at - 1)) {
    if (target.endsWith(tail.slice(0, at))) return true;
  }
  return target === "/root" || /^\/home\/[^/]+$/.test(target);
}
