import { describe, expect, test } from "vitest";
import {
  AccessDeniedError,
  ConflictError,
  Docker,
  DockerError,
  NotFoundError,
  type Container,
} from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { removedAfter } from "test-support/removed-after";

const docker = new Docker({ host: engine.host });
const { image } = engine;
const labels = { [label]: "networks" };

let count = 0;
const newName = (): string => `networks-${process.pid}-${Date.now()}-${count++}`;

async function sleeper(network: string): Promise<Container & AsyncDisposable> {
  return removedAfter(await docker.containers.start({ image, command: ["sleep", "1000"], labels, network }));
}

describe.concurrent("networks", () => {
  test("create, inspect, list, remove", async () => {
    const Name = newName();
    await using network = removedAfter(
      await docker.networks.create({
        Name,
        Labels: labels,
        Internal: true,
        Options: { "com.docker.network.bridge.enable_icc": "false" },
      }),
    );
    const { Id, Internal, Options, Driver, Labels } = await network.inspect();
    expect({ Id, Internal, Options, Driver, Labels }).toEqual({
      Id: network.id,
      Internal: true,
      Options: { "com.docker.network.bridge.enable_icc": "false" },
      Driver: "bridge",
      Labels: labels,
    });
    expect((await docker.networks.get(Name).inspect()).Id).toBe(network.id);
    const listed = await docker.networks.list({ filters: { name: Name, driver: ["bridge", "host"] } });
    expect(listed.map(({ Id }) => Id)).toEqual([network.id]);
    await network.remove();
    await expect(network.inspect()).rejects.toBeInstanceOf(NotFoundError);
    await expect(network.remove()).rejects.toMatchObject({ what: "network" });
    await expect(network.remove({ force: true })).resolves.toBeUndefined();
  });

  test("a taken name is a conflict", async () => {
    const Name = newName();
    await using _ = removedAfter(await docker.networks.create({ Name, Labels: labels }));
    const error = await docker.networks.create({ Name, Labels: labels }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConflictError);
    expect(String(error)).toContain(`network with name ${Name} already exists`);
  });

  test("connect under an alias, reach, disconnect", async () => {
    await using network = removedAfter(await docker.networks.create({ Name: newName(), Labels: labels }));
    await using server = await sleeper("bridge");
    await using client = await sleeper(network.id);
    await network.connect(server, { Aliases: ["served"] });
    const { Containers } = await network.inspect();
    expect(Object.keys(Containers ?? {}).toSorted()).toEqual([server.id, client.id].toSorted());
    const address = (await client.exec(["nslookup", "served"], { check: false })).stdout;
    const { Networks } = (await server.inspect()).NetworkSettings;
    const connected = Object.values(Networks ?? {}).find(({ NetworkID }) => NetworkID === network.id);
    expect(connected?.Aliases).toContain("served");
    expect(address).toContain(connected?.IPAddress);

    // 403 on all engines seen, 20.10.24 to 28.5.2; the documentation does not tell.
    await expect(network.connect(server)).rejects.toBeInstanceOf(AccessDeniedError);
    await network.disconnect(server);
    expect(Object.keys((await network.inspect()).Containers ?? {})).toEqual([client.id]);
    await expect(network.disconnect(server)).rejects.toBeInstanceOf(DockerError);
    await network.disconnect(client.id, { force: true });
  });

  test("a network in use is not removed", async () => {
    await using network = removedAfter(await docker.networks.create({ Name: newName(), Labels: labels }));
    await using user = await sleeper(network.id);
    const error = await network.remove().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AccessDeniedError);
    expect(String(error)).toMatch(/has active endpoints/);
    await user.remove({ force: true });
  });

  test("what does not exist, and what is the engine's own", async () => {
    await expect(docker.networks.get("no-such-net").inspect()).rejects.toBeInstanceOf(NotFoundError);
    await expect(docker.networks.get("no-such-net").connect("no-such-box")).rejects.toBeInstanceOf(
      NotFoundError,
    );
    await expect(docker.networks.get("bridge").connect("no-such-box")).rejects.toThrow(/no such container/i);
    await expect(docker.networks.get("bridge").remove()).rejects.toBeInstanceOf(AccessDeniedError);
  });

  test.each(["", "..", "../images/x"])("%j is refused as an id", async (id) => {
    await expect(docker.networks.get(id).remove()).rejects.toBeInstanceOf(TypeError);
  });
});

test("prune removes what no container uses, and tells its name", async () => {
  await using own = await engine.startPrivate();
  await using there = new Docker({ host: own.host });
  await there.networks.create({ Name: "unused", Labels: labels });
  const used = await there.networks.create({ Name: "used", Labels: labels });
  await there.containers.start({ image, command: ["sleep", "1000"], network: used.id });
  expect(await there.networks.prune({ filters: { label: "none" } })).toEqual({ NetworksDeleted: null });
  expect(await there.networks.prune()).toEqual({ NetworksDeleted: ["unused"] });
  await used.inspect();
});
