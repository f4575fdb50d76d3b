import { randomBytes } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { ConnectionError, Docker, EngineGoneError, OperationError, type ByteStream } from "docker-engine-sdk";
import type { PrivateEngine } from "test-support/engine";
import { proxyTo } from "test-support/engine-proxy";
import { engine } from "test-support/engine-under-test";
import { startEndlessRegistry } from "test-support/fake-registry";
import { tempDir } from "test-support/temp-dir";
import { begin, readAll, type UnderWay } from "test-support/under-way";

const MiB = 1024 * 1024;
type Work = (begun: () => void) => Promise<unknown>;

/** A tar whose only file never ends. */
async function* endlessTar(begun: () => void): AsyncGenerator<Uint8Array> {
  const head = Buffer.alloc(512);
  head.write("big", 0);
  head.write("0000644\0", 100);
  head.write("77777777777\0", 124); // 8 GiB
  head.write("00000000000\0", 136);
  head.write("        0", 148);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  yield head;
  for (let sent = 0; ; sent++) {
    await sleep(20);
    yield Buffer.alloc(1024);
    if (sent === 10) begun();
  }
}

/** Reads a little, waits until the engine has gone, and reads on. */
async function readAround(stream: ByteStream, begun: () => void, gone: Promise<void>): Promise<string> {
  let first = true;
  for await (const _ of stream) {
    if (first) begun();
    first = false;
    await gone;
  }
  return "the end";
}

interface Setting {
  readonly own: PrivateEngine;
  readonly docker: Docker;
  /** The same engine, 2 MiB a second. */
  readonly slow: Docker;
  /** Resolves a second after such a request has come by on the way to `slow`. */
  readonly underWay: (request: RegExp) => Promise<void>;
  readonly folder: string;
  readonly registry: { readonly image: string; readonly address: string };
  readonly gone: Promise<void>;
}

/** Everything whose data streams between us and the engine, and is not a container's output. */
async function transfers({
  docker,
  slow,
  underWay,
  folder,
  registry,
  gone,
}: Setting): Promise<Record<string, Work>> {
  const { image } = engine;
  const files = { Dockerfile: `FROM ${image}\nCOPY data /data\n`, data: randomBytes(8 * MiB) };
  const big = await docker.images.build({ context: { files }, tags: "big:1", builder: "classic" });
  await big.tag(`${registry.address}/big:1`);
  const command = ["sh", "-c", "dd if=/dev/zero of=/sparse bs=1 count=0 seek=1073741824; exec sleep 1000"];
  // Each with a container of its own: an upload locks it (20.10.24).
  const box = async (): Promise<Awaited<ReturnType<typeof docker.containers.start>>> =>
    await docker.containers.start({ image: big.id, command });
  const [forOut, forRead, forArchive, forExport] = [await box(), await box(), await box(), await box()];
  const idle = await docker.containers.create({ Image: image });
  const sparse = await open(`${folder}/sparse`, "w");
  await sparse.truncate(1024 * MiB);
  await sparse.close();

  const building = (builder: "classic" | "buildkit"): Work => {
    const Dockerfile = `FROM ${image}\nRUN echo begun; sleep 1000\n`;
    return async (begun) => {
      const build = docker.images.build({ context: { files: { Dockerfile } }, builder, noCache: true });
      await readAll(build, (event) => {
        if (JSON.stringify(event).includes("begun")) begun();
      });
      return await build;
    };
  };
  return {
    "a build with the classic builder": building("classic"),
    "a build with BuildKit": building("buildkit"),
    "the upload of a context": (begun) =>
      Promise.resolve(docker.images.build({ context: { tar: endlessTar(begun) }, builder: "classic" })),
    "a pull": async (begun) => {
      const pull = docker.images.pull(registry.image);
      await readAll(pull, (event) => {
        if (JSON.stringify(event).includes("ownloading")) begun();
      });
      return await pull;
    },
    "a push": async (begun) => {
      const push = docker.images.push(`${registry.address}/big:1`);
      await readAll(push, (event) => {
        if (JSON.stringify(event).includes("ushing")) begun();
      });
      return await push;
    },
    "a load": (begun) => Promise.resolve(docker.images.load(endlessTar(begun))),
    "an import": (begun) => Promise.resolve(docker.images.import(endlessTar(begun))),
    "a save": async (begun) => readAround(await big.save(), begun, gone),
    "an export": async (begun) => readAround(await forExport.export(), begun, gone),
    "an archive": async (begun) => readAround(await forArchive.archive("/data"), begun, gone),
    "a copy in": async (begun) => {
      void underWay(new RegExp(`^PUT \\S*/${idle.id}/archive`)).then(begun);
      await slow.containers.get(idle.id).copyIn(`${folder}/sparse`, "/tmp");
      return "copied";
    },
    "a copy out": async (begun) => {
      const watch = setInterval(() => {
        // Zeros become a hole: its size tells nothing.
        stat(`${folder}/out/sparse`).then(begun, () => undefined);
      }, 50);
      await slow.containers
        .get(forOut.id)
        .copyOut("/sparse", `${folder}/out`)
        .finally(() => clearInterval(watch));
      return "copied";
    },
    "a file that is read": async (begun) => {
      void underWay(new RegExp(`^GET \\S*/${forRead.id}/archive`)).then(begun);
      return (await slow.containers.get(forRead.id).readFile("/sparse", { maxBytes: 2 ** 31 })).length;
    },
  };
}

/** The logs of services and tasks, which a manager passes on. */
async function swarmLogs({ docker }: Setting): Promise<Record<string, Work>> {
  await docker.swarm.init({ AdvertiseAddr: "127.0.0.1" });
  const Command = ["sh", "-c", "while :; do echo line; sleep 0.1; done"];
  const ContainerSpec = { Image: engine.image, Command, StopSignal: "SIGKILL" };
  const service = await docker.services.create({ Name: "talks", TaskTemplate: { ContainerSpec } });
  await service.rollout();
  const [task] = await docker.tasks.list({ filters: { service: "talks" } });
  return {
    "the logs of a service": (begun) => readAll(service.logs({ follow: true }), begun),
    "the logs of a task": (begun) => readAll(docker.tasks.get(task?.ID ?? "").logs({ follow: true }), begun),
  };
}

function told(outcome: unknown): string {
  if (outcome instanceof EngineGoneError) return "gone";
  if (outcome instanceof OperationError) return "failed";
  if (outcome instanceof Error) return `threw ${outcome.name}: ${outcome.message}`;
  return `took for a success: ${JSON.stringify(outcome)}`;
}

describe("a transfer under way when the engine goes fails, and never looks complete", () => {
  test.each(["kill", "terminate"] as const)("%s", async (end) => {
    await using own = await engine.startPrivate();
    await using docker = new Docker({ host: own.host, credentials: {} });
    await using proxy = await proxyTo(own.host, 2 * MiB);
    await using slow = new Docker({ host: proxy.host, credentials: {} });
    await using folder = await tempDir();
    await using registry = await startEndlessRegistry(own);
    let hasGone: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (hasGone = resolve));
    const underWay = async (request: RegExp): Promise<void> => {
      await proxy.requested(request);
      await sleep(1000);
    };
    const setting: Setting = { own, docker, slow, underWay, folder: folder.path, registry, gone };

    const works: Record<string, UnderWay> = {};
    const all = { ...(await swarmLogs(setting)), ...(await transfers(setting)) };
    for (const [name, work] of Object.entries(all)) works[name] = await begin(work);
    await own[end]();
    hasGone();

    const seen: Record<string, string> = {};
    for (const [name, { outcome }] of Object.entries(works)) seen[name] = told(await outcome);
    if (end === "kill") {
      expect(seen).toEqual(Object.fromEntries(Object.keys(works).map((name) => [name, "gone"])));
    } else {
      // An engine that stops may still tell that it has given up the work.
      for (const [name, one] of Object.entries(seen)) {
        expect([name, one]).toEqual([name, expect.stringMatching(/^(gone|failed)$/)]);
      }
    }
    await expect(docker.containers.list()).rejects.toBeInstanceOf(ConnectionError);
  });
});
