import { createHash } from "node:crypto";
import type { PrivateEngine } from "test-support/engine";
import { engineCall } from "test-support/engine/engine-call";
import { clientsFor, FLOOR, OURS, PARSER_COST } from "../clients.ts";
import { compare, type Compared } from "../comparison.ts";
import { pieces } from "../random.mjs";
import type { Stage } from "../../scenario.ts";

const BATCH = 200;
const BATCHES = 5;
const STREAMED = 64 * 1024 * 1024;

/** 200 inspects at once, five times. */
export async function inspects(stage: Stage): Promise<Compared> {
  const engine = await stage.engine();
  const { socketPath } = engine;
  await using container = await sleepingContainer(engine);
  return await compare({
    contenders: clientsFor("inspects"),
    rounds: 7,
    parameters: { socketPath, id: container.id, batch: BATCH, batches: BATCHES },
    work: { amount: BATCH * BATCHES, unit: "inspects" },
    expected: { answer: { sum: BATCH * BATCHES * 64 } },
    targets: [{ of: OURS, measure: "clock", atMost: 1, times: "dockerode", unmet: PARSER_COST }],
  });
}

/** 64 MiB into the standard input of a container that is `cat`, and out of it. */
export async function attach(stage: Stage): Promise<Compared> {
  const { socketPath, image } = await stage.engine();
  return await compare({
    contenders: clientsFor("attach", ["undici", "docker-engine-sdk", "dockerode"]),
    rounds: 5,
    parameters: { socketPath, image, bytes: STREAMED },
    work: { amount: STREAMED / 1_000_000, unit: "MB" },
    expected: { answer: streamed() },
    targets: [{ of: OURS, measure: "clock", atMost: 1.1, times: FLOOR }],
  });
}

/** The same through an exec of `cat` in a container that runs. */
export async function exec(stage: Stage): Promise<Compared> {
  const engine = await stage.engine();
  const { socketPath } = engine;
  await using container = await sleepingContainer(engine);
  return await compare({
    contenders: clientsFor("exec", ["undici", "docker-engine-sdk", "dockerode"]),
    rounds: 5,
    parameters: { socketPath, id: container.id, bytes: STREAMED },
    work: { amount: STREAMED / 1_000_000, unit: "MB" },
    expected: { answer: streamed() },
    targets: [{ of: OURS, measure: "clock", atMost: 1.1, times: FLOOR }],
  });
}

/** From asking for a volume until its event is there; what is compared is the middle of 50 times. */
export async function events(stage: Stage): Promise<Compared> {
  const { socketPath } = await stage.engine();
  return await compare({
    contenders: clientsFor("events"),
    rounds: 5,
    parameters: { socketPath, count: 50, prefix: "bench" },
    expected: {},
    targets: [],
  });
}

function streamed(): Readonly<Record<string, unknown>> {
  const hash = createHash("sha256");
  for (const piece of pieces(STREAMED)) hash.update(piece);
  return { bytes: STREAMED, sha256: hash.digest("hex"), exitCode: 0 };
}

async function sleepingContainer({
  host,
  image,
}: PrivateEngine): Promise<{ readonly id: string } & AsyncDisposable> {
  const answer = await engineCall(host, "POST", "/containers/create", {
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ Image: image, Cmd: ["sleep", "100000"] }),
  });
  const { Id: id } = JSON.parse(answer) as { readonly Id: string };
  await engineCall(host, "POST", `/containers/${id}/start`);
  return {
    id,
    async [Symbol.asyncDispose]() {
      await engineCall(host, "DELETE", `/containers/${id}?force=1`);
    },
  };
}
