import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Docker } from "docker-engine-sdk";
import { engine } from "test-support/engine-under-test";

/** The engine's own process, and the one that looks after it and stops with it. */
async function processesOf(socketPath: string): Promise<readonly [number, number]> {
  for (const pid of await readdir("/proc")) {
    const words = /^\d+$/.test(pid) ? await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "") : "";
    if (!/^[^\0]*dockerd\0/.test(words) || !words.includes(`unix://${socketPath}`)) continue;
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return [Number(pid), Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2])];
  }
  throw new Error(`no dockerd listens on ${socketPath}`);
}

/** Stops an engine; disposing lets it go on. It goes on by itself after a minute, should this process be killed. */
async function stop(socketPath: string): Promise<AsyncDisposable> {
  const pids = await processesOf(socketPath);
  const [daemon] = pids;
  const reserve = spawn("sh", ["-c", `sleep 60; kill -CONT ${pids.join(" ")}`], {
    detached: true,
    stdio: "ignore",
  });
  process.kill(daemon, "SIGSTOP");
  return {
    async [Symbol.asyncDispose]() {
      // The one that looks after it may stop only now.
      for (let round = 0; round < 20; round++) {
        for (const pid of pids) process.kill(pid, "SIGCONT");
        await sleep(10);
      }
      reserve.kill();
    },
  };
}

describe("an engine that hangs (SIGSTOP)", () => {
  test("holds nobody who gives up, and goes on where it was when it is back", async () => {
    await using own = await engine.startPrivate();
    await using docker = new Docker({ host: own.host });
    const { image } = engine;
    const command = ["sh", "-c", "n=0; while :; do n=$((n+1)); echo $n; sleep 0.02; done"];
    const box = await docker.containers.start({ image, command });
    const numbers: number[] = [];
    const log = box.logs({ follow: true }).lines();
    const readUpTo = async (count: number): Promise<void> => {
      while (numbers.length < count) numbers.push(Number((await log.next()).value?.text));
    };
    await readUpTo(10);
    const waiting = box.wait();

    const reason = new Error("enough");
    const controller = new AbortController();
    const { signal } = controller;
    const impatient = new Docker({ host: own.host });
    await impatient.apiVersion();
    {
      await using _ = await stop(own.socketPath);
      const same = impatient.containers.get(box.id);
      const calls: Record<string, Promise<unknown>> = {
        "a call": same.inspect({ signal }),
        "a change": same.update({ CpuShares: 512 }, { signal }),
        "a log": same.logs({ follow: true, signal }).text(),
        events: (async () => {
          for await (const _ of impatient.system.events({ signal }));
        })(),
        "a wait": same.wait({ signal }),
        attach: same.attach({ signal }),
        exec: Promise.resolve(same.exec(["true"], { signal })),
        "a build": Promise.resolve(
          impatient.images.build({ context: { files: { Dockerfile: `FROM ${image}` } }, signal }),
        ),
        pull: Promise.resolve(impatient.images.pull("nothing", { signal })),
        "a save": impatient.images.save(image, { signal }),
        run: Promise.resolve(impatient.containers.run({ image, signal })),
      };
      const outcomes = Object.values(calls).map((call) => call.catch((error: unknown) => error));
      setTimeout(() => controller.abort(reason), 300);
      for (const outcome of outcomes) expect(await outcome).toBe(reason);
      // Who waits without a signal is freed by the end of the client.
      const unaborted = same.inspect().catch((error: unknown) => error);
      await sleep(100);
      await impatient[Symbol.asyncDispose]();
      expect(await unaborted).toMatchObject({ name: "AbortError" });
    }
    await readUpTo(200);
    expect(numbers).toEqual(Array.from(numbers, (_, i) => i + 1));
    await box.kill();
    expect((await waiting).StatusCode).toBe(137);
    await log.return?.();
  });
});
