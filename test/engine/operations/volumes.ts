import { expect } from "vitest";
import type { Cases } from "./send.ts";

export const volumes = {
  async VolumeCreate(send, world) {
    const body = { Name: world.name(), Driver: "local", DriverOpts: { type: "tmpfs", device: "tmpfs" } };
    expect(await send({ body: { ...body, Labels: { made: "here" } } })).toMatchObject({
      Name: body.Name,
      Options: body.DriverOpts,
      Labels: { made: "here" },
    });
  },

  async VolumeDelete(send, world) {
    const volume = await world.docker.volumes.create();
    await send({ path: { name: volume.id }, query: { force: true } });
    await expect(volume.inspect()).rejects.toMatchObject({ status: 404 });
  },

  async VolumeInspect(send, world) {
    const { id } = await world.docker.volumes.create();
    expect(await send({ path: { name: id } })).toMatchObject({ Name: id, Driver: "local" });
  },

  async VolumeList(send, world) {
    const { id } = await world.docker.volumes.create({ Labels: { listed: "1" } });
    const { Volumes } = await send({ query: { filters: { label: ["listed=1"] } } });
    expect(Volumes?.map(({ Name }) => Name)).toEqual([id]);
  },

  async VolumePrune(send, world) {
    const { id } = await world.docker.volumes.create({ Labels: { pruned: "1" } });
    await world.docker.volumes.create();
    expect((await send({ query: { filters: { label: ["pruned=1"] } } })).VolumesDeleted).toEqual([id]);
  },

  async VolumeUpdate(send, world) {
    const { id } = await world.docker.volumes.create();
    const body = { Spec: { AccessMode: { Availability: "drain" } } };
    await send.refused("no driver of cluster volumes", /not found|cluster volume|swarm/i, {
      path: { name: id },
      query: { version: 1 },
      body,
    });
  },
} satisfies Partial<Cases>;
