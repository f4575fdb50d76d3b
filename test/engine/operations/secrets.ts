import { expect } from "vitest";
import type { Cases } from "./send.ts";

const Data = Buffer.from("kept").toString("base64");

/** Secrets and configs, which are alike. */
export const secrets = {
  async ConfigCreate(send, world) {
    await world.swarm();
    const { ID } = await send({ body: { Name: world.name(), Data, Labels: { a: "1" } } });
    expect((await world.docker.configs.get(ID).inspect()).Spec.Data).toBe(Data);
  },

  async ConfigDelete(send, world) {
    await world.swarm();
    const config = await world.docker.configs.create({ Name: world.name(), Data });
    await send({ path: { id: config.id } });
    await expect(config.inspect()).rejects.toMatchObject({ status: 404 });
  },

  async ConfigInspect(send, world) {
    await world.swarm();
    const { id } = await world.docker.configs.create({ Name: world.name(), Data });
    expect(await send({ path: { id } })).toMatchObject({ ID: id, Spec: { Data } });
  },

  async ConfigList(send, world) {
    await world.swarm();
    const { id } = await world.docker.configs.create({ Name: world.name(), Data, Labels: { listed: "1" } });
    expect((await send({ query: { filters: { label: ["listed=1"] } } })).map(({ ID }) => ID)).toEqual([id]);
  },

  async ConfigUpdate(send, world) {
    await world.swarm();
    const config = await world.docker.configs.create({ Name: world.name(), Data });
    const { Version, Spec } = await config.inspect();
    const Labels = { changed: "1" };
    await send({ path: { id: config.id }, query: { version: Version.Index }, body: { ...Spec, Labels } });
    expect((await config.inspect()).Spec.Labels).toEqual(Labels);
  },

  async SecretCreate(send, world) {
    await world.swarm();
    const body = { Name: world.name(), Data, Labels: { a: "1" } };
    const { ID } = await send({ body });
    expect((await world.docker.secrets.get(ID).inspect()).Spec.Name).toBe(body.Name);
  },

  async SecretDelete(send, world) {
    await world.swarm();
    const secret = await world.docker.secrets.create({ Name: world.name(), Data });
    await send({ path: { id: secret.id } });
    await expect(secret.inspect()).rejects.toMatchObject({ status: 404 });
  },

  async SecretInspect(send, world) {
    await world.swarm();
    const { id } = await world.docker.secrets.create({ Name: world.name(), Data });
    expect(await send({ path: { id } })).toMatchObject({ ID: id });
  },

  async SecretList(send, world) {
    await world.swarm();
    const { id } = await world.docker.secrets.create({ Name: world.name(), Data, Labels: { listed: "1" } });
    expect((await send({ query: { filters: { label: ["listed=1"] } } })).map(({ ID }) => ID)).toEqual([id]);
  },

  async SecretUpdate(send, world) {
    await world.swarm();
    const secret = await world.docker.secrets.create({ Name: world.name(), Data });
    const { Version, Spec } = await secret.inspect();
    const Labels = { changed: "1" };
    await send({ path: { id: secret.id }, query: { version: Version.Index }, body: { ...Spec, Labels } });
    expect((await secret.inspect()).Spec.Labels).toEqual(Labels);
  },
} satisfies Partial<Cases>;
