import { expect } from "vitest";
import type { Image } from "docker-engine-sdk";
import { isOlder, type Cases } from "./send.ts";
import { registryAuth, tarOf, type World } from "./world.ts";

const noNetwork = "there is no network";

/** One more name of the test image. */
async function named(world: World, tag = "1"): Promise<Image> {
  return await world.docker.images
    .get(world.engine.image)
    .tag(`${world.engine.registry}/${world.name()}:${tag}`);
}

/** A small image of its own, so that it can be deleted. */
async function small(world: World): Promise<Image> {
  const reference = `${world.engine.registry}/${world.name()}:1`;
  const { platformText: platform } = world;
  await world.docker.images.import(await tarOf({ file: world.name() }), { reference, platform });
  return world.docker.images.get(reference);
}

export const images = {
  async DistributionInspect(send, world) {
    const image = await named(world);
    const { digest } = await image.push();
    const headers = { "X-Registry-Auth": registryAuth() };
    expect((await send({ path: { name: image.id }, headers })).Descriptor.digest).toBe(digest);
  },

  async ImageAttestations(send, world) {
    const query = { platform: [world.platform], type: ["https://slsa.dev/provenance/v1"], statement: true };
    await send({ path: { name: world.engine.image }, query });
  },

  async ImageCommit(send, world) {
    const { id } = await world.created();
    const repo = world.name();
    const query = {
      container: id,
      repo,
      tag: "1",
      comment: "why",
      author: "who",
      pause: false,
      changes: ["USER 7"],
    };
    const { Id } = await send({ query, body: { Env: ["A=1"] } });
    const { Author, Comment, Config } = await world.docker.images.get(Id).inspect();
    expect({ Author, Comment }).toEqual({ Author: "who", Comment: "why" });
    expect(Config).toMatchObject({ User: "7", Env: expect.arrayContaining(["A=1"]) });
  },

  async ImageCreate(send, world) {
    const pushed = await named(world);
    await pushed.push();
    await pushed.remove();
    const [fromImage = ""] = pushed.id.split(/:1$/);
    const headers = { "X-Registry-Auth": registryAuth() };
    const pull = await send({
      query: { fromImage, tag: "1", platform: world.platformText },
      headers,
      body: undefined,
    });
    for await (const { error } of pull) expect(error).toBeUndefined();
    expect(await world.docker.images.exists(pushed)).toBe(true);

    const repo = world.name();
    const imported = { fromSrc: "-", repo, tag: "2", message: "from a tar", changes: ["CMD run"] };
    for await (const { error } of await send({
      query: imported,
      headers: {},
      body: await tarOf({ file: repo }),
    })) {
      expect(error).toBeUndefined();
    }
    const [layer] = await world.docker.images.get(`${repo}:2`).history();
    expect(layer?.Comment).toBe("from a tar");
  },

  async ImageDelete(send, world) {
    const image = await small(world);
    const platforms = [world.platform];
    // Of one platform among several; the classic image store has only whole images.
    const deleted = await send({ path: { name: image.id }, query: { force: true, noprune: true } });
    expect(deleted).toContainEqual({ Untagged: expect.any(String) });
    if (isOlder(world.engine.apiVersion, "1.50")) return;
    const { id } = await small(world);
    await send({ path: { name: id }, query: { platforms } });
    expect(await world.docker.images.exists(id)).toBe(false);
  },

  async ImageGet(send, world) {
    const { id } = await small(world);
    const tar = await send({ path: { name: id }, query: { platform: [world.platform] } });
    expect((await tar.bytes()).length).toBeGreaterThan(1024);
  },

  async ImageGetAll(send, world) {
    const names = [(await small(world)).id, (await small(world)).id];
    const tar = await send({ query: { names, platform: [world.platform] } });
    const text = Buffer.from(await tar.bytes()).toString("latin1");
    for (const name of names) expect(text).toContain(name);
  },

  async ImageHistory(send, world) {
    const { id } = await small(world);
    expect(await send({ path: { name: id }, query: { platform: world.platform } })).toHaveLength(1);
  },

  async ImageInspect(send, world) {
    const path = { name: world.engine.image };
    expect((await send({ path, query: { platform: world.platform } })).RepoTags).toContain(path.name);
    expect((await send({ path, query: { manifests: true } })).RepoTags).toContain(path.name);
  },

  async ImageList(send, world) {
    const { id } = await small(world);
    const options = { all: true, digests: true, "shared-size": true, manifests: true, identity: true };
    const found = await send({ query: { ...options, filters: { reference: [id] } } });
    expect(found.map(({ RepoTags }) => RepoTags)).toEqual([[id]]);
    if (!isOlder(world.engine.apiVersion, "1.42")) expect(found[0]?.SharedSize).toBeGreaterThanOrEqual(0);
  },

  async ImageLoad(send, world) {
    const image = await small(world);
    const tar = await (await image.save()).bytes();
    await image.remove();
    const lines = await send({ query: { quiet: true, platform: [world.platform] }, body: tar });
    for await (const { error } of lines) expect(error).toBeUndefined();
    expect(await world.docker.images.exists(image)).toBe(true);
  },

  async ImagePrune(send, world) {
    const dangling = await world.docker.images.import(await tarOf({ file: world.name() }), {
      changes: ["LABEL pruned=1"],
    });
    const { ImagesDeleted } = await send({ query: { filters: { dangling: ["true"], label: ["pruned=1"] } } });
    expect(ImagesDeleted).toContainEqual({ Deleted: dangling.id });
  },

  async ImagePush(send, world) {
    const [name = ""] = (await named(world, "7")).id.split(/:7$/);
    const headers = { "X-Registry-Auth": registryAuth() };
    const query = { tag: "7", platform: world.platform };
    let digest: string | undefined;
    for await (const { aux } of await send({ path: { name }, query, headers }))
      digest = aux?.Digest ?? digest;
    expect((await world.docker.distribution.inspect(`${name}:7`)).Descriptor.digest).toBe(digest);
  },

  async ImageSearch(send) {
    const query = { term: "busybox", limit: 5, filters: { "is-official": ["true"] } };
    await send.refused(noNetwork, /lookup|dial|network/, {
      query,
      headers: { "X-Registry-Auth": registryAuth() },
    });
  },

  async ImageTag(send, world) {
    const repo = world.name();
    await send({ path: { name: world.engine.image }, query: { repo, tag: "new" } });
    expect(await world.docker.images.exists(`${repo}:new`)).toBe(true);
  },
} satisfies Partial<Cases>;
