import { createHash } from "node:crypto";
import { access, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { debianSuite, ensurePackages, type Say } from "./debian.ts";
import { run } from "./command-line.ts";
import { withLock } from "./lock.ts";
import { cacheRoot } from "./state.ts";
import { releases, type EngineRelease } from "./versions.ts";

/**
 * The folder that holds the root file system of an engine's release: `/` when this machine is that release,
 * else a small Debian of its own, bootstrapped once and kept in the cache.
 */
export async function rootOf(version: EngineRelease, say: Say): Promise<string> {
  const { suite, packages } = releases[version];
  if ((await debianSuite()) === suite) {
    await ensurePackages(packages, say);
    return "/";
  }
  const contents = createHash("sha256").update(packages.join()).digest("hex").slice(0, 8);
  const name = `${version}-${process.arch}-${contents}`;
  const root = join(cacheRoot, name);
  if (await exists(root)) return root;
  await ensurePackages(["mmdebstrap"], say);
  await withLock(`lock-${name}`, async () => {
    if (!(await exists(root))) await bootstrap(version, root, say);
  });
  return root;
}

async function bootstrap(version: EngineRelease, root: string, say: Say): Promise<void> {
  const { suite, packages } = releases[version];
  say(`making a small Debian ${suite} for engine ${version} in ${root}`);
  const unfinished = await mkdtemp(join(cacheRoot, "unfinished-"));
  try {
    await run("mmdebstrap", [
      "--quiet",
      "--mode=root",
      "--variant=minbase",
      // A mirror frozen at some day carries expired release files.
      '--aptopt=Acquire::Check-Valid-Until "false"',
      `--include=${packages.join(",")}`,
      suite,
      unfinished,
    ]);
    await rename(unfinished, root);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
