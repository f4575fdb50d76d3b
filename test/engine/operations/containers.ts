import { expect } from "vitest";
import type { Container } from "docker-engine-sdk";
import { tarEntries } from "test-support/tar-entries";
import type { Cases } from "./send.ts";
import { tarOf } from "./world.ts";

async function stateOf(box: Container): Promise<string | undefined> {
  return (await box.inspect()).State.Status;
}

export const containers = {
  async ContainerArchive(send, world) {
    const { id } = await world.created();
    const tar = await send({ path: { id }, query: { path: "/etc/passwd" } });
    expect((await tarEntries(await tar.bytes()))[0]?.name).toBe("passwd");
  },

  async ContainerArchiveInfo(send, world) {
    const { id } = await world.created();
    await send({ path: { id }, query: { path: "/etc/passwd" } });
    await send.refused("no such file", /404/, { path: { id }, query: { path: "/etc/no such" } });
  },

  async ContainerChanges(send, world) {
    const { id } = await world.ended("touch", "/new");
    expect(await send({ path: { id } })).toContainEqual({ Kind: 1, Path: "/new" });
  },

  async ContainerCreate(send, world) {
    const name = world.name();
    const body = { Image: world.engine.image, Cmd: ["true"], HostConfig: { AutoRemove: true } };
    const { Id } = await send({ query: { name, platform: world.platformText }, body });
    expect((await world.docker.containers.get(Id).inspect()).Name).toBe(`/${name}`);
  },

  async ContainerDelete(send, world) {
    const linked = await world.running();
    const box = await world.running({
      Volumes: { "/data": {} },
      HostConfig: { Links: [`${linked.id}:alias`] },
    });
    const { Name, Mounts } = await box.inspect();
    await send({ path: { id: `${Name.slice(1)}/alias` }, query: { link: true } });
    expect((await box.inspect()).HostConfig?.Links ?? []).toEqual([]);
    await send({ path: { id: box.id }, query: { v: true, force: true } });
    await expect(box.inspect()).rejects.toMatchObject({ status: 404 });
    const volume = world.docker.volumes.get(Mounts?.[0]?.Name ?? "");
    await expect(volume.inspect()).rejects.toMatchObject({ status: 404 });
  },

  async ContainerExport(send, world) {
    const { id } = await world.created();
    const tar = await send({ path: { id } });
    expect((await tarEntries(await tar.bytes())).map(({ name }) => name)).toContain("etc/passwd");
  },

  async ContainerInspect(send, world) {
    const { id } = await world.created();
    expect(await send({ path: { id }, query: { size: true } })).toMatchObject({
      Id: id,
      SizeRootFs: expect.any(Number),
    });
  },

  async ContainerKill(send, world) {
    const box = await world.running({
      Cmd: ["sh", "-c", "trap 'exit 42' USR1; while :; do sleep 0.1; done"],
    });
    await box.exec(["sleep", "0.3"]); // until the trap is set
    await send({ path: { id: box.id }, query: { signal: "SIGUSR1" } });
    expect((await box.wait()).StatusCode).toBe(42);
  },

  async ContainerList(send, world) {
    const { id } = await world.created({ Labels: { listed: "1" } });
    await world.created({ Labels: { listed: "2" } });
    const query = { all: true, limit: 5, size: true, filters: { label: ["listed=1"] } };
    const found = await send({ query });
    expect(found).toEqual([expect.objectContaining({ Id: id, SizeRootFs: expect.any(Number) })]);
  },

  async ContainerLogs(send, world) {
    const { id } = await world.ended("sh", "-c", "echo one; sleep 0.1; echo two; sleep 0.1; echo three >&2");
    const time = Math.floor(Date.now() / 1000);
    const all = { follow: true, stdout: true, stderr: true, timestamps: true, details: true, format: "text" };
    const log = await send({
      path: { id },
      query: { ...all, tail: 2, since: time - 3600, until: time + 3600 },
    });
    const text = await log.text();
    expect(text).toContain("two\n");
    expect(text).toContain("three\n");
    expect(text).not.toContain("one\n");
  },

  async ContainerPause(send, world) {
    const box = await world.running();
    await send({ path: { id: box.id } });
    expect(await stateOf(box)).toBe("paused");
    await box.unpause();
  },

  async ContainerPrune(send, world) {
    const { id } = await world.created({ Labels: { pruned: "1" } });
    await world.created();
    expect((await send({ query: { filters: { label: ["pruned"] } } })).ContainersDeleted).toEqual([id]);
  },

  async ContainerRename(send, world) {
    const box = await world.created();
    const name = world.name();
    await send({ path: { id: box.id }, query: { name } });
    expect((await box.inspect()).Name).toBe(`/${name}`);
  },

  async ContainerRestart(send, world) {
    const box = await world.running();
    const before = (await box.inspect()).State.StartedAt;
    await send({ path: { id: box.id }, query: { t: 1, signal: "SIGKILL" } });
    expect((await box.inspect()).State.StartedAt).not.toBe(before);
  },

  async ContainerStart(send, world) {
    const box = await world.created();
    await send({ path: { id: box.id }, query: { detachKeys: "ctrl-x" } });
    expect(await stateOf(box)).toBe("running");
    const { id } = await world.created();
    const query = { checkpoint: "none", "checkpoint-dir": "/var/tmp" };
    await send.refused("no such checkpoint", /checkpoint|no such file/, { path: { id }, query });
  },

  async ContainerStats(send, world) {
    const { id } = await world.sleeper();
    const samples = await send({ path: { id }, query: { stream: false, "one-shot": true } });
    expect((await samples.first()).memory_stats?.usage).toBeGreaterThan(0);
  },

  async ContainerStop(send, world) {
    const box = await world.running();
    await send({ path: { id: box.id }, query: { t: 1, signal: "SIGKILL" } });
    expect(await stateOf(box)).toBe("exited");
  },

  async ContainerUnpause(send, world) {
    const box = await world.running();
    await box.pause();
    await send({ path: { id: box.id } });
    expect(await stateOf(box)).toBe("running");
  },

  async ContainerUpdate(send, world) {
    const box = await world.created();
    const RestartPolicy = { Name: "on-failure", MaximumRetryCount: 3 };
    await send({ path: { id: box.id }, body: { RestartPolicy } });
    expect((await box.inspect()).HostConfig?.RestartPolicy).toEqual(RestartPolicy);
  },

  async PutContainerArchive(send, world) {
    const box = await world.created();
    const query = { path: "/tmp", noOverwriteDirNonDir: true, copyUIDGID: true };
    await send({ path: { id: box.id }, query, body: await tarOf({ put: "there" }) });
    expect(new TextDecoder().decode(await box.readFile("/tmp/put"))).toBe("there");
  },
} satisfies Partial<Cases>;
