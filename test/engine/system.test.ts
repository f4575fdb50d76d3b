import { describe, expect, test } from "vitest";
import { Docker, DockerError, UnsupportedError } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { removedAfter } from "test-support/removed-after";

const docker = new Docker({ host: engine.host });

describe.concurrent("system", () => {
  test("version and API version are the engine's", async () => {
    const { Version, ApiVersion, Os } = await docker.system.version();
    expect(Version?.replace(/\+.*/, "")).toBe(engine.version);
    expect(ApiVersion).toBe(engine.apiVersion);
    expect(Os).toBe("linux");
    expect(await docker.apiVersion()).toBe(engine.apiVersion);
  });

  test("a pinned API version is spoken", async () => {
    await using pinned = new Docker({ host: engine.host, apiVersion: "1.41" });
    expect(await pinned.apiVersion()).toBe("1.41");
    await pinned.system.version();
    await expect(pinned.system.df({ type: "volume" })).rejects.toBeInstanceOf(UnsupportedError);
  });

  test("ping tells facts without asking more", async () => {
    const { apiVersion, osType, builderVersion, experimental } = await docker.system.ping();
    expect({ apiVersion, osType, experimental }).toEqual({
      apiVersion: engine.apiVersion,
      osType: "linux",
      experimental: false,
    });
    // 20.10.24 leaves it empty.
    expect(["1", "2", undefined]).toContain(builderVersion);
  });

  test("info", async () => {
    const { ServerVersion, OSType, NCPU, Driver } = await docker.system.info();
    expect(ServerVersion?.replace(/\+.*/, "")).toBe(engine.version);
    expect({ OSType, Driver: typeof Driver }).toEqual({ OSType: "linux", Driver: "string" });
    expect(NCPU).toBeGreaterThan(0);
  });

  test("df tells what is on the disk", async () => {
    const Name = `system-${process.pid}-${Date.now()}`;
    await using volume = removedAfter(await docker.volumes.create({ Name, Labels: { [label]: "system" } }));
    const usage = await docker.system.df();
    expect(usage.Volumes?.find((found) => found.Name === volume.id)?.UsageData).toMatchObject({
      RefCount: 0,
    });
    expect(usage.Images?.flatMap(({ RepoTags }) => RepoTags)).toContain(engine.image);
  });

  test("df of one kind, where the engine can", async () => {
    const supported = Number(engine.apiVersion.split(".")[1]) >= 42;
    const usage = await docker.system.df({ type: ["image"] }).catch((e: unknown) => e);
    const images: unknown = expect.objectContaining({ Images: expect.any(Array) as unknown });
    const unsupported: unknown = expect.objectContaining({
      code: "UNSUPPORTED",
      has: `API ${engine.apiVersion}`,
    });
    expect(usage).toEqual(supported ? images : unsupported);
    expect(usage).not.toHaveProperty("Volumes", expect.anything());
  });

  test("auth asks the registry", async () => {
    const refused = docker.system.auth({ username: "u", password: "p", serveraddress: "127.0.0.1:1" });
    await expect(refused).rejects.toBeInstanceOf(DockerError);
    await expect(refused).rejects.toThrow(/refused/);
    await expect(refused).rejects.not.toThrow(/"p"/);
  });
});

test("auth with accounts: right and wrong", async () => {
  await using own = await engine.startPrivate();
  await using there = new Docker({ host: own.host });
  const { address, credentials } = await own.startRegistry({ port: 5001, htpasswd: true });
  const login = (password: string) =>
    there.system.auth({ username: credentials?.username ?? "", password, serveraddress: address });
  expect(await login(credentials?.password ?? "")).toMatchObject({ Status: "Login Succeeded" });
  const error = await login("wrong password").catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DockerError);
  // 401 for registries with TLS; 500 for those without (seen on 20.10.24, 26.1.5 and 28.5.2).
  expect(error).toMatchObject({ operation: "SystemAuth", message: expect.stringContaining("401") as string });
  expect(String(error)).not.toContain("wrong password");
});
