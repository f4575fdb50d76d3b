import { afterAll, beforeAll, expect, test } from "vitest";
import { Docker, DockerError, NotFoundError, type Container } from "docker-engine-sdk";
import type { PrivateEngine } from "test-support/engine";
import { engine } from "test-support/engine-under-test";

let own: PrivateEngine;
let docker: Docker;
let box: Container;

beforeAll(async () => {
  own = await engine.startPrivate({ daemonArgs: ["--experimental"] });
  docker = new Docker({ host: own.host });
  box = await docker.containers.start({ image: own.image, command: ["sleep", "1000"] });
});

afterAll(async () => {
  await own.remove();
});

test("a container has none at first", async () => {
  expect(await box.checkpoints.list()).toEqual([]);
  await expect(box.checkpoints.list({ dir: "/var/tmp/none" })).rejects.toThrow(/does not exist/);
  await expect(docker.containers.get("no-such").checkpoints.list()).rejects.toBeInstanceOf(NotFoundError);
});

test("without criu none can be taken: the container goes on, and the engine's reason is told", async () => {
  const error = await box.checkpoints.create({ CheckpointID: "first", Exit: false }).catch((e: unknown) => e);
  expect(error).toMatchObject({ operation: "CheckpointCreate" });
  expect(String(error)).toContain("criu");
  expect((await box.inspect()).State.Running).toBe(true);
});

test("what is not there cannot be restored or removed", async () => {
  await using stopped = Object.assign(
    await docker.containers.create({ Image: own.image, Cmd: ["sleep", "1000"] }),
    { [Symbol.asyncDispose]: () => stopped.remove({ force: true }) },
  );
  const missing = stopped.checkpoints.get("missing");
  const error = await missing.restore().catch((e: unknown) => e);
  expect(DockerError.is(error) && error.operation).toBe("ContainerStart");
  await expect(missing.remove()).rejects.toMatchObject({ operation: "CheckpointDelete" });
});

test("an engine that is not experimental says so", async () => {
  await using plain = await engine.startPrivate();
  const client = new Docker({ host: plain.host });
  const error = await client.containers
    .get("any")
    .checkpoints.list()
    .catch((e: unknown) => e);
  expect(DockerError.is(error)).toBe(true);
  expect(String(error)).toMatch(/experimental|page not found/);
});
