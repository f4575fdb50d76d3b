import { randomBytes } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ConnectionError,
  Docker,
  EngineGoneError,
  type BuildEvent,
  type BuildOptions,
  type Image,
  type Operation,
} from "docker-engine-sdk";
import { proxyTo, type EngineProxy } from "test-support/engine-proxy";
import { engine } from "test-support/engine-under-test";
import { rejection } from "test-support/rejection";
import { tempDir, type TempDir } from "test-support/temp-dir";

type Own = Awaited<ReturnType<typeof engine.startPrivate>>;

let own: Own;
let folder: TempDir;

beforeAll(async () => {
  [own, folder] = await Promise.all([engine.startPrivate(), tempDir()]);
  await writeFile(folder.join(".dockerignore"), "ignored\n");
  await writeFile(folder.join("file"), randomBytes(300_000));
});

afterAll(async () => {
  await own.remove();
  await folder[Symbol.asyncDispose]();
});

const buildConnections = /\/(?:build|session|grpc)(?:\?|\s|$)/;

/** The processes of the machine whose command line has a text, the engine's among them. */
async function processesWith(text: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map(async (pid) => [pid, await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")] as const),
  );
  return lines.flatMap(([pid, line]) => (line.includes(text) ? [pid] : []));
}

/** Milliseconds until no process has the text any more. */
async function goneAfter(text: string): Promise<number> {
  const since = performance.now();
  await expect.poll(() => processesWith(text), patient).toEqual([]);
  return performance.now() - since;
}

/** Uses all that a session has, then runs for ever. */
function endless(
  client: Docker,
  mark: string,
  options: Partial<BuildOptions> = {},
): Operation<BuildEvent, Image> {
  const text = `FROM ${own.image}
COPY . /context/
RUN --mount=type=secret,id=s : ${mark}; cat /run/secrets/s > /dev/null; while :; do echo tick; sleep 0.1; done
`;
  return client.images.build({
    builder: "buildkit",
    context: folder.path,
    dockerfile: { text },
    secrets: { s: async () => mark },
    ...options,
  });
}

/** There to end a test that would hang. */
const patient = { interval: 20, timeout: 100_000 };

// Between the moments that are tried: each costs a build, on every engine.
const stride = 4;

const unique = (): string => `mark-${randomBytes(8).toString("hex")}`;

describe("a build that is stopped at any moment", () => {
  interface Stop {
    /** Whether the build was still to come to this moment when its step had begun to run. */
    readonly isLate: boolean;
    /** Milliseconds until the engine ran nothing of it any more. */
    readonly engineTook: number;
  }

  async function stop(
    act: (build: Operation<BuildEvent, Image>, controller: AbortController) => Promise<boolean>,
    proxy: EngineProxy,
    mark: string,
    options: Partial<BuildOptions>,
  ): Promise<Stop> {
    await using client = new Docker({ host: proxy.host, credentials: {} });
    const controller = new AbortController();
    const isLate = await act(endless(client, mark, { signal: controller.signal, ...options }), controller);
    const engineTook = await goneAfter(mark);
    // Before the first request there is none to close.
    await expect.poll(() => proxy.open(buildConnections), patient).toBe(0);
    return { isLate, engineTook };
  }

  /** Aborts with the n-th piece of bytes on any connection, whatever it is. */
  async function stopAtPiece(moment: number, options: Partial<BuildOptions>): Promise<Stop> {
    const reason = new Error(`stopped at piece ${moment}`);
    let pieces = 0;
    let abort = (): void => undefined;
    await using proxy = await proxyTo(own.host, Infinity, () => {
      if (++pieces === moment) abort();
    });
    const act = async (
      build: Operation<BuildEvent, Image>,
      controller: AbortController,
    ): Promise<boolean> => {
      abort = () => controller.abort(reason);
      let ticks = 0;
      let isLate = false;
      const reading = (async () => {
        for await (const event of build) {
          if (event.type !== "log" || ++ticks < 3) continue;
          isLate = true;
          abort();
        }
      })();
      expect(await rejection(reading)).toBe(reason);
      expect(await rejection(build)).toBe(reason);
      return isLate;
    };
    return await stop(act, proxy, unique(), options);
  }

  /** Leaves the loop at the n-th event. */
  async function leaveAtEvent(moment: number, options: Partial<BuildOptions>): Promise<Stop> {
    await using proxy = await proxyTo(own.host);
    const act = async (build: Operation<BuildEvent, Image>): Promise<boolean> => {
      let events = 0;
      let ticks = 0;
      for await (const event of build) {
        if (event.type === "log") ticks++;
        if (++events === moment || ticks === 3) break;
      }
      expect(await rejection(build)).toMatchObject({ name: "AbortError" });
      return ticks === 3;
    };
    return await stop(act, proxy, unique(), options);
  }

  /** How many files and connections the engine has open. */
  async function openOnEngine(): Promise<number> {
    await using client = new Docker({ host: own.host, credentials: {} });
    return (await client.system.info()).NFd ?? 0;
  }

  test.each([
    ["a piece of bytes", stopAtPiece, {}],
    ["a piece of bytes, through BuildKit's own API", stopAtPiece, { noCache: "no-such-stage" }],
    ["an event", leaveAtEvent, {}],
    ["an event, through BuildKit's own API", leaveAtEvent, { noCache: "no-such-stage" }],
  ] as const)("at %s: runs no longer on the engine, and nothing stays open", async (_, stopAt, options) => {
    await stopAt(1000, options);
    const before = await openOnEngine();
    const took: number[] = [];
    for (let moment = 1; ; moment += stride) {
      const { isLate, engineTook } = await stopAt(moment, options);
      took.push(engineTook);
      if (isLate) break;
    }
    expect(took.length).toBeGreaterThan(5);
    // Not each of them: the machine may be busy for a while.
    expect(took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)]).toBeLessThan(2000);
    // Files of caches are opened once; what a build left open would be as many as there were builds.
    await expect.poll(openOnEngine, patient).toBeLessThan(before + took.length / 2);
  });
});

describe("an engine that", () => {
  async function begun(
    client: Docker,
    mark: string,
    signal?: AbortSignal,
  ): Promise<{ build: Operation<BuildEvent, Image>; events: AsyncIterator<BuildEvent, Image> }> {
    const build = endless(client, mark, { signal });
    const events = build[Symbol.asyncIterator]();
    for (let next = await events.next(); next.done !== true; next = await events.next()) {
      if (next.value.type === "log") break;
    }
    return { build, events };
  }

  async function stopEngine(): Promise<void> {
    for (const pid of await processesWith(own.socketPath)) {
      const command = await readFile(`/proc/${pid}/comm`, "utf8");
      if (command.trim() === "dockerd") process.kill(Number(pid), "SIGSTOP");
    }
  }

  /** Its parent, too, which stops with it. */
  async function continueEngine(): Promise<void> {
    for (const pid of await processesWith(own.socketPath)) process.kill(Number(pid), "SIGCONT");
  }

  test("stands still can be left: the client closes all, the engine stops the build when it goes on", async () => {
    await using proxy = await proxyTo(own.host);
    await using client = new Docker({ host: proxy.host, credentials: {} });
    const controller = new AbortController();
    const reason = new Error("the engine stands still");
    const mark = unique();
    const { events, build } = await begun(client, mark, controller.signal);
    await stopEngine();
    try {
      const waiting = rejection(
        (async () => {
          while ((await events.next()).done !== true);
        })(),
      );
      await sleep(500);
      controller.abort(reason);
      expect(await waiting).toBe(reason);
      expect(await rejection(build)).toBe(reason);
      await proxy.closed(buildConnections);
      expect(await processesWith(mark)).not.toEqual([]);
    } finally {
      await continueEngine();
    }
    await goneAfter(mark);
  });

  test("stands still for a while goes on with the build", async () => {
    await using client = new Docker({ host: own.host, credentials: {} });
    const mark = unique();
    const { events, build } = await begun(client, mark);
    await stopEngine();
    await sleep(4000);
    await continueEngine();
    for (let ticks = 0; ticks < 20; ticks++) expect(await events.next()).toMatchObject({ done: false });
    build.abort();
    await goneAfter(mark);
  });

  test("dies is told as gone, at any moment", async () => {
    for (const moment of [2, 6, 15, 30, 45, Infinity]) {
      let pieces = 0;
      let dying: Promise<void> | undefined;
      const die = (): void => {
        dying ??= own.kill();
      };
      await using proxy = await proxyTo(own.host, Infinity, () => {
        if (++pieces === moment) die();
      });
      await using client = new Docker({ host: proxy.host, credentials: {} });
      const reading = (async () => {
        for await (const event of endless(client, unique())) if (event.type === "log") die();
      })();
      const error = await rejection(reading);
      // Before a connection is there, and after.
      expect([ConnectionError, EngineGoneError].some((type) => error instanceof type)).toBe(true);
      if (moment > 6) expect(error).toBeInstanceOf(EngineGoneError);
      await dying;
      while (proxy.open(buildConnections) > 0) await sleep(10);
      await own.start();
    }
  });
});
