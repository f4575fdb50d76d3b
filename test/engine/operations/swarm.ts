import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { Docker, type models } from "docker-engine-sdk";
import { connectEngines } from "test-support/engine/connect";
import { engine } from "test-support/engine-under-test";
import type { Cases } from "./send.ts";
import type { World } from "./world.ts";

async function leave(world: World): Promise<void> {
  await world.docker.swarm.leave({ force: true }).catch(() => undefined); // in none
}

/** A manager that has just begun still writes to its own specification. */
async function settledSwarm(world: World): Promise<models.Swarm> {
  for (let before = await world.docker.swarm.inspect(); ;) {
    await sleep(300);
    const now = await world.docker.swarm.inspect();
    if (now.Version.Index === before.Version.Index) return now;
    before = now;
  }
}

export const swarm = {
  async NodeDelete(send, world) {
    await world.swarm();
    const { Swarm } = await world.docker.system.info();
    const parameters = { path: { id: Swarm?.NodeID ?? "" }, query: { force: true } };
    await send.refused("the only manager", /manager/, parameters);
  },

  async NodeInspect(send, world) {
    await world.swarm();
    const { Swarm } = await world.docker.system.info();
    const id = Swarm?.NodeID ?? "";
    expect(await send({ path: { id } })).toMatchObject({ ID: id, ManagerStatus: { Leader: true } });
  },

  async NodeList(send, world) {
    await world.swarm();
    expect(await send({ query: { filters: { role: ["worker"] } } })).toEqual([]);
  },

  async NodeUpdate(send, world) {
    await world.swarm();
    const [{ ID, Version, Spec }] = (await world.docker.nodes.list()) as [
      Awaited<ReturnType<typeof world.docker.nodes.list>>[number],
    ];
    const Labels = { changed: "1" };
    await send({ path: { id: ID }, query: { version: Version.Index }, body: { ...Spec, Labels } });
    expect((await world.docker.nodes.get(ID).inspect()).Spec.Labels).toEqual(Labels);
  },

  async SwarmInit(send, world) {
    await leave(world);
    const addresses = { ListenAddr: "127.0.0.1:2377", AdvertiseAddr: "127.0.0.1", DataPathAddr: "127.0.0.1" };
    const pools = { DefaultAddrPool: ["10.200.0.0/16"], SubnetSize: 25, DataPathPort: 4790 };
    const Spec = { Labels: { made: "here" }, Orchestration: { TaskHistoryRetentionLimit: 3 } };
    const id = await send({ body: { ...addresses, ...pools, ForceNewCluster: false, Spec } });
    expect((await world.docker.nodes.get(id).inspect()).ManagerStatus?.Leader).toBe(true);
    expect(await world.docker.swarm.inspect()).toMatchObject({
      ...pools,
      Spec: { Orchestration: Spec.Orchestration },
    });
  },

  async SwarmInspect(send, world) {
    await world.swarm();
    expect((await send({})).JoinTokens?.Worker).toMatch(/^SWMTKN-1-/);
  },

  async SwarmJoin(send, world) {
    await leave(world);
    await using manager = await engine.startPrivate();
    const [here = "", there = ""] = await connectEngines([world.engine, manager]);
    const docker = new Docker({ host: manager.host });
    await docker.swarm.init({ AdvertiseAddr: there });
    const { Worker = "" } = (await docker.swarm.inspect()).JoinTokens ?? {};
    const addresses = { ListenAddr: "0.0.0.0:2377", AdvertiseAddr: here, DataPathAddr: here };
    await send({ body: { ...addresses, RemoteAddrs: [`${there}:2377`], JoinToken: Worker } });
    expect((await docker.nodes.list()).length).toBe(2);
    await leave(world);
  },

  async SwarmLeave(send, world) {
    await world.swarm();
    await send({ query: { force: true } });
    expect((await world.docker.system.info()).Swarm?.LocalNodeState).toBe("inactive");
  },

  async SwarmUnlock(send, world) {
    await leave(world);
    await world.swarm();
    const { docker } = world;
    await docker.swarm.change((spec) => ({ ...spec, EncryptionConfig: { AutoLockManagers: true } }));
    const UnlockKey = await docker.swarm.unlockKey();
    await world.engine.terminate();
    await world.engine.start();
    expect((await docker.system.info()).Swarm?.LocalNodeState).toBe("locked");
    await send({ body: { UnlockKey } });
    expect((await docker.system.info()).Swarm?.LocalNodeState).not.toBe("locked");
    await leave(world);
  },

  async SwarmUnlockkey(send, world) {
    await world.swarm();
    await world.docker.swarm.change((spec) => ({ ...spec, EncryptionConfig: { AutoLockManagers: true } }));
    expect((await send({})).UnlockKey).toMatch(/^SWMKEY-1-/);
    await leave(world);
  },

  async SwarmUpdate(send, world) {
    await world.swarm();
    const { Version, Spec, JoinTokens } = await settledSwarm(world);
    const rotate = { rotateWorkerToken: true, rotateManagerToken: true, rotateManagerUnlockKey: true };
    const Orchestration = { TaskHistoryRetentionLimit: 2 };
    await send({ query: { version: Version.Index, ...rotate }, body: { ...Spec, Orchestration } });
    const after = await world.docker.swarm.inspect();
    expect(after.Spec.Orchestration).toEqual(Orchestration);
    expect(after.JoinTokens?.Worker).not.toBe(JoinTokens?.Worker);
    expect(after.JoinTokens?.Manager).not.toBe(JoinTokens?.Manager);
  },
} satisfies Partial<Cases>;
