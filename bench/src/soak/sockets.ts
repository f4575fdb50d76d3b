/** Connections to an engine, counted on both of their sides. */
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { PrivateEngine } from "test-support/engine";

/** Sockets and pipes that this process holds. */
export function ownSockets(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "PipeWrap" || kind === "TCPSocketWrap")
    .length;
}

// Column 6 of /proc/net/unix, of a socket that is connected.
const connected = "03";

/** Connections that the engine has accepted and not closed. */
export async function engineSockets({ networkPid, socketPath }: PrivateEngine): Promise<number> {
  const table = await readFile(`/proc/${networkPid}/net/unix`, "utf8");
  return table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[5] === connected && columns[7] === socketPath).length;
}

/** How many are left when they do not get fewer any more: to be closed takes them a moment. */
export async function leftSockets(count: () => number | Promise<number>, expected: number): Promise<number> {
  let left = await count();
  for (let turn = 0; turn < 300 && left > expected; turn++) {
    await sleep(100);
    left = await count();
  }
  return left;
}
