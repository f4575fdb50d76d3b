import { expect } from "vitest";
import type { Cases } from "./send.ts";

export const networks = {
  async NetworkConnect(send, world) {
    const [network, box] = [
      await world.docker.networks.create({ Name: world.name() }),
      await world.running(),
    ];
    await send({
      path: { id: network.id },
      body: { Container: box.id, EndpointConfig: { Aliases: ["other"] } },
    });
    expect(Object.keys((await network.inspect()).Containers ?? {})).toEqual([box.id]);
  },

  async NetworkCreate(send, world) {
    const body = { Name: world.name(), Driver: "bridge", Internal: true, Labels: { made: "here" } };
    const { Id } = await send({ body });
    expect(await world.docker.networks.get(Id).inspect()).toMatchObject(body);
  },

  async NetworkDelete(send, world) {
    const network = await world.docker.networks.create({ Name: world.name() });
    await send({ path: { id: network.id } });
    await expect(network.inspect()).rejects.toMatchObject({ status: 404 });
  },

  async NetworkDisconnect(send, world) {
    const [network, box] = [
      await world.docker.networks.create({ Name: world.name() }),
      await world.running(),
    ];
    await network.connect(box);
    await send({ path: { id: network.id }, body: { Container: box.id, Force: true } });
    expect((await network.inspect()).Containers).toEqual({});
  },

  async NetworkInspect(send, world) {
    const Name = world.name();
    await world.docker.networks.create({ Name });
    expect(await send({ path: { id: Name }, query: { verbose: true, scope: "local" } })).toMatchObject({
      Name,
    });
  },

  async NetworkList(send, world) {
    const { id } = await world.docker.networks.create({ Name: world.name(), Labels: { listed: "1" } });
    expect((await send({ query: { filters: { label: ["listed=1"] } } })).map(({ Id }) => Id)).toEqual([id]);
  },

  async NetworkPrune(send, world) {
    const Name = world.name();
    await world.docker.networks.create({ Name, Labels: { pruned: "1" } });
    await world.docker.networks.create({ Name: world.name() });
    expect((await send({ query: { filters: { label: ["pruned"] } } })).NetworksDeleted).toEqual([Name]);
  },
} satisfies Partial<Cases>;
