import { describe, expect, test } from "vitest";
import { ConflictError, Docker, InvalidRequestError, NotFoundError } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { removedAfter } from "test-support/removed-after";

const docker = new Docker({ host: engine.host });
const { image } = engine;
const Labels = { [label]: "volumes" };

let count = 0;
const newName = (): string => `volumes-${process.pid}-${Date.now()}-${count++}`;

describe.concurrent("volumes", () => {
  test("create, inspect, list, remove", async () => {
    const Name = newName();
    await using volume = removedAfter(await docker.volumes.create({ Name, Labels }));
    expect(volume.id).toBe(Name);
    expect(await volume.inspect()).toMatchObject({ Name, Labels, Driver: "local", Scope: "local" });
    const { Volumes } = await docker.volumes.list({ filters: { name: Name } });
    expect(Volumes?.map((found) => found.Name)).toEqual([Name]);
    // The same again is the same volume.
    expect((await docker.volumes.create({ Name, Labels })).id).toBe(Name);
    await volume.remove();
    await expect(volume.inspect()).rejects.toBeInstanceOf(NotFoundError);
    await expect(volume.remove()).rejects.toMatchObject({ what: "volume" });
  });

  test("without a name the engine chooses one", async () => {
    await using volume = removedAfter(await docker.volumes.create({ Labels }));
    expect(volume.id).toMatch(/^[0-9a-f]{64}$/);
  });

  test("keep what one container writes for the next", async () => {
    await using volume = removedAfter(await docker.volumes.create({ Labels }));
    const run = async (script: string): Promise<string> => {
      const command = ["sh", "-c", script];
      const volumes = [`${volume.id}:/data`];
      return (await docker.containers.run({ image, labels: Labels, command, volumes })).stdout;
    };
    await run("echo kept > /data/file");
    expect(await run("cat /data/file")).toBe("kept\n");
  });

  test("in use it is not removed", async () => {
    await using volume = removedAfter(await docker.volumes.create({ Labels }));
    const user = await docker.containers.create({
      Image: image,
      Labels,
      HostConfig: { Binds: [`${volume.id}:/data`] },
    });
    const error = await volume.remove({ force: true }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ConflictError);
    expect(String(error)).toMatch(/volume is in use/);
    await user.remove();
  });

  test("what does not exist, or cannot be", async () => {
    await expect(docker.volumes.get("no-such-volume").inspect()).rejects.toBeInstanceOf(NotFoundError);
    await expect(docker.volumes.create({ Name: "a b" })).rejects.toBeInstanceOf(InvalidRequestError);
  });

  test.each(["", "..", "../images/x"])("%j is refused as a name", async (name) => {
    await expect(docker.volumes.get(name).remove()).rejects.toBeInstanceOf(TypeError);
    await expect(docker.volumes.get(name).inspect()).rejects.toThrow('"name"');
  });
});

test("prune leaves those in use, and from API 1.42 on named ones too unless asked", async () => {
  await using own = await engine.startPrivate();
  await using there = new Docker({ host: own.host });
  await there.volumes.create({ Name: "named" });
  const anonymous = await there.volumes.create();
  await there.containers.create({ Image: image, HostConfig: { Binds: ["used:/data"] } });
  const keepsNamed = Number(own.apiVersion.split(".")[1]) >= 42;

  const first = await there.volumes.prune();
  expect(first.VolumesDeleted?.toSorted()).toEqual(
    keepsNamed ? [anonymous.id] : [anonymous.id, "named"].toSorted(),
  );
  const rest = await there.volumes.prune({ filters: keepsNamed ? { all: true } : {} });
  expect(rest.VolumesDeleted ?? []).toEqual(keepsNamed ? ["named"] : []);
  expect((await there.volumes.list()).Volumes?.map(({ Name }) => Name)).toEqual(["used"]);
});
