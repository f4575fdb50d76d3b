import { readFileSync } from "node:fs";

/**
 * Watches what a process and its children hold in memory, for programs that cannot be asked. What a process takes in the
 * last moments of its life may go unseen.
 */
export class PeakMemory {
  readonly #peaks = new Map<number, number>();
  #timer: NodeJS.Timeout | undefined;

  watch(pid: number): void {
    this.#timer = setInterval(() => this.#look(pid, false), 10);
  }

  /** In MB; undefined when nothing was seen. */
  stop(): number | undefined {
    clearInterval(this.#timer);
    if (this.#peaks.size === 0) return undefined;
    return [...this.#peaks.values()].reduce((sum, peak) => sum + peak, 0);
  }

  #look(pid: number, counts: boolean): void {
    try {
      if (counts) {
        const [, kilobytes] =
          /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1")) ?? [];
        if (kilobytes !== undefined) this.#peaks.set(pid, Number(kilobytes) / 1024);
      }
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim();
      for (const child of children.split(" ")) if (child !== "") this.#look(Number(child), true);
    } catch {
      // It has ended, or this system does not tell.
    }
  }
}
