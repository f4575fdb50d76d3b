import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineCall } from "test-support/engine/engine-call";
import { clientsFor, dockerCli, OURS } from "../clients.ts";
import { compare, type Compared } from "../comparison.ts";
import type { Contender } from "../contender.ts";
import { randomBytes } from "../random.mjs";
import { runProcess } from "../../harness.ts";
import type { Stage } from "../../scenario.ts";

const FLOOR = "curl";
const IMAGE = "bench-large:latest";
const SIZE = 300;

/** An image of 300 MB out of the engine, to nowhere. */
export async function save(stage: Stage): Promise<Compared> {
  const { host, socketPath } = await stage.engine();
  await using _ = await largeImage(host, socketPath);
  const url = `${curl(socketPath)} 'http://d/v1.41/images/get?names=${IMAGE}'`;
  const bytes = Number((await runProcess(["bash", "-c", `${url} | wc -c`])).output);
  return await compare({
    contenders: [
      { name: FLOOR, command: `${url} > /dev/null` },
      ...clientsFor("save"),
      ...dockerCli(socketPath, `save ${IMAGE}`),
    ],
    rounds: 3,
    parameters: { socketPath, image: IMAGE },
    work: { amount: SIZE, unit: "MB" },
    // Engines without containerd's store write the times of their files into it: no two are the same.
    expected: { answer: { bytes } },
    targets: [
      { of: OURS, measure: "clock", atMost: 1.25, times: FLOOR },
      { of: OURS, measure: "MB", atMost: 135 },
    ],
  });
}

/** The same image from a file into the engine. */
export async function load(stage: Stage): Promise<Compared> {
  const { host, socketPath } = await stage.engine();
  await using image = await largeImage(host, socketPath);
  const file = join(image.folder, "image.tar");
  const query = `'http://d/v1.41/images/get?names=${IMAGE}'`;
  await runProcess(["bash", "-c", `${curl(socketPath)} -o ${file} ${query}`]);
  const tar = "-H 'Content-Type: application/x-tar' -H 'Expect:' -X POST";
  const contenders: readonly Contender[] = [
    {
      name: FLOOR,
      command: `${curl(socketPath)} ${tar} -T ${file} http://d/v1.41/images/load > /dev/null`,
    },
    ...clientsFor("load"),
    ...dockerCli(socketPath, `load -i ${file}`).map(({ name, command }) => ({ name, command })),
  ];
  return await compare({
    contenders,
    rounds: 3,
    parameters: { socketPath, file, tag: IMAGE },
    work: { amount: SIZE, unit: "MB" },
    prepare: async () => {
      await remove(host, IMAGE);
    },
    expected: {
      answer: { image: IMAGE },
      fault: () =>
        engineCall(host, "GET", `/images/${IMAGE}/json`).then(
          () => undefined,
          () => "loaded nothing",
        ),
    },
    targets: [
      { of: OURS, measure: "clock", atMost: 1.25, times: FLOOR },
      { of: OURS, measure: "MB", atMost: 135 },
    ],
  });
}

/** An image of 8 MB to a registry beside the engine. */
export async function push(stage: Stage): Promise<Compared> {
  const { host, socketPath, registry } = await stage.engine();
  await using remote = await smallImage(host, socketPath, registry);
  return await compare({
    contenders: clientsFor("push"),
    rounds: 5,
    parameters: { socketPath, remote: remote.name },
    expected: { answer: { events: true } },
    targets: [],
  });
}

/** And back, when the engine has it no more. */
export async function pull(stage: Stage): Promise<Compared> {
  const { host, socketPath, registry } = await stage.engine();
  await using remote = await smallImage(host, socketPath, registry);
  const path = `/images/${remote.name}`;
  const headers = { "X-Registry-Auth": "e30=" };
  await engineCall(host, "POST", `/images/${registry}/bench-small/push?tag=latest`, { headers });
  return await compare({
    contenders: clientsFor("pull"),
    rounds: 5,
    parameters: { socketPath, remote: remote.name },
    prepare: async () => {
      await remove(host, remote.name);
    },
    expected: {
      answer: { events: true },
      fault: () =>
        engineCall(host, "GET", `${path}/json`).then(
          () => undefined,
          () => "pulled nothing",
        ),
    },
    targets: [],
  });
}

function largeImage(
  host: string,
  socketPath: string,
): Promise<{ readonly folder: string } & AsyncDisposable> {
  return imported(host, socketPath, IMAGE, SIZE);
}

async function smallImage(
  host: string,
  socketPath: string,
  registry: string,
): Promise<{ readonly name: string } & AsyncDisposable> {
  const name = `${registry}/bench-small:latest`;
  const image = await imported(host, socketPath, name, 8);
  return { ...image, name };
}

/** An image of one file of random bytes. */
async function imported(
  host: string,
  socketPath: string,
  name: string,
  megabytes: number,
): Promise<{ readonly folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "bench-image-"));
  await writeFile(join(folder, "data"), randomBytes(megabytes * 1_000_000));
  const query = `fromSrc=-&repo=${name.replace(/:latest$/, "")}&tag=latest`;
  const url = `'http://d/v1.41/images/create?${query}'`;
  const command = `tar -C ${folder} -c data | ${curl(socketPath)} -X POST -H 'Expect:' -T - ${url}`;
  const child = spawn("bash", ["-c", command], { stdio: "ignore" });
  await once(child, "exit");
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await remove(host, name);
      await rm(folder, { recursive: true });
    },
  };
}

async function remove(host: string, image: string): Promise<void> {
  // It may be gone already.
  await engineCall(host, "DELETE", `/images/${image}?force=1`).catch(() => undefined);
}

function curl(socketPath: string): string {
  return `curl --silent --show-error --fail --unix-socket ${socketPath}`;
}
