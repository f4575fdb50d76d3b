import { ensurePackages, howToGetAnEngine, whyNoPrivateEngine, type Say } from "./debian.ts";
import { withLock } from "./lock.ts";
import { rootOf } from "./roots.ts";
import { sweepCrashed } from "./state.ts";
import type { EngineRelease } from "./versions.ts";

/**
 * Installs what private engines of a release run on, and removes what crashed ones left. Once it has been done it takes
 * no time. Answers the folder of the release's root file system; throws a plain sentence where there can be none.
 */
export async function prepareEngine(version: EngineRelease, say: Say): Promise<string> {
  const reason = await whyNoPrivateEngine();
  if (reason !== undefined) throw new Error(`cannot start engine ${version}: ${reason}. ${howToGetAnEngine}`);
  await withLock("lock-sweep", sweepCrashed);
  await ensurePackages(["busybox-static", "docker-registry"], say);
  return await rootOf(version, say);
}
