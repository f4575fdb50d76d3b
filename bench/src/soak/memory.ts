import { setTimeout as sleep } from "node:timers/promises";

/** What this process holds when it does nothing, in MiB. */
export interface RestingMemory {
  readonly rss: number;
  readonly heap: number;
}

/** @throws Error without `--expose-gc` */
export async function restingMemory(): Promise<RestingMemory> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("run node with --expose-gc");
  // What is freed by one may let go of more, and what undici waits for takes seconds.
  for (let turn = 0; turn < 5; turn++) {
    await sleep(200);
    gc();
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { rss: Math.round(rss / 2 ** 20), heap: Math.round(heapUsed / 2 ** 20) };
}
