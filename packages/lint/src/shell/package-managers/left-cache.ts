/** Whether the cache of a package manager stays in a layer. */
import { cacheEscape, movedCache, type CacheSurroundings } from "./cache-escape.ts";
import { cacheFactsOf, optionOf, packageCallsOf, type PackageCall } from "../commands.ts";
import type { Script } from "../nodes.ts";
import { clearsAfter } from "../removed-paths.ts";

/**
 * The calls that install something with a manager and leave what it downloaded in the layer: nothing keeps it out, and
 * nothing below clears it.
 */
export function callsThatLeaveCaches(
  manager: PackageCall["manager"],
  script: Script,
  around: CacheSurroundings,
): readonly PackageCall[] {
  const calls = packageCallsOf(script).filter((call) => call.manager === manager);
  const lastClean = calls.findLast(({ action }) => action === "clean")?.call.command.index ?? -1;
  return calls.filter((call) => {
    const { index } = call.call.command;
    if (call.action !== "install" && call.action !== "upgrade") return false;
    if (optionOf(call, "--help", "-h") !== undefined || cacheEscape(call, around) !== undefined) return false;
    if (lastClean > index) return false;
    const moved = movedCache(call, around);
    const places = moved === undefined ? cacheFactsOf(manager).directories : [moved];
    return !places.some((place) => clearsAfter(script, index, place));
  });
}
