/** The archives as npm would get them. */
import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The names of what is published, by the folder of its sources. */
export const PUBLISHED = { sdk: "docker-engine-sdk", lint: "dflint" } as const;

/** Packs both built packages into a folder, as the release does, and gives the paths of the archives. */
export async function packAll(folder: string): Promise<Readonly<Record<keyof typeof PUBLISHED, string>>> {
  await run(fileURLToPath(new URL("../../.ci/pack", import.meta.url)), [folder]);
  const archives = await readdir(folder);
  const pathOf = (name: string): string => {
    const archive = archives.find((one) => one.startsWith(`${name}-`) && one.endsWith(".tgz"));
    if (archive === undefined) throw new Error(`.ci/pack left no archive of ${name}.`);
    return join(folder, archive);
  };
  return { sdk: pathOf(PUBLISHED.sdk), lint: pathOf(PUBLISHED.lint) };
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
