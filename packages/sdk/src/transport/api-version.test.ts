import { describe, expect, it } from "vitest";
import { startFakeEngine } from "test-support/fake-engine";
import { Docker } from "../docker.ts";
import { ConnectionError, ProtocolError, UnsupportedError } from "../errors.ts";
import { compareApiVersions, newestApiVersion, parseApiVersion } from "./api-version.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the API version", () => {
  it("is asked for by the first call and not before, once for calls at the same time", async () => {
    await using engine = await startFakeEngine((exchange) => exchange.json(200, []), { apiVersion: "1.43" });
    await using docker = new Docker({ host: engine.host, env: {} });
    await turn();
    expect(engine.connections).toBe(0);
    await Promise.all(Array.from({ length: 20 }, () => docker.call("ContainerList")));
    await docker.call("ContainerList");
    expect(await docker.apiVersion()).toBe("1.43");
    expect(engine.requests.length - engine.calls.length).toBe(1);
    expect(new Set(engine.calls.map(({ version }) => version))).toEqual(new Set(["1.43"]));
  });

  it("is the newest this library knows with a newer engine", async () => {
    await using engine = await startFakeEngine(undefined, { apiVersion: "1.999" });
    await using docker = new Docker({ host: engine.host, env: {} });
    expect(await docker.apiVersion()).toBe(newestApiVersion);
  });

  it.each(["1.40", "1.24", "0.99", "1.9"])("%s is too old", async (apiVersion) => {
    await using engine = await startFakeEngine(undefined, { apiVersion });
    await using docker = new Docker({ host: engine.host, env: {} });
    const error = await docker.call("SystemInfo").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error).toMatchObject({ needs: "API 1.41", has: `API ${apiVersion}` });
    expect(engine.calls).toEqual([]);
  });

  it.each([
    ["1.99", undefined, "needs a newer docker-engine-sdk"],
    ["1.44", "1.41", "leave out `apiVersion` and DOCKER_API_VERSION"],
  ])(
    "%s is the oldest that the engine speaks, and it was asked in %s",
    async (minimum, apiVersion, advice) => {
      await using engine = await startFakeEngine(
        ({ request: { version = "" }, ...exchange }) => {
          const text = `client version ${version} is too old. Minimum supported API version is ${minimum}, please upgrade`;
          exchange.refuse(400, text);
        },
        { apiVersion: "1.999" },
      );
      await using docker = new Docker({ host: engine.host, env: {}, apiVersion });
      const error = await docker.call("SystemInfo").catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UnsupportedError);
      expect(error).toMatchObject({
        needs: `API ${apiVersion ?? newestApiVersion}`,
        has: `API ${minimum} or newer`,
        message: expect.stringContaining(advice),
      });
    },
  );

  it.each([
    [200, {}],
    [200, { "Api-Version": "latest" }],
    [400, {}],
    [302, { Location: "/" }],
  ])("is missing in the answer %i %o of something else", async (status, headers) => {
    await using engine = await startFakeEngine((exchange) => exchange.send(status, "hello", headers), {
      answerPing: false,
    });
    await using docker = new Docker({ host: engine.host, env: {} });
    await expect(docker.apiVersion()).rejects.toBeInstanceOf(ProtocolError);
    await expect(docker.apiVersion()).rejects.toThrow(new RegExp(`status ${status}.*is it a Docker Engine`));
  });

  it("is asked for again after a failure", async () => {
    let answers = 0;
    const engine = await startFakeEngine(
      (exchange) => {
        if (exchange.request.path !== "/_ping") return exchange.json(200, {});
        return answers++ === 0 ? exchange.send(200) : exchange.send(200, "OK", { "Api-Version": "1.44" });
      },
      { answerPing: false },
    );
    await using docker = new Docker({ host: engine.host, env: {} });
    const failed = await Promise.allSettled([docker.apiVersion(), docker.call("SystemInfo")]);
    expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(engine.requests).toHaveLength(1);
    expect(await docker.apiVersion()).toBe("1.44");
    await engine.close();
    expect(await docker.apiVersion()).toBe("1.44");
    await expect(docker.call("SystemInfo")).rejects.toBeInstanceOf(ConnectionError);
  });

  it("may be waited for with a signal; the question ends with the last who waits", async () => {
    let gone: Promise<void> | undefined;
    await using engine = await startFakeEngine(
      (exchange) => {
        gone = exchange.closed;
      },
      { answerPing: false },
    );
    await using docker = new Docker({ host: engine.host, env: {} });
    const [first, second] = [new AbortController(), new AbortController()];
    const calls = [first, second].map(({ signal }) =>
      docker.call("SystemInfo", { signal }).catch((error: unknown) => error),
    );
    while (gone === undefined) await turn();
    first.abort("first");
    expect(await calls[0]).toBe("first");
    expect(engine.connections).toBe(1);
    second.abort("second");
    expect(await calls[1]).toBe("second");
    await gone;
    expect(engine.requests).toHaveLength(1);

    engine.handle((exchange) => exchange.send(200, "OK", { "Api-Version": "1.45" }));
    expect(await docker.apiVersion()).toBe("1.45");
  });

  it("sends nothing for a call aborted before", async () => {
    await using engine = await startFakeEngine();
    await using docker = new Docker({ host: engine.host, env: {} });
    await expect(docker.call("SystemInfo", { signal: AbortSignal.abort("no") })).rejects.toBe("no");
    expect(engine.requests).toEqual([]);
  });
});

it.each([
  ["1.41", "1.41"],
  ["v1.41", "1.41"],
])("a pinned %s is %s", (text, version) => {
  expect(parseApiVersion(text)).toBe(version);
});

it.each(["", "1", "1.41.0", "latest", "1.41/../..", " 1.41"])("%j is no version to pin", (text) => {
  expect(() => parseApiVersion(text)).toThrow(TypeError);
});

it("versions compare by number", () => {
  expect(compareApiVersions("1.9", "1.41")).toBeLessThan(0);
  expect(compareApiVersions("2.0", "1.41")).toBeGreaterThan(0);
  expect(compareApiVersions("1.41", "1.41")).toBe(0);
});
