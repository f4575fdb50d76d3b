/** Who made something on an engine: a label's value by which a later run knows whether that process still lives. */
import { createHash, randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** The label on all that dflint makes. */
export const RUN_LABEL = "dflint.run";

/** After this even what another machine made is taken for left behind: nobody builds for so long. Milliseconds. */
const OLDEST = 48 * 3_600_000;

/** `PLACE.PID.START.TIME.RANDOM`; the start of a process tells it from a later one with its number. */
export function newRunId(now: number = Date.now()): string {
  const { pid } = process;
  return [place(), pid, startOf(pid) ?? "", now.toString(36), randomBytes(6).toString("hex")].join(".");
}

/** Whether what carries this label has been left behind by a process that is no more. */
export function isLeftBehind(runId: string, now: number = Date.now()): boolean {
  const [where = "", pid = "", start = "", time = ""] = runId.split(".");
  const age = now - Number.parseInt(time, 36);
  if (Number.isNaN(age) || runId.split(".").length !== 5) return false;
  if (age > OLDEST) return true;
  if (where !== place() || !/^\d+$/.test(pid)) return false;
  return !isAlive(Number(pid), start);
}

function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // One of somebody else's may not be signalled, and is there.
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
  }
  const now = startOf(pid);
  return start === "" || now === undefined || now === start;
}

/** The machine, its boot and the set of processes in which a number means a process. */
function place(): string {
  const parts = [hostname(), read(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8"))];
  parts.push(read(() => readlinkSync("/proc/self/ns/pid")));
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 12);
}

/** When a process began, in the kernel's ticks; undefined where the system does not tell. */
function startOf(pid: number): string | undefined {
  const stat = read(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The name of the program, in brackets, may hold blanks and brackets.
  const [, ...fields] = stat.slice(stat.lastIndexOf(")")).split(" ");
  return fields[19];
}

function read(work: () => string): string {
  try {
    return work();
  } catch {
    return "";
  }
}
