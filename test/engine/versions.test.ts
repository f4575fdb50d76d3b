import { describe, expect, test } from "vitest";
import { Docker, UnsupportedError, type models } from "docker-engine-sdk";
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

const spec = (container: object): models.ServiceSpec => ({
  Name: "v-none",
  TaskTemplate: { ContainerSpec: { Image: engine.image, ...container } },
});
const create = (body: models.ContainerCreateRequest): Attempt => {
  return (docker) => docker.call("ContainerCreate", { body: { Image: "v-none", ...body } });
};
const mount = (rest: Partial<models.Mount>): Attempt =>
  create({ HostConfig: { Mounts: [{ Type: "bind", Source: "/v-none", Target: "/v", ...rest }] } });

/** Fields of bodies that engines of other versions would ignore: place, attempt, first version, first without. */
const fieldGates: readonly (readonly [string, Attempt, since: number, until?: number])[] = [
  ["Healthcheck.StartInterval", create({ Healthcheck: { StartInterval: 1e9 } }), 44],
  ["HostConfig.Annotations", create({ HostConfig: { Annotations: { a: "b" } } }), 43],
  ["HostConfig.KernelMemory", create({ HostConfig: { KernelMemory: 1e8 } }), 0, 42],
  [
    "HostConfig.Mounts[0].BindOptions.CreateMountpoint",
    mount({ BindOptions: { CreateMountpoint: false } }),
    42,
  ],
  [
    "HostConfig.Mounts[0].BindOptions.ReadOnlyNonRecursive",
    mount({ BindOptions: { ReadOnlyNonRecursive: true } }),
    44,
  ],
  [
    "HostConfig.Mounts[0].VolumeOptions.Subpath",
    mount({ Type: "volume", VolumeOptions: { Subpath: "a" } }),
    45,
  ],
  [
    "HostConfig.Mounts[0].TmpfsOptions.Options",
    mount({ Type: "tmpfs", TmpfsOptions: { Options: [["exec"]] } }),
    46,
  ],
  ["HostConfig.Mounts[0].ImageOptions", mount({ Type: "image", ImageOptions: { Subpath: "a" } }), 48],
  [
    "NetworkingConfig.EndpointsConfig.bridge.MacAddress",
    create({ NetworkingConfig: { EndpointsConfig: { bridge: { MacAddress: "02:42:ac:11:00:77" } } } }),
    44,
  ],
  ["MacAddress", create({ MacAddress: "02:42:ac:11:00:77" }), 0, 52],
  [
    "HostConfig.Mounts[0].BindOptions.ReadOnlyForceRecursive",
    (docker) =>
      docker.containers.run({
        image: "v-none",
        pull: "never",
        mounts: [{ Type: "bind", Source: "/", Target: "/v", BindOptions: { ReadOnlyForceRecursive: true } }],
      }),
    44,
  ],
  [
    "ConsoleSize",
    (docker) => docker.call("ContainerExec", { path, body: { Cmd: ["w"], ConsoleSize: [24, 80] } }),
    42,
  ],
  [
    "EndpointConfig.GwPriority",
    (docker) => {
      const body = { Container: "v-none", EndpointConfig: { GwPriority: 1 } };
      return docker.call("NetworkConnect", { path: { id: "v-none" }, body });
    },
    48,
  ],
  [
    "TaskTemplate.ContainerSpec.OomScoreAdj",
    (docker) => docker.services.create(spec({ OomScoreAdj: 100 })),
    46,
  ],
  [
    "TaskTemplate.ContainerSpec.Privileges.NoNewPrivileges",
    (docker) => docker.services.get("v-none").update(1, spec({ Privileges: { NoNewPrivileges: true } })),
    44,
  ],
  [
    "ClusterVolumeSpec",
    (docker) => {
      const body = { Name: "v-none", Driver: "v-none", ClusterVolumeSpec: {} };
      return docker.call("VolumeCreate", { body });
    },
    42,
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

  test("a field that it would ignore is refused by its name; the others reach it", async () => {
    await using proxy = await proxyTo(engine.host);
    await using docker = new Docker({ host: proxy.host, env: {} });
    await docker.apiVersion();
    for (const [field, attempt, since, until] of fieldGates) {
      const before = proxy.requests.length;
      const error = await Promise.resolve(attempt(docker)).catch((thrown: unknown) => thrown);
      const supported = supports(minor(engine.apiVersion), since, until);
      expect([field, error instanceof UnsupportedError]).toEqual([field, !supported]);
      expect([field, proxy.requests.length > before]).toEqual([field, supported]);
      if (supported) continue;
      const needs =
        minor(engine.apiVersion) < since ? `API 1.${since} or newer` : `an API older than 1.${until}`;
      expect(error).toMatchObject({
        message: expect.stringContaining(` field "${field}" needs ${needs}; API ${engine.apiVersion} `),
        needs,
        has: `API ${engine.apiVersion}`,
      });
    }
  });

  test("a network without IPv4 is one, or is refused", async () => {
    const apis = [41, 45, 47, 48, 51].filter((api) => api <= minor(engine.apiVersion));
    for (const api of apis) {
      await using docker = new Docker({ host: engine.host, apiVersion: `1.${api}`, env: {} });
      const spec = { Name: "v-without-ipv4", EnableIPv4: false, EnableIPv6: true };
      if (api < 48) {
        await expect(docker.networks.create(spec)).rejects.toMatchObject({ needs: "API 1.48 or newer" });
        expect(await docker.networks.list({ filters: { name: spec.Name } })).toEqual([]);
        continue;
      }
      const network = await docker.networks.create(spec);
      try {
        expect((await network.inspect()).EnableIPv4).toBe(false);
      } finally {
        await network.remove();
      }
    }
  });

  test("nothing is pulled for a container that the engine cannot make as it is asked", async () => {
    await using proxy = await proxyTo(engine.host);
    await using docker = new Docker({ host: proxy.host, apiVersion: "1.41", env: {} });
    const request = { Image: engine.image, HostConfig: { Annotations: { a: "b" } } };
    await expect(docker.containers.create(request, { pull: "always" })).rejects.toBeInstanceOf(
      UnsupportedError,
    );
    expect(proxy.requests).toEqual([]);
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
      for (const [name, attempt, since, until] of [...gates, ...fieldGates]) {
        const before = fake.calls.length;
        const supported = supports(api, since, until);
        expect([name, await isUnsupported(attempt(docker))]).toEqual([name, !supported]);
        expect(fake.calls.length - before > 0).toBe(supported);
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
