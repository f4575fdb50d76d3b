import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Docker, EngineGoneError, type models } from "docker-engine-sdk";
import { proxyTo } from "test-support/engine-proxy";
import { engine } from "test-support/engine-under-test";

const { image } = engine;
type Event = models.EventMessage;

describe("live-restore", () => {
  test("a container outlives its engine, and its log is followed on without a gap", async () => {
    await using own = await engine.startPrivate({ liveRestore: true });
    await using docker = new Docker({ host: own.host });
    const command = ["sh", "-c", "n=0; while :; do n=$((n+1)); echo line $n; sleep 0.05; done"];
    const box = await docker.containers.start({ image, command });
    const { Pid } = (await box.inspect()).State ?? {};

    const numbers: number[] = [];
    const follow = async (more: number, beforeEnd: () => Promise<unknown>): Promise<void> => {
      const wanted = numbers.length + more;
      for await (const { text } of box
        .logs({ follow: true, tail: numbers.length === 0 ? 0 : 1000 })
        .lines()) {
        const number = Number(text.replace("line ", ""));
        if (number <= (numbers.at(-1) ?? 0)) continue; // told before
        numbers.push(number);
        if (numbers.length === wanted) await beforeEnd();
      }
    };
    for (const end of ["kill", "terminate"] as const) {
      await expect(follow(20, () => own[end]())).rejects.toBeInstanceOf(EngineGoneError);
      await sleep(500); // what it writes meanwhile waits in its pipe
      await own.start();
      expect((await box.inspect()).State).toMatchObject({ Running: true, Pid });
    }
    await box.exec(["true"]);
    const waiting = box.wait();
    await follow(20, () => box.kill());
    expect((await waiting).StatusCode).toBe(137);
    const [first = 0] = numbers;
    expect(numbers).toEqual(Array.from(numbers, (_, i) => first + i));
  });
});

/** The names of `count` containers made at once. */
async function make(docker: Docker, name: string, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, i) => `${name}-${i}`);
  await Promise.all(names.map((one) => docker.containers.create({ Image: image }, { name: one })));
  return names;
}

const created = { event: "create", type: "container" } as const;

describe("events that go on over losses of the engine", () => {
  test("tell each thing once, however often the engine restarts", async () => {
    await using own = await engine.startPrivate();
    await using docker = new Docker({ host: own.host });
    const ends = ["kill", "terminate", "kill"] as const;
    let expected = [...(await make(docker, "first", 15))];
    // What happened right before a kill may have died with the engine, which keeps events in memory only.
    const sure = (names: readonly string[]): string[] =>
      names.filter((name) => !name.startsWith("before")).toSorted();
    const seen: string[] = [];
    let round = 0;
    for await (const one of docker.system.events({ reconnect: true, since: 1, filters: created })) {
      if (one.Type === "gap") continue;
      seen.push((one as Event).Actor.Attributes?.["name"] ?? "");
      if (sure(seen).length < sure(expected).length) continue;
      const end = ends[round];
      if (end === undefined) break;
      // In the same second as those before the end, where it can be, and before we are back.
      expected = [...expected, ...(await make(docker, `before-${round}`, 1))];
      await own[end]();
      await own.start();
      expected = [...expected, ...(await make(docker, `after-${round}`, 15))];
      round++;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(sure(seen)).toEqual(sure(expected));
  });

  test("tell each thing once, wherever the connection is cut", async () => {
    await using own = await engine.startPrivate();
    await using docker = new Docker({ host: own.host });
    await using proxy = await proxyTo(own.host);
    await using through = new Docker({ host: proxy.host });
    const making = (async () => {
      const names: string[] = [];
      for (let round = 0; round < 30; round++) {
        names.push(...(await make(docker, `r${round}`, 4)));
        if (round % 3 === 0) proxy.cut(/events/);
      }
      await make(docker, "last", 1);
      return names;
    })();
    const seen: string[] = [];
    let gaps = 0;
    for await (const one of through.system.events({ reconnect: true, since: 1, filters: created })) {
      if (one.Type === "gap") gaps++;
      else {
        const name = (one as Event).Actor.Attributes?.["name"] ?? "";
        if (name === "last-0") break;
        seen.push(name);
      }
    }
    expect(seen.toSorted()).toEqual((await making).toSorted());
    expect(gaps).toBeGreaterThan(0);
  });
});
