import { readdir, readFile, readlink } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

/** A pid alone may belong to somebody else after a while; with the start time it names one process for good. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot. */
  readonly started: string;
}

/** Undefined when there is no such process, or only its zombie. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const fields = await statFields(pid);
  const [state] = fields ?? [];
  const started = fields?.[19];
  if (started === undefined || state === "X") return undefined;
  // The first thread of a dying process is a zombie while others still hold its sockets.
  if (state === "Z" && (await readdir(`/proc/${pid}/task`).catch(() => [])).length <= 1) return undefined;
  return { pid, started };
}

export async function isAlive({ pid, started }: ProcessIdentity): Promise<boolean> {
  return (await identify(pid))?.started === started;
}

/** Signals the process if it still is the one that was meant. */
export async function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  if (!(await isAlive(identity))) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

export async function untilGone(identity: ProcessIdentity): Promise<void> {
  while (await isAlive(identity)) await setTimeout(20);
}

export async function childOf(parent: number): Promise<number | undefined> {
  for (const pid of await allPids()) {
    if ((await statFields(pid))?.[1] === String(parent)) return pid;
  }
  return undefined;
}

/** Processes of this name in the pid namespace of `member`. */
export async function namesakesIn(member: number, name: string): Promise<readonly ProcessIdentity[]> {
  const namespace = await pidNamespace(member);
  if (namespace === undefined) return [];
  const found: ProcessIdentity[] = [];
  for (const pid of await allPids()) {
    const comm = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
    if (comm.trim() !== name || (await pidNamespace(pid)) !== namespace) continue;
    const identity = await identify(pid);
    if (identity !== undefined) found.push(identity);
  }
  return found;
}

async function allPids(): Promise<readonly number[]> {
  return (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
}

async function pidNamespace(pid: number): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/pid`).catch(() => undefined);
}

/** What follows the command name in /proc/PID/stat (the name may hold spaces and parentheses): state, parent, … */
async function statFields(pid: number): Promise<readonly string[] | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}
