import { randomBytes } from "node:crypto";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import {
  AccessDeniedError,
  BuildError,
  CredentialError,
  Docker,
  NotFoundError,
  ServerError,
  TransferError,
  type BuildEvent,
  type Image,
  type ProgressEvent,
} from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { removedAfter } from "test-support/removed-after";
import { tempDir } from "test-support/temp-dir";
import { rejection } from "test-support/rejection";

const docker = new Docker({ host: engine.host, credentials: {} });
const labels = { [label]: "registry" };
const api = Number(engine.apiVersion.split(".")[1]);

let count = 0;
const newName = (registry = engine.registry): string =>
  `${registry}/registry-${process.pid}/app-${count++}:1`;

async function built(name: string, size = 1000): Promise<Image & AsyncDisposable> {
  const files = { Dockerfile: `FROM ${engine.image}\nCOPY data /data\n`, data: randomBytes(size) };
  // BuildKit would keep the layers in its cache, where a pull finds them again.
  await docker.images.build({ builder: "classic", context: { files }, labels, tags: name });
  return removedAfter(docker.images.get(name));
}

async function eventsOf(operation: AsyncIterable<BuildEvent>): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  for await (const event of operation) events.push(event);
  return events;
}

function parts(events: readonly BuildEvent[]): ProgressEvent[] {
  return events.filter((event) => event.type === "progress");
}

describe.concurrent("push and pull", () => {
  test("a round trip: the same image, under the digest that the push told", async () => {
    const name = newName();
    await using image = await built(name);
    const { Id } = await image.inspect();
    const pushed = await image.push();
    expect(pushed).toEqual({
      reference: name,
      tag: "1",
      digest: expect.stringMatching(/^sha256:/),
      size: expect.any(Number),
    });
    expect((await image.inspect()).RepoDigests).toEqual([`${name.replace(/:1$/, "")}@${pushed.digest}`]);
    await image.remove({ force: true });

    const pulled = await docker.images.pull(name);
    expect(pulled.id).toBe(name);
    expect((await pulled.inspect()).Id).toBe(Id);
    const byDigest = `${name.replace(/:1$/, "")}@${pushed.digest}`;
    const same = await docker.images.pull(byDigest);
    expect(same.id).toBe(byDigest);
    expect((await same.inspect()).Id).toBe(Id);
  });

  test("progress names each layer, with sizes where bytes move", async () => {
    const name = newName();
    await using image = await built(name, 5_000_000);
    const pushing = image.push();
    const pushEvents = await eventsOf(pushing);
    expect((await pushing).tag).toBe("1");
    await image.remove({ force: true });
    const pulling = docker.images.pull(name);
    const pullEvents = await eventsOf(pulling);
    expect((await pulling).id).toBe(name);

    const { RootFS } = await image.inspect();
    for (const events of [pushEvents, pullEvents]) {
      const ids = new Set(parts(events).map(({ id }) => id));
      expect(ids.size).toBeGreaterThanOrEqual(1);
      expect(ids.size).toBeLessThanOrEqual((RootFS.Layers?.length ?? 0) + 1);
      expect([...ids].every((id) => /^[0-9a-f]{12}$/.test(id))).toBe(true);
      const moved = parts(events).filter(({ current }) => current !== undefined);
      expect(moved.length).toBeGreaterThan(0);
      expect(moved.some(({ total }) => total !== undefined && total >= 5_000_000)).toBe(true);
    }
    expect(pullEvents.at(-1)).toEqual({
      type: "status",
      message: expect.stringContaining("Downloaded newer image"),
    });
  });

  test("what is there already is not pulled again", async () => {
    const name = newName();
    await using image = await built(name);
    await image.push();
    const operation = docker.images.pull(name);
    expect((await eventsOf(operation)).at(-1)).toMatchObject({
      message: expect.stringContaining("up to date"),
    });
    expect((await operation).id).toBe(name);
  });

  test("without a tag it is latest, not all of them", async () => {
    const one = newName();
    const latest = one.replace(/:1$/, "");
    await using image = await built(one);
    await image.push();
    await using _ = removedAfter(await image.tag(latest));
    expect((await docker.images.push(latest)).tag).toBe("latest");
    await docker.images.get(one).remove();
    await docker.images.get(`${latest}:latest`).remove();
    expect((await docker.images.pull(latest)).id).toBe(`${latest}:latest`);
    expect(await docker.images.exists(one)).toBe(false);
    await docker.images.get(`${latest}:latest`).remove();
  });

  test("all tags, when they are asked for", async () => {
    const one = newName();
    const repository = one.replace(/:1$/, "");
    await using image = await built(one);
    await using two = removedAfter(await image.tag(`${repository}:2`));
    const results = await docker.images.push(repository, { allTags: true });
    expect(results.map(({ tag }) => tag).toSorted()).toEqual(["1", "2"]);
    for (const { reference, tag, digest, size } of results) {
      expect(reference).toBe(`${repository}:${tag}`);
      expect(digest).toBe(results[0]?.digest);
      expect(size).toBeGreaterThan(0);
    }
    await two.remove();
    await docker.images.get(one).remove();
    const pulled = await docker.images.pull(repository, { allTags: true });
    expect(pulled.map(({ id }) => id)).toEqual([one, `${repository}:2`]);
    for (const { id } of pulled) {
      expect(await docker.images.exists(id)).toBe(true);
      await docker.images.get(id).remove();
    }
    for (const reference of [one, `${repository}@${results[0]?.digest}`]) {
      expect(() => docker.images.push(reference, { allTags: true })).toThrow(TypeError);
      expect(() => docker.images.pull(reference, { allTags: true })).toThrow("no tag and no digest");
    }
    const nowhere = docker.images.pull(`${engine.registry}/not-there`, { allTags: true });
    expect(await rejection(nowhere)).toSatisfy(
      (e) => e instanceof NotFoundError || e instanceof TransferError,
    );
  });

  test("a platform", async () => {
    const name = newName();
    await using image = await built(name);
    const { Architecture } = await image.inspect();
    const outcome = await image.push({ platform: `linux/${Architecture}` }).then(
      ({ tag }) => `pushed ${tag}`,
      (error: unknown) => String(error),
    );
    expect(outcome).toContain(api < 46 ? `"platform" needs API 1.46 or newer` : "pushed 1");
    await image.push();
    expect((await docker.images.pull(name, { platform: `linux/${Architecture}` })).id).toBe(name);
  });
});

describe.concurrent("failures", () => {
  test("push to a registry that is not there", async () => {
    const name = newName("127.0.0.1:1");
    await using image = await built(name);
    const operation = image.push();
    const looped = await rejection(eventsOf(operation));
    expect(looped).toBeInstanceOf(TransferError);
    expect(looped).toMatchObject({ reference: name, operation: "ImagePush", code: "TRANSFER_FAILED" });
    expect(String(looped)).toContain("connection refused");
    expect(await rejection(operation)).toBe(looped);
  });

  test("push of what is not there", async () => {
    const name = newName();
    const error = await rejection(docker.images.push(name));
    expect(error).toBeInstanceOf(TransferError);
    expect(String(error)).toMatch(/does not exist/);
  });

  test("push of an image that has no name of its own", async () => {
    const { Id } = await docker.images.get(engine.image).inspect();
    expect(() => docker.images.get(Id).push()).toThrow(TypeError);
  });

  test("pull from a registry that is not there", async () => {
    const error = await rejection(docker.images.pull(newName("127.0.0.1:1")));
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({ status: 500, operation: "ImageCreate" });
    expect(String(error)).toContain("connection refused");
  });

  test("pull of a tag that is not there", async () => {
    const error = await rejection(docker.images.pull(newName()));
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ what: "image" });
    expect(String(error)).toMatch(/not found/);
  });

  test("abort of a pull throws the caller's reason", async () => {
    const reason = new Error("changed my mind");
    await expect(docker.images.pull(newName(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test("abort in the middle of a push", async () => {
    const name = newName();
    await using image = await built(name, 20_000_000);
    const controller = new AbortController();
    const reason = new Error("changed my mind");
    const operation = image.push({ signal: controller.signal });
    const looped = await rejection(
      (async () => {
        for await (const event of operation) if (event.type === "progress") controller.abort(reason);
      })(),
    );
    expect(looped).toBe(reason);
    expect(await rejection(operation)).toBe(reason);
  });
});

describe("a registry with accounts", () => {
  test("credentials by option, client, config.json and helper; wrong ones and none are denied", async () => {
    await using alone = await engine.startPrivate();
    const { address, credentials } = await alone.startRegistry({ port: 5001, htpasswd: true });
    if (credentials === undefined) throw new Error("the registry was started with accounts");
    const name = `${address}/private/app:1`;
    const wrong = { username: credentials.username, password: "wrong secret" };
    await using anonymous = new Docker({ host: alone.host, credentials: {} });
    await anonymous.images.get(alone.image).tag(name);

    async function denied(promise: PromiseLike<unknown>): Promise<void> {
      const error = await rejection(promise);
      expect(error).toBeInstanceOf(AccessDeniedError);
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("wrong secret");
    }
    await denied(anonymous.images.push(name));
    await denied(anonymous.images.push(name, { auth: wrong }));
    expect((await anonymous.images.push(name, { auth: credentials })).tag).toBe("1");
    await anonymous.images.get(name).remove();
    await denied(anonymous.images.pull(name));
    await denied(anonymous.images.pull(name, { auth: wrong }));

    await using folder = await tempDir();
    const auth = Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64");
    const config = async (content: object): Promise<Docker> => {
      await writeFile(folder.join("config.json"), JSON.stringify(content));
      const PATH = `${folder.join("bin")}:${process.env["PATH"] ?? ""}`;
      return new Docker({ host: alone.host, env: { DOCKER_CONFIG: folder.path, PATH } });
    };
    await mkdir(folder.join("bin"));
    const helper = folder.join("bin", "docker-credential-test");
    const answer = JSON.stringify({
      ServerURL: address,
      Username: credentials.username,
      Secret: credentials.password,
    });
    await writeFile(
      helper,
      `#!/bin/sh
if [ "$1" = list ]; then echo '{"${address}":"x"}'; exit; fi
[ "$(cat)" = "${address}" ] || { echo "credentials not found in native keychain"; exit 1; }
printf %s '${answer}'
`,
    );
    await chmod(helper, 0o755);

    const clients = {
      option: async () => new Docker({ host: alone.host, credentials: { [address]: credentials } }),
      file: () => config({ auths: { [address]: { auth } } }),
      store: () => config({ credsStore: "test" }),
      helper: () => config({ credHelpers: { [address]: "test" } }),
    };
    const text = `FROM ${name}\nRUN true\n`;
    for (const client of Object.values(clients)) {
      await using own = await client();
      const pulled = await own.images.pull(name);
      expect(pulled.id).toBe(name);
      expect((await pulled.push()).reference).toBe(name);
      await pulled.remove();
      const image = await own.images.build({
        builder: "classic", // which leaves the base image behind; BuildKit has a test of its own
        context: "none",
        dockerfile: { text },
        noCache: true,
      });
      expect((await image.inspect()).Os).toBe("linux");
      await image.remove();
      await own.images.get(name).remove();
    }

    const build = anonymous.images.build({ builder: "classic", context: "none", dockerfile: { text } });
    expect(await rejection(build)).toMatchObject({ code: "BUILD_FAILED", step: `FROM ${name}` });
    expect(await rejection(build)).toBeInstanceOf(BuildError);
    const given = await anonymous.images.build({
      builder: "classic",
      context: "none",
      dockerfile: { text },
      auth: { [address]: credentials },
    });
    expect(given.id).toMatch(/^sha256:/);

    await using broken = await config({ credsStore: "nowhere" });
    const error = await rejection(broken.images.pull(name));
    expect(error).toBeInstanceOf(CredentialError);
    expect(error).toMatchObject({ registry: address, helper: "nowhere" });
    // A build may need none of them: it goes on, and says so.
    const other = broken.images.build({
      builder: "classic",
      context: "none",
      dockerfile: { text: `FROM ${alone.image}\nRUN true\n` },
    });
    expect(await eventsOf(other)).toContainEqual({
      type: "warning",
      message: expect.stringContaining("docker-credential-nowhere"),
    });
  });
});
