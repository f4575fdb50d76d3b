/** The kinds of work that a soak mixes. Each checks its own result, and cleans up after itself if the engine lets it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Container, Docker } from "docker-engine-sdk";

/** What a job is given. */
export interface Job {
  readonly docker: Docker;
  /** An image with a shell. */
  readonly image: string;
  /** On everything that the job makes. */
  readonly labels: Readonly<Record<string, string>>;
  /** No two jobs have the same. */
  readonly number: number;
  readonly signal: AbortSignal;
}

/** The result was not what it had to be. */
export class WrongResult extends Error {}

function expectSame(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new WrongResult(`${what}: ${String(actual)} instead of ${String(expected)}`);
}

/** Resolves with what the work does; the container is gone then, or the engine was. */
async function withContainer<T>(
  { docker, image, labels, signal }: Job,
  command: readonly string[],
  work: (container: Container) => Promise<T>,
): Promise<T> {
  const container = await docker.containers.create(
    { Image: image, Cmd: command, Labels: labels },
    { signal },
  );
  try {
    await container.start({ signal });
    return await work(container);
  } finally {
    // Not with the job's signal: what is aborted is cleaned up, too.
    await container.remove({ force: true, volumes: true });
  }
}

async function run({ docker, image, labels, number, signal }: Job): Promise<void> {
  const command = ["sh", "-c", `echo out ${number}; echo err >&2; exit 3`];
  const { exitCode, stdout, stderr } = await docker.containers.run({
    image,
    command,
    labels,
    check: false,
    signal,
  });
  expectSame(stdout, `out ${number}\n`, "what run wrote");
  expectSame(stderr, "err\n", "what run wrote as errors");
  expectSame(exitCode, 3, "the exit code of run");
}

async function feed({ docker, image, labels, signal }: Job): Promise<void> {
  const input = Buffer.alloc(300_000, "0123456789abcdef");
  const { stdout } = await docker.containers.run({ image, command: ["wc", "-c"], input, labels, signal });
  expectSame(stdout.trim(), "300000", "what wc counted");
}

async function exec(job: Job): Promise<void> {
  await withContainer(job, ["sleep", "600"], async (container) => {
    const text = `line ${job.number}\n`.repeat(2000);
    const { stdout } = await container.exec(["cat"], { input: text, signal: job.signal });
    expectSame(stdout.length, text.length, "what exec gave back");
    const failed = await container.exec(["sh", "-c", "exit 7"], { check: false, signal: job.signal });
    expectSame(failed.exitCode, 7, "the exit code of exec");
  });
}

async function logs(job: Job): Promise<void> {
  const last = 3000;
  await withContainer(job, ["sh", "-c", `seq 1 ${last}`], async (container) => {
    let line = 0;
    for await (const { text } of container.logs({ follow: true, signal: job.signal }).lines()) {
      expectSame(text, String(++line), "a line of the log");
    }
    expectSame(line, last, "the lines of the log");
  });
}

/** Leaves a stream that goes on. */
async function leave(job: Job): Promise<void> {
  await withContainer(job, ["sh", "-c", "while :; do echo tick; sleep 0.1; done"], async (container) => {
    for await (const _ of container.logs({ follow: true, signal: job.signal }).lines()) break;
    for await (const _ of container.stats({ signal: job.signal })) break;
  });
}

async function build({ docker, image, labels, number, signal }: Job): Promise<void> {
  const builder = number % 2 === 0 ? "classic" : "buildkit";
  const label = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const Dockerfile = `FROM ${image}\nLABEL ${label.join(" ")}\nCOPY data /\nRUN echo built ${number}\n`;
  const context = { files: { Dockerfile, data: Buffer.alloc(200_000, String(number)) } };
  const built = await docker.images.build({ context, builder, signal });
  await built.remove({ force: true });
}

async function events(job: Job): Promise<void> {
  const [[name, value] = ["", ""]] = Object.entries(job.labels);
  const stop = new AbortController();
  const signal = AbortSignal.any([job.signal, stop.signal]);
  const filters = { event: "create", label: `${name}=${value}` } as const;
  const seen = (async () => {
    for await (const { Action } of job.docker.system.events({ filters, since: new Date(), signal }))
      return Action;
    return undefined;
  })();
  // Told below.
  seen.catch(() => undefined);
  try {
    await withContainer(job, ["true"], async () => undefined);
    expectSame(await seen, "create", "the event of a new container");
  } finally {
    stop.abort();
    await seen.catch(() => undefined);
  }
}

async function questions({ docker, image, signal }: Job): Promise<void> {
  await Promise.all([
    docker.system.info({ signal }),
    docker.containers.list({ all: true, signal }),
    docker.images.get(image).inspect({ signal }),
    docker.images.get(image).layers({ signal }),
    sleep(20),
  ]);
}

/** By name. */
export const jobs = { run, feed, exec, logs, leave, build, events, questions } satisfies Readonly<
  Record<string, (job: Job) => Promise<void>>
>;
