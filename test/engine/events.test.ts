import { describe, expect, test } from "vitest";
import { Docker, EngineGoneError, type EventGap, type models } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { proxyTo } from "test-support/engine-proxy";
import { startFakeEngine } from "test-support/fake-engine";
import { removedAfter } from "test-support/removed-after";

type Event = models.EventMessage;

const docker = new Docker({ host: engine.host });
const { image } = engine;

let count = 0;
function marked(): { labels: Record<string, string>; filters: Record<string, string> } {
  const mark = `events-${process.pid}-${Date.now()}-${count++}`;
  return { labels: { [label]: "events", mark }, filters: { label: `mark=${mark}` } };
}

/** Seconds by the engine's clock. */
async function engineNow(): Promise<number> {
  return Date.parse((await docker.system.info()).SystemTime ?? "") / 1000;
}

describe.concurrent("events", () => {
  test("tell what happens, as it happens, filtered", async () => {
    const { labels, filters } = marked();
    const since = await engineNow();
    await using box = removedAfter(
      await docker.containers.create({ Image: image, Cmd: ["sh", "-c", "exit 3"], Labels: labels }),
    );
    const events = docker.system.events({
      since,
      filters: { ...filters, type: "container", event: ["create", "start", "die"] },
    });
    const seen: string[] = [];
    for await (const { Action, Actor } of events) {
      expect(Actor.ID).toBe(box.id);
      seen.push(Action);
      if (Action === "create") await box.start();
      if (Action !== "die") continue;
      expect(Actor.Attributes).toMatchObject({ exitCode: "3", image });
      break;
    }
    expect(seen).toEqual(["create", "start", "die"]);
  });

  test("end at `until`", async () => {
    const { labels, filters } = marked();
    const since = await engineNow();
    await docker.containers.run({ image, labels, command: ["true"] });
    const until = (await engineNow()) + 1;
    const actions: string[] = [];
    for await (const { Action } of docker.system.events({ since, until, filters })) actions.push(Action);
    expect(actions).toEqual(expect.arrayContaining(["create", "start", "die", "destroy"]));
    expect(await docker.system.events({ since, until, filters }).first()).toMatchObject({ Action: "create" });
  });

  test("a malformed time is refused before anything is asked", async () => {
    await expect(docker.system.events({ since: "yesterday" }).first()).rejects.toBeInstanceOf(RangeError);
    await expect(docker.system.events({ until: Number.NaN }).first()).rejects.toThrow('"until"');
  });

  test("an abort is thrown as it is, and closes the connection", async () => {
    await using proxy = await proxyTo(engine.host);
    await using through = new Docker({ host: proxy.host });
    for (const reconnect of [false, true] as const) {
      const controller = new AbortController();
      const reason = new Error("enough");
      const { filters } = marked();
      const options = { filters, signal: controller.signal };
      const events: AsyncIterable<unknown> = reconnect
        ? through.system.events({ ...options, reconnect })
        : through.system.events(options);
      const reading = (async () => {
        for await (const _ of events);
      })();
      await proxy.requested(/\/events\?/);
      controller.abort(reason);
      await expect(reading).rejects.toBe(reason);
      await proxy.closed(/\/events\?/);
    }
  });
});

function event(time: number, id: string): Event {
  return {
    Type: "container",
    Action: "start",
    Actor: { ID: id, Attributes: {} },
    scope: "local",
    time,
    timeNano: time * 1e9,
  };
}

describe.concurrent("events across losses of the connection", () => {
  test("nothing is lost and nothing told twice, wherever the stream is cut", async () => {
    // Four a second; the engine tells again what is at or after `since`, as real ones do.
    const all = Array.from({ length: 40 }, (_, i) => event(1000 + Math.floor(i / 4), `id${i}`));
    const asked: (string | null)[] = [];
    await using fake = await startFakeEngine(async (exchange) => {
      const since = exchange.request.query.get("since");
      asked.push(since);
      const rest = all.filter(({ time }) => since === null || time >= Number(since));
      const text = rest.map((one) => `${JSON.stringify(one)}\n`).join("");
      // Cut in the middle of some line, further on each time.
      await exchange.cut(text.slice(0, 300 + 150 * asked.length));
    });
    await using through = new Docker({ host: fake.host });
    const ids: string[] = [];
    let gaps = 0;
    for await (const one of through.system.events({ reconnect: true, since: 1000 })) {
      if (one.Type === "gap") {
        gaps++;
        continue;
      }
      ids.push((one as Event).Actor.ID);
      if (ids.length === all.length) break;
    }
    expect(ids).toEqual(all.map(({ Actor }) => Actor.ID));
    expect(gaps).toBeGreaterThan(2);
    expect(asked[0]).toBe("1000.000");
  });

  test("what happens while nothing had been seen is not lost", async () => {
    await using fake = await startFakeEngine(async (exchange) => {
      const since = exchange.request.query.get("since");
      if (since === null) return exchange.cut();
      exchange.stall(`${JSON.stringify(event(Math.ceil(Number(since)), "missed"))}\n`);
    });
    await using through = new Docker({ host: fake.host });
    const seen: unknown[] = [];
    for await (const one of through.system.events({ reconnect: true })) {
      seen.push(one.Type === "gap" ? "gap" : (one as Event).Actor.ID);
      if (seen.length === 2) break;
    }
    expect(seen).toEqual(["gap", "missed"]);
  });

  test("without an engine at the beginning it fails at once", async () => {
    await using nowhere = new Docker({ host: "unix:///nonexistent/docker.sock" });
    for (const since of [undefined, 1]) {
      const iterator = nowhere.system.events({ reconnect: true, since })[Symbol.asyncIterator]();
      await expect(iterator.next()).rejects.toMatchObject({ code: "CONNECTION_FAILED" });
    }
  });
});

describe("events across restarts of the engine", () => {
  test.each(["kill", "terminate"] as const)("%s: a gap, then on with what follows", async (end) => {
    await using own = await engine.startPrivate();
    await using there = new Docker({ host: own.host });
    const seen: (Event | EventGap)[] = [];
    const create = async (): Promise<string> => (await there.containers.create({ Image: image })).id;
    const first = await create();
    const events = there.system.events({
      reconnect: true,
      since: 1,
      filters: { event: "create", type: "container" },
    });
    for await (const one of events) {
      seen.push(one);
      if (seen.length === 1) {
        await own[end]();
        await own.start();
        await create();
      }
      if (seen.length === 3) break;
    }
    expect(seen.map((one) => one.Type)).toEqual(["container", "gap", "container"]);
    const [before, gap, after] = seen as [Event, EventGap, Event];
    expect(before.Actor.ID).toBe(first);
    expect(gap).toEqual({ Type: "gap", Action: "reconnected", since: before.time - 1 });
    expect(after.Actor.ID).not.toBe(first);
  });

  test("without `reconnect` a stopped engine is an error, also with an `until` to come", async () => {
    await using own = await engine.startPrivate();
    await using there = new Docker({ host: own.host });
    const until = new Date(Date.now() + 3_600_000);
    const endings = [{}, { until }].map((options) => {
      const reading = (async () => {
        for await (const _ of there.system.events({ ...options, filters: { type: "plugin" } }));
      })();
      return reading.catch((e: unknown) => e);
    });
    await there.system.ping();
    await own.terminate();
    for (const ending of endings) expect(await ending).toBeInstanceOf(EngineGoneError);
  });
});
