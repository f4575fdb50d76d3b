import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  ConnectionError,
  ContainerExitError,
  Docker,
  EngineGoneError,
  type Container,
} from "docker-engine-sdk";
import { runChildScript } from "test-support/child-script";
import { engine } from "test-support/engine-under-test";
import { begin, readAll, type UnderWay } from "test-support/under-way";

const sdk = new URL("../../packages/sdk/src/index.ts", import.meta.url).href;

/** Everything that can be under way on an engine. The upload needs a container of its own: it locks it (20.10.24). */
function underWay(
  docker: Docker,
  box: Container,
  idle: Container,
  upload: AbortSignal | undefined,
): Record<string, Promise<UnderWay>> {
  const { image } = engine;
  const command = ["sh", "-c", "trap 'exit 42' TERM; echo begun; while :; do sleep 0.1; done"];
  return {
    "a follow of logs": begin((begun) => readAll(box.logs({ follow: true }), begun)),
    "lines of a follow": begin((begun) =>
      readAll(box.logs({ follow: true, timestamps: true }).lines(), begun),
    ),
    stats: begin((begun) => readAll(box.stats(), begun)),
    events: begin((begun) => readAll(docker.system.events({ since: 1 }), begun)),
    "a wait": begin(async (begun) => {
      const wait = box.wait({ condition: "next-exit" });
      // Sent after it, answered when it is on its way.
      await docker.system.ping();
      begun();
      return await wait;
    }),
    attach: begin(async (begun) => {
      await using process = await box.attach({ logs: true });
      return await readAll(process.output, begun);
    }),
    "the exit code of an attached process": begin(async (begun) => {
      await using process = await box.attach();
      begun();
      return await process.exitCode();
    }),
    exec: begin((begun) => {
      const exec = box.exec(command);
      return readAll(exec, begun).then(() => exec);
    }),
    "an awaited exec": begin(async (begun) => {
      const exec = box.exec(["sleep", "4242"]).catch((error: unknown) => error);
      while (!JSON.stringify(await box.top()).includes("sleep 4242")) await sleep(50);
      begun();
      return await exec;
    }),
    "a spawned shell": begin(async (begun) => {
      await using process = await box.spawn(["sh"], { stdin: true, tty: true });
      await process.write("echo begun\n");
      return await readAll(process.output, begun);
    }),
    run: begin((begun) => readAll(docker.containers.run({ image, command }), begun)),
    "a run that is kept": begin((begun) =>
      readAll(docker.containers.run({ image, command, remove: false }), begun),
    ),
    "an upload": begin((begun) => {
      async function* endless(): AsyncGenerator<Uint8Array> {
        // The head of a tar entry of 8 GiB, then zeros for ever.
        const head = Buffer.alloc(512);
        head.write("big", 0);
        head.write("0000644\0", 100);
        head.write("77777777777\0", 124);
        head.write("00000000000\0", 136);
        head.write("        0", 148);
        head.write(
          `${head
            .reduce((sum, byte) => sum + byte, 0)
            .toString(8)
            .padStart(6, "0")}\0 `,
          148,
        );
        yield head;
        for (;;) {
          await sleep(20);
          yield Buffer.alloc(1024);
          begun();
        }
      }
      return idle.putArchive("/tmp", endless(), { signal: upload });
    }),
  };
}

async function allUnderWay(docker: Docker, upload?: AbortController): Promise<Record<string, UnderWay>> {
  const command = ["sh", "-c", "trap 'exit 42' TERM; while :; do echo line; sleep 0.1; done"];
  const box = await docker.containers.start({ image: engine.image, command });
  const idle = await docker.containers.create({ Image: engine.image });
  const works: Record<string, UnderWay> = {};
  for (const [name, begun] of Object.entries(underWay(docker, box, idle, upload?.signal)))
    works[name] = await begun;
  upload?.abort();
  return works;
}

function told(outcome: unknown): string {
  if (outcome instanceof EngineGoneError) return "gone";
  if (outcome === "the end") return "ended";
  if (outcome instanceof ContainerExitError) return `exited with code ${outcome.exitCode}`;
  if (typeof outcome === "object" && outcome !== null && "StatusCode" in outcome) {
    return `exited with code ${String(outcome.StatusCode)}`;
  }
  return typeof outcome === "number"
    ? `exited with code ${outcome}`
    : `took for a success: ${JSON.stringify(outcome)}`;
}

describe("what is under way when the engine goes is an EngineGoneError, never an end", () => {
  test.each([
    ["kill", false],
    ["kill", true],
    ["terminate", true],
  ] as const)("%s, with liveRestore %s", async (end, liveRestore) => {
    await using own = await engine.startPrivate({ liveRestore });
    await using docker = new Docker({ host: own.host });
    const works = await allUnderWay(docker);
    await own[end]();

    const seen: Record<string, string> = {};
    for (const [name, { outcome }] of Object.entries(works)) seen[name] = told(await outcome);
    expect(seen).toEqual(Object.fromEntries(Object.keys(works).map((name) => [name, "gone"])));

    await expect(docker.containers.list()).rejects.toBeInstanceOf(ConnectionError);
    await expect(docker.containers.run({ image: engine.image })).rejects.toMatchObject({
      code: "CONNECTION_FAILED",
      host: own.host,
      message: expect.stringMatching(/Is the engine/) as string,
    });
  });

  test("an engine that is stopped ends its containers first: each tells the truth", async () => {
    await using own = await engine.startPrivate();
    await using docker = new Docker({ host: own.host });
    // An upload would keep the engine from ending its container for 15 seconds.
    const { "an upload": upload, ...works } = await allUnderWay(docker, new AbortController());
    expect(await upload?.outcome).toBeInstanceOf(DOMException);
    await own.terminate();

    const seen: Record<string, string> = {};
    for (const [name, { outcome }] of Object.entries(works)) seen[name] = told(await outcome);
    const { events, stats, ...others } = seen;
    expect({ events, stats }).toEqual({ events: "gone", stats: "gone" });
    for (const [name, one] of Object.entries(others)) {
      expect([name, one]).toEqual([name, expect.stringMatching(/^(gone|ended|exited with code (42|137))$/)]);
    }
  });

  test("the client goes on when the engine is back", async () => {
    await using own = await engine.startPrivate();
    await using docker = new Docker({ host: own.host });
    await docker.containers.list();
    await own.kill();
    await own.start();
    // Its idle connections have died unnoticed.
    const { stdout } = await docker.containers.run({ image: engine.image, command: ["echo", "back"] });
    expect(stdout).toBe("back\n");
  });

  test("a process whose engine goes exits by itself, with nothing unhandled", async () => {
    await using own = await engine.startPrivate();
    const child = runChildScript(`
      import { Docker } from ${JSON.stringify(sdk)};
      const docker = new Docker({ host: ${JSON.stringify(own.host)} });
      const command = ["sh", "-c", "echo begun; exec sleep 1000"];
      const box = await docker.containers.start({ image: ${JSON.stringify(engine.image)}, command, name: "box" });
      const attached = await box.attach();
      const unread = await box.spawn(["cat"], { stdin: true });
      const run = docker.containers.run({ image: ${JSON.stringify(engine.image)}, command, name: "run" });
      const names = [];
      try {
        for await (const _ of run) names.push("begun");
      } catch (error) {
        names.push(error.name);
      }
      console.log(names.join());
    `);
    await using docker = new Docker({ host: own.host });
    for await (const { Actor } of docker.system.events({ since: 1, filters: { event: "start" } })) {
      if (Actor.Attributes?.["name"] === "run") break;
    }
    await own.kill();
    const { stdout, stderr, exitCode } = await child;
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(stdout).toMatch(/^(begun,)?EngineGoneError\n$/);
  });
});
