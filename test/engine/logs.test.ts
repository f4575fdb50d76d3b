import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  Docker,
  InvalidRequestError,
  NotFoundError,
  type Container,
  type LogsOptions,
} from "docker-engine-sdk";
import { runChildScript } from "test-support/child-script";
import { engine, label } from "test-support/engine-under-test";
import { proxyTo } from "test-support/engine-proxy";
import { removedAfter } from "test-support/removed-after";

const docker = new Docker({ host: engine.host });
const { image } = engine;
const labels = { [label]: "logs" };
const sdk = new URL("../../packages/sdk/src/index.ts", import.meta.url).href;

async function started(script: string, tty = false): Promise<Container & AsyncDisposable> {
  return removedAfter(await docker.containers.start({ image, command: ["sh", "-c", script], labels, tty }));
}

async function ended(script: string, tty = false): Promise<Container & AsyncDisposable> {
  const box = await started(script, tty);
  await box.wait();
  return box;
}

async function texts(box: Container, options?: LogsOptions): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { text } of box.logs(options).lines()) lines.push(text);
  return lines;
}

describe.concurrent("logs", () => {
  test("of a container that has ended are complete, both outputs apart", async () => {
    await using box = await ended("echo 1; echo 2 >&2; printf unfinished");
    const { stdout, stderr } = await box.logs().collect();
    expect({ stdout, stderr }).toEqual({ stdout: "1\nunfinished", stderr: "2\n" });
    expect(await box.logs({ stdout: false }).text()).toBe("2\n");
    expect(await box.logs({ stderr: false }).text()).toBe("1\nunfinished");
  });

  test("tail takes the last lines", async () => {
    await using box = await ended("for i in 1 2 3 4 5; do echo $i; done");
    expect(await texts(box, { tail: 2 })).toEqual(["4", "5"]);
    expect(await texts(box, { tail: 0 })).toEqual([]);
    expect(await texts(box, { tail: 99 })).toEqual(["1", "2", "3", "4", "5"]);
  });

  test("timestamps stand apart from the text, and since and until cut by them", async () => {
    await using box = await ended("echo 1; sleep 1.1; echo 2; sleep 1.1; echo 3");
    const lines: { text: string; timestamp?: string }[] = [];
    for await (const line of box.logs({ timestamps: true }).lines()) lines.push(line);
    expect(lines.map(({ text }) => text)).toEqual(["1", "2", "3"]);
    for (const { timestamp } of lines) expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/);
    const second = lines[1]?.timestamp ?? "";
    expect(await texts(box, { since: second })).toEqual(["2", "3"]);
    const middle = new Date(Date.parse(second) + 500);
    expect(await texts(box, { until: middle })).toEqual(["1", "2"]);
    expect(await texts(box, { since: middle })).toEqual(["3"]);
    expect(await texts(box, { since: middle.getTime() / 1000 })).toEqual(["3"]);
    expect(await texts(box, { since: "1h", until: "0s" })).toEqual(["1", "2", "3"]);
  });

  test("a line of 40,000 bytes is one line, also with timestamps", async () => {
    // The engine stores it in parts of 16 KiB, and repeats the time before each.
    await using box = await ended(
      "head -c 40000 /dev/zero | tr '\\0' l; echo; echo next; head -c 20000 /dev/zero | tr '\\0' e >&2",
    );
    for (const timestamps of [false, true]) {
      const lines: Record<string, { length: number; timed: boolean }[]> = { stdout: [], stderr: [] };
      for await (const { stream, text, timestamp } of box.logs({ timestamps }).lines()) {
        lines[stream]?.push({ length: text.length, timed: timestamp !== undefined });
      }
      expect(lines).toEqual({
        stdout: [
          { length: 40_000, timed: timestamps },
          { length: 4, timed: timestamps },
        ],
        stderr: [{ length: 20_000, timed: timestamps }],
      });
    }
  });

  test("empty lines and CR stay, with timestamps too", async () => {
    await using box = await ended("echo; echo ' indented'; printf 'a\\rb\\n\\n'");
    const expected = ["", " indented", "a\rb", ""];
    expect(await texts(box)).toEqual(expected);
    expect(await texts(box, { timestamps: true })).toEqual(expected);
  });

  test("a character split over two writes stays whole", async () => {
    await using box = await ended(
      "printf '\\360\\237'; sleep 0.1; echo between >&2; sleep 0.1; printf '\\230\\200\\n'",
    );
    expect((await texts(box)).toSorted()).toEqual(["between", "😀"]);
  });

  test("of a TTY are one stream with CR LF", async () => {
    await using box = await ended("echo out; echo err >&2", true);
    const { stdout, stderr } = await box.logs().collect();
    expect({ stdout, stderr }).toEqual({ stdout: "out\r\nerr\r\n", stderr: "" });
    expect(await texts(box)).toEqual(["out", "err"]);
  });

  test("details are the log driver's labels and environment", async () => {
    await using box = removedAfter(
      await docker.containers.start({
        image,
        command: ["echo", "text here"],
        labels: { ...labels, purpose: "test" },
        create: { HostConfig: { LogConfig: { Type: "json-file", Config: { labels: "purpose" } } } },
      }),
    );
    await box.wait();
    const lines: unknown[] = [];
    for await (const line of box.logs({ details: true, timestamps: true }).lines()) lines.push(line);
    expect(lines).toEqual([
      {
        stream: "stdout",
        text: "text here",
        details: "purpose=test",
        timestamp: expect.any(String) as string,
      },
    ]);
  });

  test("a follow ends with the container, and has all", async () => {
    await using box = await started("for i in 1 2 3; do echo $i; sleep 0.1; done");
    expect(await texts(box, { follow: true })).toEqual(["1", "2", "3"]);
  });

  test("a follow of a container that is removed ends", async () => {
    await using box = await started("echo begun; exec sleep 1000");
    const lines = box.logs({ follow: true }).lines();
    expect((await lines.next()).value?.text).toBe("begun");
    await box.remove({ force: true });
    expect(await lines.next()).toEqual({ done: true, value: undefined });
  });

  test("2 MiB written at once arrive whole through a follow", async () => {
    const size = 2 * 1024 ** 2;
    await using box = await started(`head -c ${size} /dev/zero | tr '\\0' x`);
    let received = 0;
    for await (const { data } of box.logs({ follow: true })) {
      if (received === 0) await sleep(100); // a slow reader
      received += data.length;
    }
    expect(received).toBe(size);
  });

  test("nothing is asked before the first read", async () => {
    const unread = docker.containers.get("no-such-box").logs();
    unread.close();
    const error = await docker.containers
      .get("no-such-box")
      .logs()
      .text()
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(String(error)).toContain("No such container: no-such-box");
  });

  test("of neither output are refused by the engine", async () => {
    await using box = await ended("echo 1");
    await expect(box.logs({ stdout: false, stderr: false }).text()).rejects.toBeInstanceOf(
      InvalidRequestError,
    );
    await expect(box.logs({ since: "yesterday" }).text()).rejects.toBeInstanceOf(RangeError);
  });
});

describe.concurrent("leaving", () => {
  test("a follow closes the engine's connection", async () => {
    await using proxy = await proxyTo(engine.host);
    await using through = new Docker({ host: proxy.host });
    await using box = await started("echo begun; exec sleep 1000");
    const follow = /\/logs\?/;
    for await (const _ of through.containers.get(box).logs({ follow: true })) {
      expect(proxy.open(follow)).toBe(1);
      break;
    }
    await proxy.closed(follow);
    for await (const _ of through.containers.get(box).stats()) break;
    await proxy.closed(/\/stats\?/);
  });

  test("a quiet follow by `close`, and by abort", async () => {
    await using proxy = await proxyTo(engine.host);
    await using through = new Docker({ host: proxy.host });
    await using box = await started("exec sleep 1000");
    const logs = through.containers.get(box).logs({ follow: true });
    const lines = logs.lines();
    const pending = lines.next();
    await proxy.requested(/\/logs\?/);
    logs.close();
    expect(await pending).toEqual({ done: true, value: undefined });
    await proxy.closed(/\/logs\?/);

    const reason = new Error("enough");
    const controller = new AbortController();
    const stats = through.containers.get(box).stats({ signal: controller.signal });
    const reading = (async () => {
      for await (const _ of stats) controller.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
    await proxy.closed(/\/stats\?/);
  });

  test("lets this process exit by itself", async () => {
    await using box = await started("echo begun; exec sleep 1000");
    const { stdout, stderr, exitCode } = await runChildScript(`
      import { Docker } from ${JSON.stringify(sdk)};
      const docker = new Docker({ host: ${JSON.stringify(engine.host)} });
      const box = docker.containers.get(${JSON.stringify(box.id)});
      for await (const _ of box.logs({ follow: true }).lines()) break;
      for await (const _ of box.stats()) break;
      const events = docker.system.events({ since: 0 });
      for await (const _ of events) break;
      for await (const _ of docker.system.events({ since: 0, reconnect: true })) break;
      console.log("left");
    `);
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: "left\n", stderr: "", exitCode: 0 });
  });
});
