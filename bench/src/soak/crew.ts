/** Workers that do one job after the other, and what becomes of each. */
import { setTimeout as sleep } from "node:timers/promises";
import { DockerError, type Docker } from "docker-engine-sdk";
import { jobs, WrongResult } from "./jobs.ts";
import { label } from "./leftovers.ts";
import type { Outages } from "./outages.ts";

// Milliseconds. A job takes a second or two, on a busy machine perhaps a minute, and an engine some seconds to come back.
const patience = 300_000;
const names = Object.keys(jobs) as (keyof typeof jobs)[];
const aborting = new Error("aborted by the soak");
const hanging = new Error("it did not end");

export class Crew {
  readonly #docker: Docker;
  readonly #image: string;
  readonly #outages: Outages;
  readonly #random: () => number;
  #number = 0;
  /** What must not have happened. */
  readonly wrong: string[] = [];
  /** Numbers of the jobs during which the engine went away: nobody could clean up after them. */
  readonly interrupted = new Set<string>();
  /** Numbers of the builds that were aborted: the steps that they had done stay as cache. */
  readonly abortedBuilds = new Set<string>();
  /** What each job was, by its number. */
  readonly descriptions = new Map<string, string>();
  /** How jobs ended: `done`, `aborted`, and the classes of errors. */
  readonly ends: Record<string, number> = {};

  constructor(docker: Docker, image: string, outages: Outages, random: () => number) {
    this.#docker = docker;
    this.#image = image;
    this.#outages = outages;
    this.#random = random;
  }

  /** Works with so many hands until the time, by `performance.now()`; resolves when all of them have put down. */
  async work(hands: number, until: number): Promise<void> {
    const one = async (): Promise<void> => {
      while (performance.now() < until) await this.#job();
    };
    await Promise.all(Array.from({ length: hands }, one));
  }

  async #job(): Promise<void> {
    await this.#outages.up();
    const number = this.#number++;
    const name = names[Math.floor(this.#random() * names.length)] ?? "run";
    const abort = new AbortController();
    const aborted = this.#random() < 0.12;
    const timer = aborted ? setTimeout(() => abort.abort(aborting), 2000 * this.#random()) : undefined;
    const since = performance.now();
    const job = {
      docker: this.#docker,
      image: this.#image,
      labels: { [label]: String(number) },
      number,
      signal: abort.signal,
    };
    const end = await unlessHung(jobs[name](job)).then(
      () => "done",
      (error: unknown) => error,
    );
    clearTimeout(timer);
    const met = this.#outages.met(since);
    if (met !== "none") this.interrupted.add(String(number));
    this.descriptions.set(String(number), `${name}, ${end instanceof Error ? end.message : String(end)}`);
    this.#count(end === aborting ? "aborted" : end instanceof Error ? end.name : String(end));
    if (aborted && name === "build") this.abortedBuilds.add(String(number));
    if (end === "done" || (end === aborting && aborted)) return;
    // Containers that an engine ends before itself have other results; without an outage nothing may fail at all.
    const isAllowed =
      met !== "none" && (DockerError.is(end) || (met === "orderly" && end instanceof WrongResult));
    if (isAllowed) return;
    const text = end instanceof Error ? (end.stack ?? end.message) : String(end);
    this.wrong.push(
      `job ${number}, ${name}, which met ${met === "none" ? "no outage" : `an outage (${met})`}: ${text}`,
    );
  }

  #count(end: string): void {
    this.ends[end] = (this.ends[end] ?? 0) + 1;
  }
}

async function unlessHung(work: Promise<void>): Promise<void> {
  const stop = new AbortController();
  const hung = sleep(patience, undefined, { signal: stop.signal }).then(() => Promise.reject(hanging));
  hung.catch(() => undefined);
  try {
    await Promise.race([work, hung]);
  } finally {
    stop.abort();
  }
}
