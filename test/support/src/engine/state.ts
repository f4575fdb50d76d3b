import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { identify, isAlive, signalProcess, untilGone, type ProcessIdentity } from "./process-table.ts";
import type { EngineRelease } from "./versions.ts";

/** Names everything the tests make: folders, cgroups, and as a label containers, images, networks and volumes. */
export const label = "docker-engine-sdk.test";

/** On a real disk (data-roots cannot sit on overlay) and short (socket paths end at 107 bytes). */
const stateRoot = `/var/lib/${label}`;

export const cacheRoot = `/var/cache/${label}`;

/** What must be known to find and remove an engine whose owner crashed. */
export interface EngineState {
  readonly version: EngineRelease;
  /** The process that removes the engine; null when `npm run engine -- stop` does. */
  readonly owner: ProcessIdentity | null;
  /** The first process of the engine's pid namespace: when it dies, all that runs inside dies. */
  readonly init?: ProcessIdentity;
  readonly registry?: string;
}

export async function newStateFolder(state: EngineState): Promise<string> {
  await mkdir(stateRoot, { recursive: true });
  const folder = await mkdtemp(join(stateRoot, `${state.version}-`));
  await saveState(folder, state);
  return folder;
}

export async function saveState(folder: string, state: EngineState): Promise<void> {
  const file = join(folder, "state.json");
  await writeFile(`${file}.new`, JSON.stringify(state));
  await rename(`${file}.new`, file);
}

export async function listStates(): Promise<readonly { folder: string; state: EngineState | undefined }[]> {
  const names = await readdir(stateRoot).catch(() => []);
  return Promise.all(
    names.map(async (name) => {
      const folder = join(stateRoot, name);
      const json = await readFile(join(folder, "state.json"), "utf8").catch(() => undefined);
      // Nobody but saveState writes this file, and it writes it whole.
      return { folder, state: json === undefined ? undefined : (JSON.parse(json) as EngineState) };
    }),
  );
}

/** The state of the private engine that listens there; undefined for an engine of somebody else. */
export async function stateOf(host: string): Promise<EngineState | undefined> {
  const states = await listStates();
  return states.find(({ folder }) => host === `unix://${join(folder, "docker.sock")}`)?.state;
}

/** Removes the engines whose owner is gone; answers their folders. */
export async function sweepCrashed(): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const { folder, state } of await listStates()) {
    if (!(await isAbandoned(folder, state))) continue;
    await removeState(folder, state);
    removed.push(folder);
  }
  return removed;
}

/** Ends everything that runs in the engine and deletes everything it wrote. */
export async function removeState(folder: string, state: EngineState | undefined): Promise<void> {
  if (state?.init !== undefined) {
    await thawCgroups(cgroupParent(folder));
    await signalProcess(state.init, "SIGKILL");
    await untilGone(state.init);
  }
  await removeCgroups(cgroupParent(folder));
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

export function cgroupParent(folder: string): string {
  return `${label}-${basename(folder)}`;
}

async function isAbandoned(folder: string, state: EngineState | undefined): Promise<boolean> {
  if (state !== undefined) return state.owner !== null && !(await isAlive(state.owner));
  // Somebody is just making it, or died in that very moment.
  const age = Date.now() - (await stat(folder).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
  return age > 60_000;
}

/** What a paused container runs cannot be killed, and with it nothing that is above it. */
async function thawCgroups(name: string): Promise<void> {
  for (const [tree, file, thawed] of [
    [join("/sys/fs/cgroup/freezer", name), "freezer.state", "THAWED"],
    [join("/sys/fs/cgroup", name), "cgroup.freeze", "0"],
  ] as const) {
    const entries = await readdir(tree, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (entry.name === file) await writeFile(join(entry.parentPath, file), thawed).catch(() => undefined);
    }
  }
}

/** Killed engines leave their (empty) cgroups; version 1 has one tree per controller, version 2 one for all. */
async function removeCgroups(name: string): Promise<void> {
  const root = "/sys/fs/cgroup";
  const controllers = await readdir(root).catch(() => []);
  for (const tree of [join(root, name), ...controllers.map((controller) => join(root, controller, name))]) {
    await removeEmptyTree(tree);
  }
}

async function removeEmptyTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeEmptyTree(join(folder, entry.name));
  // Files of a cgroup cannot be deleted and need not be. One still busy is left: it holds no resources of ours.
  await rmdir(folder).catch(() => undefined);
}

export async function thisProcess(): Promise<ProcessIdentity> {
  return (await identify(process.pid)) ?? { pid: process.pid, started: "" };
}
