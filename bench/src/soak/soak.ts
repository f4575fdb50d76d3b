/** Mixed work on an engine that goes away and comes back at random: what must hold all the time, and at the end. */
import { Docker } from "docker-engine-sdk";
import type { PrivateEngine } from "test-support/engine";
import { Crew } from "./crew.ts";
import { leftovers, sweepLeftovers } from "./leftovers.ts";
import { restingMemory } from "./memory.ts";
import { Outages } from "./outages.ts";
import { engineSockets, leftSockets, ownSockets } from "./sockets.ts";

/** How long, how much at a time, and how. */
export interface SoakOptions {
  readonly seconds: number;
  /** Jobs at a time. */
  readonly hands: number;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly say: (text: string) => void;
}

// MiB, at rest after the warm-up and at the end: far above the noise of a heap, far below what leaks make of it.
const growth = { rss: 64, heap: 16 };

/** Resolves with what was wrong: an empty list, if all is well. */
export async function soak(engine: PrivateEngine, options: SoakOptions): Promise<readonly string[]> {
  const { seconds, hands, random, say } = options;
  const sockets = ownSockets();
  const docker = new Docker({ host: engine.host, credentials: {}, env: {} });
  const outages = new Outages(engine, random);
  const crew = new Crew(docker, engine.image, outages, random);
  const { wrong } = crew;
  const known = new Set((await docker.images.list({ all: true })).map(({ Id }) => Id));
  const following = follow(docker);

  const start = performance.now();
  const going = outages.go(Math.max(15_000, seconds * 30));
  await crew.work(hands, start + seconds * 250);
  const warm = await restingMemory();
  say(`warm after ${Math.round((performance.now() - start) / 1000)} s: ${warm.rss} MiB`);
  await crew.work(hands, start + seconds * 1000);
  outages.stop();
  await going;

  const left = await leftovers(docker, known);
  for (const { what, job, isImage } of left) {
    if (isImage && crew.abortedBuilds.has(job ?? "")) continue;
    if (job === undefined || !crew.interrupted.has(job))
      wrong.push(
        `left on the engine: ${what} of job ${job ?? "?"} (${crew.descriptions.get(job ?? "") ?? "unknown"})`,
      );
  }
  await sweepLeftovers(docker);
  for (const { what } of await leftovers(docker, known)) wrong.push(`cannot be removed: ${what}`);
  const events = await following.stop();
  if (events.gaps > outages.count)
    wrong.push(`${events.gaps} gaps in the events, but ${outages.count} outages`);
  if (events.error !== undefined) wrong.push(`following the events ended with an error: ${events.error}`);

  const end = await restingMemory();
  if (end.rss > warm.rss + growth.rss) wrong.push(`RSS grew from ${warm.rss} to ${end.rss} MiB`);
  if (end.heap > warm.heap + growth.heap) wrong.push(`the heap grew from ${warm.heap} to ${end.heap} MiB`);
  await docker.close();
  const own = await leftSockets(ownSockets, sockets);
  if (own > sockets) wrong.push(`${own - sockets} sockets of this process are left`);
  const theirs = await leftSockets(() => engineSockets(engine), 0);
  if (theirs > 0) wrong.push(`${theirs} connections of the engine are left`);
  say(
    `${outages.count} outages; jobs: ${JSON.stringify(crew.ends)}; events: ${events.seen}, gaps: ${events.gaps}; ` +
      `left by jobs that were interrupted: ${left.length}; RSS ${warm.rss} → ${end.rss} MiB, heap ${warm.heap} → ${end.heap} MiB; ` +
      `sockets left: ${own - sockets} here, ${theirs} there`,
  );
  return wrong;
}

interface Followed {
  readonly seen: number;
  readonly gaps: number;
  readonly error: string | undefined;
}

/** One stream of events over all outages. */
function follow(docker: Docker): { stop(): Promise<Followed> } {
  const stop = new AbortController();
  const reason = new Error("enough");
  let seen = 0;
  let gaps = 0;
  const following = (async () => {
    for await (const { Type } of docker.system.events({ reconnect: true, signal: stop.signal })) {
      if (Type === "gap") gaps++;
      else seen++;
    }
    throw new Error("an end");
  })().catch((error: unknown) => error);
  return {
    async stop() {
      stop.abort(reason);
      const error = await following;
      return { seen, gaps, error: error === reason ? undefined : String(error) };
    },
  };
}
