import { createHash, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Docker, NotFoundError, type Container } from "docker-engine-sdk";
import { runChildScript } from "test-support/child-script";
import { engine, label } from "test-support/engine-under-test";
import { proxyTo } from "test-support/engine-proxy";
import { removedAfter } from "test-support/removed-after";

const docker = new Docker({ host: engine.host });
const { image } = engine;
const sdk = new URL("../../packages/sdk/src/index.ts", import.meta.url).href;
const Labels = { [label]: "attach" };

async function created(
  command: readonly string[],
  options: Parameters<typeof docker.containers.create>[0] = {},
): Promise<Container & AsyncDisposable> {
  return removedAfter(await docker.containers.create({ Image: image, Cmd: command, Labels, ...options }));
}

const withStdin = { OpenStdin: true, StdinOnce: true };

describe.concurrent("attach", () => {
  test("before the start misses nothing, and knows the exit code", async () => {
    await using box = await created(["sh", "-c", "echo first; echo error >&2; exit 9"]);
    await using process = await box.attach();
    await box.start();
    const { stdout, stderr } = await process.output.collect();
    expect({ stdout, stderr }).toEqual({ stdout: "first\n", stderr: "error\n" });
    expect(await process.exitCode()).toBe(9);
  });

  test("knows the exit code of a container that is removed at its end", async () => {
    const box = await docker.containers.create({
      Image: image,
      Cmd: ["sh", "-c", "exit 9"],
      Labels,
      HostConfig: { AutoRemove: true },
    });
    await using process = await box.attach();
    await box.start();
    await process.output.collect();
    expect(await process.exitCode()).toBe(9);
  });

  test("the exit code may be asked for before the start, and after leaving the output", async () => {
    await using box = await created(["sh", "-c", "echo x; sleep 0.2; exit 5"]);
    await using process = await box.attach();
    const exitCode = process.exitCode();
    await box.start();
    for await (const _ of process.output) break;
    expect(await exitCode).toBe(5);
    await using again = await box.attach();
    await box.start();
    for await (const _ of again.output) break;
    expect(await again.exitCode()).toBe(5);
  });

  test("half-close: wc answers when stdin ends", async () => {
    await using box = await created(["wc", "-c"], withStdin);
    await using process = await box.attach({ stdin: true });
    await box.start();
    await process.write("1234567");
    process.end();
    expect((await process.output.text()).trim()).toBe("7");
    expect(await process.exitCode()).toBe(0);
  });

  test("64 MiB through cat come back byte for byte", async () => {
    const block = randomBytes(1024 ** 2);
    const sent = createHash("sha256");
    const received = createHash("sha256");
    const input = async function* (): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 64; i++) {
        sent.update(block);
        yield block;
      }
    };
    await using box = await created(["cat"], { ...withStdin, HostConfig: { LogConfig: { Type: "none" } } });
    await using process = await box.attach({ stdin: true });
    await box.start();
    const written = process.writeAll(input());
    for await (const { data } of process.output) received.update(data);
    await written;
    expect(received.digest("hex")).toBe(sent.digest("hex"));
    expect(await process.exitCode()).toBe(0);
  });

  test("two writers of 1 MiB each are taken apart exactly", async () => {
    const size = 1024 ** 2;
    const write = (letter: string): string => `head -c ${size} /dev/zero | tr '\\0' ${letter}`;
    await using box = await created(["sh", "-c", `${write("a")} & ${write("b")} >&2; wait`]);
    await using process = await box.attach();
    await box.start();
    const { stdout, stderr } = await process.output.collect();
    expect(stdout === "a".repeat(size)).toBe(true);
    expect(stderr === "b".repeat(size)).toBe(true);
  });

  test("with a TTY there is one stream, CR LF is kept, and resize is seen inside", async () => {
    await using box = await created(["sh"], { Tty: true, OpenStdin: true });
    await using process = await box.attach({ stdin: true });
    await box.start();
    await process.resize({ rows: 33, columns: 119 });
    await process.write("stty size; echo done >&2; exit 3\n");
    const { stdout, stderr } = await process.output.collect();
    expect(stdout).toContain("33 119\r\ndone\r\n");
    expect(stderr).toBe("");
    expect(await process.exitCode()).toBe(3);
  });

  test("only the streams asked for", async () => {
    await using box = await created(["sh", "-c", "echo out; echo err >&2"]);
    await using process = await box.attach({ stdout: false });
    await box.start();
    expect(await process.output.collect()).toMatchObject({ stdout: "", stderr: "err\n" });
  });

  test("with `logs` also what was written before", async () => {
    await using box = await created(["sh", "-c", "echo before; read a; echo after $a"], withStdin);
    await box.start();
    for await (const { text } of box.logs({ follow: true }).lines()) if (text === "before") break;
    await using process = await box.attach({ stdin: true, logs: true });
    await process.writeAll("all\n");
    expect(await process.output.text()).toBe("before\nafter all\n");
  });

  test("to a container that does not exist", async () => {
    await expect(docker.containers.get("no-such-box").attach()).rejects.toBeInstanceOf(NotFoundError);
  });

  test("stdout of a fast process is read while the other side waits unread", async () => {
    await using box = await created(["sh", "-c", "echo out; echo err >&2"]);
    await using process = await box.attach();
    await box.start();
    expect(await process.output.stdout.text()).toBe("out\n");
    expect(await process.output.stderr.text()).toBe("err\n");
  });
});

describe.concurrent("leaving", () => {
  test("the output closes the connections, and the process runs on", async () => {
    await using proxy = await proxyTo(engine.host);
    await using through = new Docker({ host: proxy.host });
    await using box = await created(["sh", "-c", "echo begun; exec sleep 1000"]);
    const process = await through.containers.get(box).attach();
    await box.start();
    for await (const _ of process.output) {
      expect(proxy.open(/\/attach\?/)).toBe(1);
      break;
    }
    await proxy.closed(/\/attach\?/);
    await proxy.closed(/\/wait\?/);
    expect((await box.inspect()).State.Running).toBe(true);
  });

  test("lets this process exit by itself", async () => {
    await using box = await created(["sh", "-c", "echo begun; exec sleep 1000"]);
    const { stdout, stderr, exitCode } = await runChildScript(`
      import { Docker } from ${JSON.stringify(sdk)};
      const docker = new Docker({ host: ${JSON.stringify(engine.host)} });
      const box = docker.containers.get(${JSON.stringify(box.id)});
      const attached = await box.attach();
      await box.start();
      for await (const _ of attached.output) break;
      const shell = await box.spawn(["sh", "-c", "echo begun; exec sleep 1000"]);
      for await (const _ of shell.output) break;
      for await (const _ of box.exec(["sh", "-c", "echo begun; exec sleep 1000"])) break;
      const unread = await box.attach({ stdin: true });
      unread.close();
      console.log("left");
    `);
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: "left\n", stderr: "", exitCode: 0 });
    expect((await box.inspect()).State.Running).toBe(true);
  });

  test("an abort ends the output with the reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    await using box = await created(["sh", "-c", "echo begun; exec sleep 1000"]);
    await using process = await box.attach({ signal: controller.signal });
    const exitCode = process.exitCode();
    await box.start();
    const reading = async (): Promise<void> => {
      for await (const _ of process.output) controller.abort(reason);
    };
    await expect(reading()).rejects.toBe(reason);
    await expect(exitCode).rejects.toBe(reason);
  });
});
