import { setTimeout as sleep } from "node:timers/promises";
import type { PrivateEngine } from "test-support/engine";

/** Until when an engine was away, by `performance.now()`. */
interface Outage {
  readonly isKill: boolean;
  until: number;
}

/** Ends an engine at random and brings it back, until it is told to stop. */
export class Outages {
  readonly #engine: PrivateEngine;
  readonly #random: () => number;
  readonly #stop = new AbortController();
  readonly #all: Outage[] = [];
  #up: Promise<void> = Promise.resolve();

  /** @param random between 0 and 1 */
  constructor(engine: PrivateEngine, random: () => number) {
    this.#engine = engine;
    this.#random = random;
  }

  get count(): number {
    return this.#all.length;
  }

  /** Resolves when the engine answers. */
  up(): Promise<void> {
    return this.#up;
  }

  /** Whether work that lasts since then has met an outage: none, one that let nothing end well, or an orderly one. */
  met(since: number): "none" | "kill" | "orderly" {
    const met = this.#all.filter(({ until }) => until >= since);
    if (met.length === 0) return "none";
    return met.every(({ isKill }) => isKill) ? "kill" : "orderly";
  }

  /** @param pause the longest time between two outages, in milliseconds. */
  async go(pause: number): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await sleep(pause * (0.4 + 0.6 * this.#random()), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      this.#up = this.#once();
      await this.#up;
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  async #once(): Promise<void> {
    // A third is stopped in order, which ends streams and containers in another way.
    const isKill = this.#random() < 0.67;
    const outage: Outage = { isKill, until: Number.POSITIVE_INFINITY };
    this.#all.push(outage);
    if (isKill) await this.#engine.kill();
    else await this.#engine.terminate();
    await sleep(1000 * this.#random());
    await this.#engine.start();
    outage.until = performance.now();
  }
}
