import { expect } from "vitest";
import type { Plugin } from "docker-engine-sdk";
import { volumePlugin } from "test-support/volume-plugin";
import type { Cases } from "./send.ts";
import { registryAuth, type World } from "./world.ts";

const headers = { "X-Registry-Auth": registryAuth() };

async function made(world: World): Promise<Plugin> {
  return await world.docker.plugins.create(
    `${world.engine.registry}/${world.name()}:1`,
    await volumePlugin(),
  );
}

let reference: Promise<string> | undefined;

/** The reference of one in the registry. */
async function push(world: World): Promise<string> {
  const plugin = await made(world);
  await plugin.push();
  await plugin.remove();
  return plugin.id;
}

function pushed(world: World): Promise<string> {
  return (reference ??= push(world));
}

export const plugins = {
  async PluginCreate(send, world) {
    const name = `${world.name()}:1`;
    await send({ query: { name }, body: await volumePlugin() });
    expect((await world.docker.plugins.get(name).inspect()).Enabled).toBe(false);
  },

  async PluginDelete(send, world) {
    const plugin = await made(world);
    await plugin.enable();
    await send({ path: { name: plugin.id }, query: { force: true } });
    await expect(plugin.inspect()).rejects.toMatchObject({ status: 404 });
  },

  async PluginDisable(send, world) {
    const plugin = await made(world);
    await plugin.enable();
    await send({ path: { name: plugin.id }, query: { force: true } });
    expect((await plugin.inspect()).Enabled).toBe(false);
    await plugin.remove();
  },

  async PluginEnable(send, world) {
    const plugin = await made(world);
    await send({ path: { name: plugin.id }, query: { timeout: 20 } });
    expect((await plugin.inspect()).Enabled).toBe(true);
    await plugin.remove({ force: true });
  },

  async PluginInspect(send, world) {
    const { id } = await made(world);
    expect(await send({ path: { name: id } })).toMatchObject({ Name: id, Enabled: false });
  },

  async PluginList(send, world) {
    const plugin = await made(world);
    await plugin.enable();
    const enabled = await send({ query: { filters: { enabled: ["true"] } } });
    expect(enabled.map(({ Name }) => Name)).toContain(plugin.id);
    expect(enabled.filter(({ Enabled }) => !Enabled)).toEqual([]);
    await plugin.remove({ force: true });
  },

  async GetPluginPrivileges(send, world) {
    const remote = await pushed(world);
    const wanted = await send({ query: { remote }, headers });
    expect(wanted?.map(({ Name }) => Name)).toContain("capabilities");
  },

  async PluginPull(send, world) {
    const remote = await pushed(world);
    const name = `${world.name()}:local`;
    const body = await world.docker.plugins.privileges(remote);
    for await (const { error } of await send({ query: { remote, name }, headers, body })) {
      expect(error).toBeUndefined();
    }
    expect((await world.docker.plugins.get(name).inspect()).PluginReference).toContain(remote);
  },

  async PluginPush(send, world) {
    const { id: name } = await made(world);
    let digest: string | undefined;
    for await (const { aux } of await send({ path: { name }, headers })) digest = aux?.Digest ?? digest;
    expect((await world.docker.distribution.inspect(name)).Descriptor.digest).toBe(digest);
  },

  async PluginSet(send, world) {
    const plugin = await made(world);
    await send({ path: { name: plugin.id }, body: ["REFUSE=1"] });
    expect((await plugin.inspect()).Settings.Env).toEqual(["REFUSE=1"]);
  },

  async PluginUpgrade(send, world) {
    const remote = await pushed(world);
    const plugin = await made(world);
    const body = await world.docker.plugins.privileges(remote);
    for await (const { error } of await send({
      path: { name: plugin.id },
      query: { remote },
      headers,
      body,
    })) {
      expect(error).toBeUndefined();
    }
    expect((await plugin.inspect()).PluginReference).toContain(remote);
  },
} satisfies Partial<Cases>;
