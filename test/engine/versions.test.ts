import { describe, expect, test } from "vitest";
import { Docker, UnsupportedError } from "docker-engine-sdk";
import { proxyTo } from "test-support/engine-proxy";
import { engine } from "test-support/engine-under-test";
import { startFakeEngine } from "test-support/fake-engine";

const minor = (version: string): number => Number(version.split(".")[1]);
const path = { id: "nobody-has-this-name" };

type Attempt = (docker: Docker) => PromiseLike<unknown>;

/** What some versions have and others not: first version with it, first without. */
const gates: readonly (readonly [string, Attempt, since: number, until?: number])[] = [
  [
    "an operation",
    (docker) => docker.call("VolumeUpdate", { path: { name: "none" }, query: { version: 1 }, body: {} }),
    42,
  ],
  ["a parameter", (docker) => docker.call("ContainerStop", { path, query: { signal: "SIGINT" } }), 42],
  ["an option", (docker) => docker.system.df({ type: "volume" }), 42],
  ["an option for images", (docker) => docker.images.get(engine.image).inspect({ manifests: true }), 48],
  [
    "a parameter that went",
    (docker) => docker.call("BuildPrune", { query: { "keep-storage": 1e12, all: false } }),
    39,
    52,
  ],
];

const supports = (api: number, since: number, until = Number.POSITIVE_INFINITY): boolean =>
  api >= since && api < until;

async function isUnsupported(attempt: PromiseLike<unknown>): Promise<boolean> {
  return attempt.then(
    () => false,
    (error: unknown) => error instanceof UnsupportedError,
  );
}

describe("on the engine", () => {
  test("its own version is spoken, and what that lacks is refused with both sides named", async () => {
    await using docker = new Docker({ host: engine.host, env: {} });
    expect(await docker.apiVersion()).toBe(engine.apiVersion);
    for (const [, attempt, since, until] of gates.slice(0, 4)) {
      const supported = supports(minor(engine.apiVersion), since, until);
      expect(await isUnsupported(attempt(docker))).toBe(!supported);
      if (supported) continue;
      await expect(attempt(docker)).rejects.toMatchObject({
        code: "UNSUPPORTED",
        needs: `API 1.${since} or newer`,
        has: `API ${engine.apiVersion}`,
      });
    }
  });

  test("a pinned version is what the engine sees, without a question; its gates are those that count", async () => {
    await using proxy = await proxyTo(engine.host);
    for (const env of [{}, { DOCKER_API_VERSION: "1.41" }]) {
      const apiVersion = "DOCKER_API_VERSION" in env ? undefined : "1.41";
      await using docker = new Docker({ host: proxy.host, apiVersion, env });
      await expect(docker.system.df({ type: "volume" })).rejects.toMatchObject({ has: "API 1.41" });
      expect(proxy.open(/./)).toBe(0);
      expect((await docker.system.info()).ID).toBeTruthy();
      expect(proxy.open(/^GET \/v1\.41\/info /)).toBe(1);
      expect(proxy.open(/_ping/)).toBe(0);
      await docker.close();
      await proxy.closed(/info/);
    }
  });

  test("a version that the engine does not know yet is the engine's error", async () => {
    const unknown = `1.${minor(engine.apiVersion) + 1}`;
    await using docker = new Docker({ host: engine.host, apiVersion: unknown, env: {} });
    await expect(docker.system.info()).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(/client version .* is too new/),
    });
  });
});

describe("of all versions", () => {
  test.each(Array.from({ length: 16 }, (_, i) => 41 + i))(
    "API 1.%i gets what it has and nothing else",
    async (api) => {
      await using fake = await startFakeEngine((exchange) => exchange.json(200, {}), {
        apiVersion: `1.${api}`,
      });
      await using docker = new Docker({ host: fake.host, env: {} });
      for (const [name, attempt, since, until] of gates) {
        const before = fake.calls.length;
        const supported = supports(api, since, until);
        expect([name, await isUnsupported(attempt(docker))]).toEqual([name, !supported]);
        expect(fake.calls.length - before).toBe(supported ? 1 : 0);
      }
      for (const { version } of fake.calls) expect(version).toBe(`1.${api}`);
    },
  );

  test.each(["1.24", "1.40"])("API %s is too old: nothing but the question is sent", async (apiVersion) => {
    await using fake = await startFakeEngine(undefined, { apiVersion });
    await using docker = new Docker({ host: fake.host, env: {} });
    await expect(docker.containers.list()).rejects.toMatchObject({
      code: "UNSUPPORTED",
      needs: "API 1.41",
      has: `API ${apiVersion}`,
    });
    expect(fake.calls).toEqual([]);
  });

  test.each(["1.57", "1.999"])("API %s is spoken to in the newest that is known", async (apiVersion) => {
    await using fake = await startFakeEngine((exchange) => exchange.json(200, []), { apiVersion });
    await using docker = new Docker({ host: fake.host, env: {} });
    await docker.containers.list();
    expect(fake.calls.map(({ version }) => version)).toEqual(["1.56"]);
  });
});
