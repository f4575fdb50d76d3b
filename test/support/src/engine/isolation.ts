import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { systemEnvironment } from "./command-line.ts";
import { childOf, identify, type ProcessIdentity } from "./process-table.ts";

/**
 * Runs as the first process of new mount, network and pid namespaces. `/run` is fresh, so nothing of the engine
 * shows up in, or is left over in, the machine's own. Other roots get the engine's folder under its own path, and
 * become the root of the mount namespace: chroot alone leaves the machine's files there, and a process that
 * `docker exec` starts lands among them instead of in its container (seen on 26.1.5).
 */
const firstProcess = `
set -e
root=$1 folder=$2 old=
busybox ip link set lo up
if [ "$root" = / ]; then
  mount -t tmpfs tmpfs /run
else
  mount --bind "$root" "$root"
  mount -t proc proc "$root/proc"
  mount --rbind /sys "$root/sys"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs tmpfs "$root/tmp"
  mount -t tmpfs tmpfs "$root/run"
  base=$(dirname "$folder")
  mkdir -p "$root$base"
  mount -t tmpfs tmpfs "$root$base"
  mkdir "$root$folder"
  mount --bind "$folder" "$root$folder"
  cd "$root"
  pivot_root . mnt
  cd /
  root=/ old=/mnt
fi
# The shell stays as init: waiting for a child that never ends, it also reaps the orphans. Without that a dead
# containerd would be a zombie, and a restarted engine would take it for alive.
# It says it is ready only from its own root: that is where the others are sent.
exec chroot "$root" /bin/sh -c '[ -z "$1" ] || umount -l "$1"; echo ready; exec >/dev/null; while :; do sleep 86400 & wait; done' sh "$old"
`;

/** Makes the namespaces of an engine and answers their first process. */
export async function isolate(root: string, folder: string, outlivesUs: boolean): Promise<ProcessIdentity> {
  const unshare = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
  // If this process dies, the kernel kills unshare, then its child, then everything in the pid namespace.
  const watched = outlivesUs
    ? (["env", ...unshare] as const)
    : (["setpriv", "--pdeathsig", "KILL", ...unshare] as const);
  const [command, ...args] = [...watched, "sh", "-c", firstProcess, "sh", root, folder] as const;
  const log = openSync(join(folder, "isolation.log"), "a");
  const child = spawn(command, args, {
    detached: true,
    env: systemEnvironment(),
    stdio: ["ignore", "pipe", log],
  });
  closeSync(log);
  child.unref();

  let ready = false;
  const lines = child.stdout === null ? [] : createInterface({ input: child.stdout });
  for await (const line of lines) {
    ready = line === "ready";
    if (ready) break;
  }
  child.stdout?.destroy();
  const pid = ready && child.pid !== undefined ? await childOf(child.pid) : undefined;
  const init = pid === undefined ? undefined : await identify(pid);
  if (init === undefined) {
    const said = (await readFile(join(folder, "isolation.log"), "utf8")).trim();
    throw new Error(`could not make namespaces for an engine below ${dirname(folder)}: ${said}`);
  }
  return init;
}

/** Starts a daemon inside the engine's namespaces; it ends with them. Its output goes to `logFile`. */
export function spawnInside(
  init: ProcessIdentity,
  sees: "engine's files" | "machine's files",
  command: readonly string[],
  logFile: string,
): ChildProcess {
  const files = sees === "engine's files" ? ["--mount", "--root", "--wd=/"] : [];
  const nsenter = ["nsenter", "--target", String(init.pid), "--net", "--pid", ...files] as const;
  return spawnDaemon([...nsenter, ...command], logFile);
}

/** Starts a daemon in the machine's own namespaces; the kernel ends it with this process. */
export function spawnBeside(command: readonly string[], logFile: string): ChildProcess {
  return spawnDaemon(["setpriv", "--pdeathsig", "KILL", ...command], logFile);
}

function spawnDaemon([command, ...args]: readonly [string, ...string[]], logFile: string): ChildProcess {
  const log = openSync(logFile, "a");
  const child = spawn(command, args, {
    detached: true,
    env: systemEnvironment(),
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.unref();
  return child;
}

/** Runs a command in the engine's network, with the machine's files and processes. */
export function spawnInNetwork(
  initPid: number,
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): ChildProcess {
  return spawn("nsenter", ["--target", String(initPid), "--net", command, ...args], options);
}

/** Resolves when the daemon answers; throws with the end of its log when it exits first. */
export async function untilAnswers(
  child: ChildProcess,
  logFile: string,
  answers: () => Promise<boolean>,
): Promise<void> {
  let exited = child.exitCode !== null;
  const exit = once(child, "exit").then(() => (exited = true));
  while (!(await answers())) {
    if (exited) {
      const log = (await readFile(logFile, "utf8")).trim().split("\n").slice(-20).join("\n");
      throw new Error(`${child.spawnargs.join(" ")} ended before it answered:\n${log}`);
    }
    await Promise.race([exit, new Promise((resolve) => setTimeout(resolve, 50))]);
  }
}
