import { expect } from "vitest";
import { isOlder, type Cases } from "./send.ts";

export const system = {
  async SystemAuth(send, world) {
    const { address, credentials } = await world.engine.startRegistry({ port: 5002, htpasswd: true });
    const body = { ...credentials, serveraddress: address };
    expect((await send({ body })).Status).toBe("Login Succeeded");
    await send.refused("a wrong password", /401|unauthorized/i, { body: { ...body, password: "wrong" } });
  },

  async SystemDataUsage(send, world) {
    const usage = await send({ query: { type: ["image", "volume"], verbose: true } });
    expect(usage.Images?.length).toBeGreaterThan(0);
    if (!isOlder(world.engine.apiVersion, "1.42")) expect(usage.Containers).toBeFalsy();
  },

  async SystemEvents(send, world) {
    const since = Math.floor(Date.now() / 1000) - 1;
    const { id } = await world.running();
    const until = Math.floor(Date.now() / 1000) + 1;
    const filters = { container: [id], event: ["start"] };
    const actions: (string | undefined)[] = [];
    for await (const { Action } of await send({ query: { since, until, filters } })) actions.push(Action);
    expect(actions).toEqual(["start"]);
  },

  async SystemInfo(send, world) {
    expect((await send({})).ID).toBe((await world.docker.system.info()).ID);
  },

  async SystemPing(send) {
    expect(await send({})).toBe("OK");
  },

  async SystemPingHead(send) {
    await send({});
    expect(send.last).toMatchObject({ method: "HEAD", url: "/_ping", status: 200 });
  },

  async SystemVersion(send, world) {
    expect((await send({})).ApiVersion).toBe(world.engine.apiVersion);
  },
} satisfies Partial<Cases>;
