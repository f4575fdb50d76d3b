import { expect } from "vitest";
import type { Cases } from "./send.ts";
import { registryAuth } from "./world.ts";

const logsQuery = { details: true, follow: false, stdout: true, stderr: true, timestamps: true, tail: 5 };

export const services = {
  async ServiceCreate(send, world) {
    await world.swarm();
    const TaskTemplate = { ContainerSpec: { Image: world.engine.image, Command: ["sleep", "1000"] } };
    const body = { Name: world.name(), TaskTemplate, Mode: { Replicated: { Replicas: 0 } } };
    const { ID } = await send({ headers: { "X-Registry-Auth": registryAuth() }, body });
    expect((await world.docker.services.get(ID).inspect()).Spec.Name).toBe(body.Name);
  },

  async ServiceDelete(send, world) {
    const { ID } = await world.service();
    await send({ path: { id: ID } });
    await expect(world.docker.services.get(ID).inspect()).rejects.toMatchObject({ status: 404 });
  },

  async ServiceInspect(send, world) {
    const { ID } = await world.service();
    const { Spec } = await send({ path: { id: ID }, query: { insertDefaults: true } });
    expect(Spec.UpdateConfig?.Parallelism).toBe(1);
  },

  async ServiceList(send, world) {
    const { ID, Spec } = await world.service();
    const query = { filters: { name: [Spec.Name ?? ""] }, status: true };
    expect(await send({ query })).toEqual([
      expect.objectContaining({ ID, ServiceStatus: expect.objectContaining({ DesiredTasks: 1 }) }),
    ]);
  },

  async ServiceLogs(send, world) {
    const { ID } = await world.service();
    const since = Math.floor(Date.now() / 1000) - 3600;
    const log = await send({ path: { id: ID }, query: { ...logsQuery, since } });
    expect(await log.text()).toMatch(/com\.docker\.swarm\.service\.id=\w+.* said\n/);
  },

  async ServiceUpdate(send, world) {
    const { ID } = await world.service();
    const service = world.docker.services.get(ID);
    const headers = { "X-Registry-Auth": registryAuth() };
    const first = await service.inspect();
    const Mode = { Replicated: { Replicas: 0 } };
    await send({
      path: { id: ID },
      query: { version: first.Version.Index },
      headers,
      body: { ...first.Spec, Mode },
    });
    expect((await service.inspect()).Spec.Mode).toMatchObject(Mode);

    const { Version, Spec } = await service.inspect();
    const query = {
      version: Version.Index,
      registryAuthFrom: "previous-spec",
      rollback: "previous",
    } as const;
    await send({ path: { id: ID }, query, body: Spec });
    expect((await service.inspect()).Spec.Mode).toEqual(first.Spec.Mode);
  },

  async TaskInspect(send, world) {
    const { ID, ServiceID } = await world.task();
    expect(await send({ path: { id: ID } })).toMatchObject({ ID, ServiceID });
  },

  async TaskList(send, world) {
    const { ID, ServiceID = "" } = await world.task();
    const query = { filters: { service: [ServiceID], "desired-state": ["running"] } };
    expect((await send({ query })).map((task) => task.ID)).toEqual([ID]);
  },

  async TaskLogs(send, world) {
    const { ID } = await world.task();
    const since = Math.floor(Date.now() / 1000) - 3600;
    const log = await send({ path: { id: ID }, query: { ...logsQuery, since } });
    expect(await log.text()).toMatch(/com\.docker\.swarm\.task\.id=\w+.* said\n/);
  },
} satisfies Partial<Cases>;
