import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { cacheRoot } from "./state.ts";

/**
 * Lets one process at a time do what has this name. flock(1) holds the lock for as long as our end of its pipe is
 * open, so the lock of a crashed process is free at once.
 */
export async function withLock<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  await mkdir(cacheRoot, { recursive: true });
  const holder = spawn("flock", [join(cacheRoot, name), "sh", "-c", "echo locked; cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(holder, "exit");
  await Promise.race([once(holder.stdout, "data"), exited]);
  if (holder.exitCode !== null) throw new Error(`cannot lock ${cacheRoot}`);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await exited;
  }
}
