import { afterAll, beforeAll, expect, test } from "vitest";
import { Docker, type OperationId } from "docker-engine-sdk";
import { recordEngine } from "test-support/engine-recorder";
import { engine } from "test-support/engine-under-test";
import { isRelease } from "test-support/engine/versions";
import { operations } from "../../packages/sdk/src/generated/operations.ts";
import { builds } from "./operations/builds.ts";
import { checkpoints } from "./operations/checkpoints.ts";
import { containers } from "./operations/containers.ts";
import { images } from "./operations/images.ts";
import { networks } from "./operations/networks.ts";
import { plugins } from "./operations/plugins.ts";
import { processes } from "./operations/processes.ts";
import { secrets } from "./operations/secrets.ts";
import { Sender, TooNew, type Case, type Cases } from "./operations/send.ts";
import { services } from "./operations/services.ts";
import { swarm } from "./operations/swarm.ts";
import { system } from "./operations/system.ts";
import { volumes } from "./operations/volumes.ts";
import { World } from "./operations/world.ts";

const inSwarm = { ...secrets, ...services, ...swarm };
const elsewhere = {
  ...builds,
  ...checkpoints,
  ...containers,
  ...images,
  ...networks,
  ...plugins,
  ...processes,
  ...system,
  ...volumes,
};
const cases: Cases = { ...elsewhere, ...inSwarm };

/** Where the swarm's operations are sent, whose cases begin and leave it. */
let alone: World;
/** Where all others are sent. */
let common: World;
const record: Record<string, readonly string[]> = {};

beforeAll(async () => {
  [alone, common] = await Promise.all([start([]), start(["--experimental"])]);
});

afterAll(async () => {
  await Promise.all([alone.engine.remove(), common.engine.remove()]);
});

async function start(daemonArgs: readonly string[]): Promise<World> {
  const own = await engine.startPrivate({ daemonArgs });
  const docker = new Docker({ host: own.host, credentials: {} });
  return new World(docker, own, await docker.images.get(own.image).inspect());
}

const all = Object.keys(operations) as readonly OperationId[];

// One after the other: 20.10.24 does not always survive two pushes of plugins at once.
test.each(all)("%s takes all its parameters", async (operation) => {
  const sender = await show(operation, operation in inSwarm ? alone : common);
  expect(sender.answers).not.toEqual([]);
  record[operation] = sender.answers;
});

test("what was answered is what docs/operations.md tells", async () => {
  const answered = Object.fromEntries(all.map((operation) => [operation, record[operation]]));
  expect(Object.values(answered)).not.toContain(undefined);
  // Somebody's own engine may be of any version.
  if (!isRelease(engine.version)) return;
  const json = JSON.stringify({ apiVersion: engine.apiVersion, operations: answered }, undefined, 2);
  await expect(`${json}\n`).toMatchFileSnapshot(`operations/record/${engine.version}.json`);
});

async function show<Op extends OperationId>(
  operation: Op,
  world: World,
  example: Case<Op> = cases[operation],
): Promise<Sender<Op>> {
  await using recorder = await recordEngine(world.engine.socketPath);
  const sender = new Sender(operation, recorder, world.engine.apiVersion);
  try {
    await example(sender.send, world);
    expect([...sender.query].toSorted()).toEqual(sender.known.toSorted());
    expect([...sender.headers].toSorted()).toEqual((sender.row.headers ?? []).toSorted());
  } catch (error) {
    if (!(error instanceof TooNew)) throw error;
  }
  return sender;
}
