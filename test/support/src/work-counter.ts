/** Counts the work that code does, so that a test can compare it without looking at a clock. */
import { Session, type Profiler } from "node:inspector/promises";
import { countNativeWork } from "./native-work.ts";

/** What something did, by names that a person can find the places by. */
export interface Work {
  /** How often each block of code ran. A block is only listed where it ran less often than the one around it. */
  readonly blocks: ReadonlyMap<string, number>;
  /** How much the built-in functions visited that were called at a place; short visits are left out. */
  readonly natives: ReadonlyMap<string, number>;
}

/**
 * Counts how often the engine enters each block of the scripts whose URL holds one of `scripts`, as coverage tools do,
 * and what the built-in functions visit that these scripts call.
 */
export class WorkCounter {
  readonly #session = new Session();
  readonly #scripts: readonly string[];

  private constructor(scripts: readonly string[]) {
    this.#scripts = scripts;
  }

  /** Starts to count. Call {@link stop} at the end. */
  static async start(scripts: readonly string[]): Promise<WorkCounter> {
    const counter = new WorkCounter(scripts);
    counter.#session.connect();
    await counter.#session.post("Profiler.enable");
    await counter.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
    return counter;
  }

  /** Runs something and counts its work. */
  async count(work: () => void): Promise<Work> {
    await this.#session.post("Profiler.takePreciseCoverage"); // what ran before does not count
    const natives = countNativeWork(work, this.#scripts);
    const { result } = await this.#session.post("Profiler.takePreciseCoverage");
    const blocks = new Map<string, number>();
    for (const script of result) {
      if (this.#scripts.some((part) => script.url.includes(part))) addBlocks(script, blocks);
    }
    return { blocks, natives };
  }

  async stop(): Promise<void> {
    await this.#session.post("Profiler.stopPreciseCoverage");
    this.#session.disconnect();
  }
}

function addBlocks({ url, functions }: Profiler.ScriptCoverage, counts: Map<string, number>): void {
  const file = url.split("/").slice(-2).join("/");
  for (const { functionName, ranges } of functions) {
    for (const { startOffset, endOffset, count } of ranges) {
      if (count > 0) counts.set(`${file} ${functionName} ${startOffset}-${endOffset}`, count);
    }
  }
}
