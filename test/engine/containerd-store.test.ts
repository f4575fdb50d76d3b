import { describe, expect, test } from "vitest";
import { Docker, NotFoundError, ServerError, TransferError } from "docker-engine-sdk";
import { engine } from "test-support/engine-under-test";

const [major = 0] = engine.version.split(".").map(Number);

// It is the default from Docker 29 on, and can be switched on from the command line since 28.
describe.runIf(major >= 28)("with the containerd image store", () => {
  test("build, push, pull, save, load and their failures", async () => {
    await using alone = await engine.startPrivate({ daemonArgs: ["--feature=containerd-snapshotter=true"] });
    await using docker = new Docker({ host: alone.host, credentials: {} });
    expect((await docker.system.info()).Driver).toBe("overlayfs");

    const name = `${alone.registry}/app:1`;
    const text = `FROM ${alone.image}\nRUN echo hi > /hi\n`;
    const image = await docker.images.build({ context: "none", dockerfile: { text }, tags: name });
    expect((await image.inspect()).RootFS.Layers).toHaveLength(2);
    expect((await image.history())[0]?.CreatedBy).toContain("echo hi");

    const pushed = await docker.images.push(name);
    expect(pushed).toMatchObject({ reference: name, tag: "1", digest: expect.stringMatching(/^sha256:/) });
    const { Id } = await docker.images.get(name).inspect();
    await docker.images.get(name).remove({ force: true });
    expect((await (await docker.images.pull(name)).inspect()).Id).toBe(Id);

    const saved = await (await docker.images.save(name)).bytes();
    await docker.images.get(name).remove({ force: true });
    expect((await docker.images.load(saved)).map(({ id }) => id)).toEqual([name]);
    expect((await docker.images.get(name).inspect()).Id).toBe(Id);

    const repository = `${alone.registry}/all`;
    for (const tag of ["a", "b"]) await docker.images.get(name).tag(`${repository}:${tag}`);
    const all = await docker.images.push(repository, { allTags: true });
    expect(all.map(({ tag }) => tag).toSorted()).toEqual(["a", "b"]);
    for (const { reference } of all) await docker.images.get(reference).remove();
    const pulled = await docker.images.pull(repository, { allTags: true });
    expect(pulled.map(({ id }) => id)).toEqual([`${repository}:a`, `${repository}:b`]);
    for (const { id } of pulled) expect((await docker.images.get(id).inspect()).Id).toBe(Id);

    await expect(docker.images.load(saved.subarray(0, saved.length / 2))).rejects.toThrow(TransferError);
    await expect(docker.images.load(Buffer.alloc(0))).rejects.toThrow(TransferError);
    await expect(docker.images.pull(`${alone.registry}/nope:1`)).rejects.toThrow(NotFoundError);
    await expect(docker.images.pull("127.0.0.1:1/app:1")).rejects.toThrow(ServerError);
    await docker.images.get(name).tag("127.0.0.1:1/app:1");
    await expect(docker.images.push("127.0.0.1:1/app:1")).rejects.toThrow(TransferError);
    await expect(docker.images.push(`${alone.registry}/nope:1`)).rejects.toThrow(TransferError);
    await expect(docker.images.save("nope:1")).rejects.toThrow(NotFoundError);
  });
});
