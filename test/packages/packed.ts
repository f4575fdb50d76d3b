/** The archives as npm would get them. */
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

/** The names of what is published, by the folder of its sources. */
export const PUBLISHED = { sdk: "docker-engine-sdk", lint: "dflint" } as const;

/** Packs a built package into a folder and gives the path of the archive. */
export async function pack(source: keyof typeof PUBLISHED, folder: string): Promise<string> {
  // npm knows no catalog and no workspace versions; pnpm puts real ones into the manifest.
  await run("npx", ["--yes", "pnpm@10.34.9", "pack", "--pack-destination", folder], {
    cwd: join(packages, source),
  });
  const archives = await readdir(folder);
  const name = archives.find((one) => one.startsWith(`${PUBLISHED[source]}-`) && one.endsWith(".tgz"));
  if (name === undefined) throw new Error(`pnpm pack left no archive of ${PUBLISHED[source]}.`);
  return join(folder, name);
}

/** Unpacks an archive into a folder and gives the paths of its files, relative to the package. */
export async function unpack(archive: string, folder: string): Promise<readonly string[]> {
  await run("tar", ["-xzf", archive, "-C", folder, "--strip-components=1"]);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}
