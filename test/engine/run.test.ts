import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { ContainerExitError, Docker, InvalidRequestError, NotFoundError } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { defaultRelease } from "test-support/engine/versions";
import { proxyTo } from "test-support/engine-proxy";
import { removedAfter } from "test-support/removed-after";

const docker = new Docker({ host: engine.host });
const { image } = engine;

// What it takes to be sure that no output is lost and no moment is bad; some of it for engines that have other races.
const [commands, moments] = engine.version === defaultRelease ? [100, 25] : [40, 10];

let count = 0;
/** Labels by which one test finds what it made. */
function marked(): { labels: Record<string, string>; left: () => Promise<readonly string[]> } {
  const mark = `run-${process.pid}-${count++}`;
  return {
    labels: { [label]: "run", mark },
    left: async () =>
      (await docker.containers.list({ all: true, filters: { label: `mark=${mark}` } })).map(({ Id }) => Id),
  };
}

describe.concurrent("run", () => {
  test("answers output and exit code, and leaves nothing", async () => {
    const { labels, left } = marked();
    const result = await docker.containers.run({
      image,
      labels,
      command: ["sh", "-c", "echo out; echo err >&2"],
    });
    expect(result).toMatchObject({ exitCode: 0, stdout: "out\n", stderr: "err\n", truncated: false });
    expect(await left()).toEqual([]);
  });

  test(`${commands} fast commands: output complete, code right`, async () => {
    const { labels, left } = marked();
    const numbers = Array.from({ length: commands }, (_, i) => i);
    const results: unknown[] = [];
    const worker = async (): Promise<void> => {
      for (let i = numbers.shift(); i !== undefined; i = numbers.shift()) {
        const command = ["sh", "-c", `echo out ${i}; echo err ${i} >&2; exit ${i}`];
        const { exitCode, stdout, stderr } = await docker.containers.run({
          image,
          labels,
          command,
          check: false,
        });
        results[i] = { exitCode, stdout, stderr };
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(results).toEqual(
      Array.from({ length: commands }, (_, i) => ({
        exitCode: i,
        stdout: `out ${i}\n`,
        stderr: `err ${i}\n`,
      })),
    );
    expect(await left()).toEqual([]);
  });

  test("a code other than 0 is thrown, with what was written", async () => {
    const error = await docker.containers
      .run({ image, labels: marked().labels, command: ["sh", "-c", "echo out; echo why >&2; exit 3"] })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ContainerExitError);
    const output = { stdout: "out\n", stderr: "why\n" };
    expect(error).toMatchObject({ operation: "ContainerStart", exitCode: 3, ...output });
    expect(String(error)).toMatch(/exited with code 3: why$/);
  });

  test("a program that cannot be started is refused, and nothing is left", async () => {
    const { labels, left } = marked();
    const error = await docker.containers
      .run({ image, labels, command: ["/no/such/program"] })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(String(error)).toContain("/no/such/program");
    expect(await left()).toEqual([]);
  });

  test("an image that does not exist is not found", async () => {
    const running = docker.containers.run({ image: "no-such-image:1", pull: "never", command: ["true"] });
    await expect(running).rejects.toBeInstanceOf(NotFoundError);
  });

  test("input is stdin, and its end", async () => {
    const { labels } = marked();
    const counted = await docker.containers.run({ image, labels, command: ["wc", "-c"], input: "12345" });
    expect(counted.stdout.trim()).toBe("5");
    const data = randomBytes(3 * 1024 ** 2);
    const hashed = await docker.containers.run({ image, labels, command: ["wc", "-c"], input: data });
    expect(hashed.stdout.trim()).toBe(String(data.length));
  });

  test("events are what it writes, as it writes", async () => {
    const { labels } = marked();
    // The second line is written when the first has arrived.
    let answer = (_line: Uint8Array): void => undefined;
    const answered = new Promise<Uint8Array>((resolve) => {
      answer = resolve;
    });
    async function* input(): AsyncGenerator<Uint8Array> {
      yield await answered;
    }
    const command = ["sh", "-c", "echo 1; read line; echo $line"];
    const run = docker.containers.run({ image, labels, command, input: input() });
    const events: string[] = [];
    for await (const { stream, data } of run) {
      events.push(`${stream}:${Buffer.from(data).toString()}`);
      answer(Buffer.from("2\n"));
    }
    expect(events).toEqual(["stdout:1\n", "stdout:2\n"]);
    expect(await run).toMatchObject({ exitCode: 0, stdout: "1\n2\n" });
  });

  test("a TTY gives one stream", async () => {
    const { labels } = marked();
    const options = { image, labels, tty: true, command: ["sh", "-c", "echo out; echo err >&2"] };
    expect(await docker.containers.run(options)).toMatchObject({ stdout: "out\r\nerr\r\n", stderr: "" });
  });

  test("a TTY takes input and its end", async () => {
    const { labels } = marked();
    const options = { image, labels, tty: true, command: ["cat"], input: "typed\n" };
    const { stdout } = await docker.containers.run(options);
    expect(stdout).toBe("typed\r\ntyped\r\n");
  });

  test("without `remove` the container stays", async () => {
    const { labels } = marked();
    const { container } = await docker.containers.run({ image, labels, command: ["true"], remove: false });
    await using kept = removedAfter(container);
    expect((await kept.inspect()).State.Status).toBe("exited");
  });

  test("anonymous volumes go with it", async () => {
    const { labels, left } = marked();
    const command = ["sh", "-c", "echo begun; read line"];
    let name = "";
    async function* input(): AsyncGenerator<Uint8Array> {
      const [id = ""] = await left();
      name = (await docker.containers.get(id).inspect()).Mounts?.[0]?.Name ?? "";
      await docker.volumes.get(name).inspect();
      yield Buffer.from("end\n");
    }
    const create = { Volumes: { "/data": {} } };
    await docker.containers.run({ image, labels, command, create, input: input() });
    expect(name).not.toBe("");
    await expect(docker.volumes.get(name).inspect()).rejects.toBeInstanceOf(NotFoundError);
  });

  test("maxBytes bounds what is kept", async () => {
    const { labels } = marked();
    const command = ["sh", "-c", "head -c 1000000 /dev/zero | tr '\\0' x"];
    const { stdout, truncated } = await docker.containers.run({ image, labels, command, maxBytes: 10 });
    expect({ stdout, truncated }).toEqual({ stdout: "xxxxxxxxxx", truncated: true });
  });

  test("a signal's end is a code", async () => {
    const { labels } = marked();
    const run = docker.containers.run({
      image,
      labels,
      command: ["sh", "-c", "kill -9 $$; sleep 5"],
      init: true,
      check: false,
    });
    expect(await run).toMatchObject({ exitCode: 137 });
  });
});

describe.concurrent("an abandoned run leaves nothing on the engine", () => {
  test("left at an event", async () => {
    const { labels, left } = marked();
    const run = docker.containers.run({
      image,
      labels,
      command: ["sh", "-c", "echo begun; exec sleep 1000"],
    });
    for await (const _ of run) break;
    expect(await left()).toEqual([]);
    await expect(run).rejects.toMatchObject({ name: "AbortError" });
  });

  test("whose input fails", async () => {
    const { labels, left } = marked();
    const failure = new Error("the input broke");
    const input = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from("begun");
      throw failure;
    };
    await expect(docker.containers.run({ image, labels, command: ["cat"], input: input() })).rejects.toBe(
      failure,
    );
    expect(await left()).toEqual([]);
  });

  // The time of one run, and each of its calls, is crossed in steps.
  test.each(Array.from({ length: moments }, (_, i) => (i * 500) / moments))(
    "aborted after %d ms",
    async (delay) => {
      const { labels, left } = marked();
      const controller = new AbortController();
      const reason = new Error("enough");
      const run = docker.containers.run({
        image,
        labels,
        command: ["sleep", "1000"],
        signal: controller.signal,
      });
      const outcome = run.catch((e: unknown) => e);
      await sleep(delay);
      controller.abort(reason);
      expect(await outcome).toBe(reason);
      expect(await left()).toEqual([]);
    },
  );

  test.each(["create", "wait", "attach", "start"])("aborted when the engine gets %s", async (call) => {
    const { labels, left } = marked();
    await using proxy = await proxyTo(engine.host);
    await using through = new Docker({ host: proxy.host });
    await through.system.ping();
    const controller = new AbortController();
    const reason = new Error("enough");
    const run = through.containers.run({
      image,
      labels,
      command: ["sleep", "1000"],
      signal: controller.signal,
    });
    const outcome = run.catch((e: unknown) => e);
    await proxy.requested(new RegExp(`^POST \\S*/containers/(\\w+/)?${call}\\b`));
    controller.abort(reason);
    expect(await outcome).toBe(reason);
    expect(await left()).toEqual([]);
  });

  test.each(["create", "wait", "attach", "start"])("disposed of when the engine gets %s", async (call) => {
    const { labels, left } = marked();
    await using proxy = await proxyTo(engine.host);
    const through = new Docker({ host: proxy.host });
    const run = through.containers.run({ image, labels, command: ["sleep", "1000"] });
    const outcome = run.catch((e: unknown) => e);
    await proxy.requested(new RegExp(`^POST \\S*/containers/(\\w+/)?${call}\\b`));
    await through[Symbol.asyncDispose]();
    expect(await left()).toEqual([]);
    expect(await outcome).toMatchObject({ name: "AbortError", message: "The client was disposed." });
  });
});
