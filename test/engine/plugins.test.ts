import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  AccessDeniedError,
  ConflictError,
  Docker,
  InvalidRequestError,
  NotFoundError,
  ServerError,
  TransferError,
  type TransferEvent,
} from "docker-engine-sdk";
import type { PrivateEngine } from "test-support/engine";
import { engine } from "test-support/engine-under-test";
import { volumePlugin } from "test-support/volume-plugin";

let own: PrivateEngine;
let docker: Docker;

beforeAll(async () => {
  own = await engine.startPrivate();
  docker = new Docker({ host: own.host, credentials: {} });
});

afterAll(async () => {
  await own.remove();
});

describe("a plugin made of files", () => {
  test("is enabled, works, is set, disabled and removed", async () => {
    const plugin = await docker.plugins.create("made:1", await volumePlugin());
    const inspected = await plugin.inspect();
    expect(inspected).toMatchObject({ Name: "made:1", Enabled: false });
    expect(inspected.Config.Entrypoint).toEqual(["/volume-plugin"]);
    expect(inspected.Settings.Env).toEqual(["REFUSE=0"]);

    await plugin.enable();
    await expect(plugin.enable()).rejects.toThrow(/already enabled/);
    const byFilter = async (enabled: boolean): Promise<readonly string[]> =>
      (await docker.plugins.list({ filters: { enabled, capability: "volumedriver" } })).map(
        ({ Name }) => Name,
      );
    expect(await byFilter(true)).toEqual(["made:1"]);
    expect(await byFilter(false)).toEqual([]);

    const volume = await docker.volumes.create({ Name: "by-plugin", Driver: "made:1" });
    await expect(plugin.disable()).rejects.toThrow(/in use/);
    await docker.volumes.get(volume).remove({ force: true });

    await expect(plugin.set(["REFUSE=1"])).rejects.toThrow(/cannot set on an active plugin|disable/i);
    await plugin.disable({ force: true });
    await expect(plugin.disable()).rejects.toThrow(/already disabled/);
    await expect(plugin.set(["NOPE=1"])).rejects.toThrow(/setting "NOPE" not found/);
    await plugin.set(["REFUSE=1"]);
    expect((await plugin.inspect()).Settings.Env).toEqual(["REFUSE=1"]);
    await plugin.enable({ timeout: 10 });
    await expect(docker.volumes.create({ Name: "refused", Driver: "made:1" })).rejects.toThrow(
      /refused as set/,
    );

    await expect(plugin.remove()).rejects.toBeInstanceOf(ConflictError);
    await plugin.remove({ force: true });
    await expect(plugin.inspect()).rejects.toBeInstanceOf(NotFoundError);
    await expect(plugin.inspect()).rejects.toMatchObject({ what: "plugin" });
  });

  test("cannot have a name that is taken, nor be of nonsense", async () => {
    const plugin = await docker.plugins.create("taken", await volumePlugin());
    await expect(docker.plugins.create("taken:latest", await volumePlugin())).rejects.toThrow(
      /already exists/,
    );
    await expect(docker.plugins.create("nonsense", Buffer.from("no tar"))).rejects.toBeInstanceOf(
      ServerError,
    );
    await plugin.remove();
  });
});

describe("a plugin in a registry", () => {
  test("is pushed, installed with what it may do, and upgraded", async () => {
    const reference = `${own.registry}/org/volumes:1`;
    const made = await docker.plugins.create(reference, await volumePlugin());
    const pushed = await made.push();
    expect(pushed).toMatchObject({
      reference,
      tag: "1",
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
    await made.remove();

    const grant = await docker.plugins.privileges(reference);
    expect(grant).toEqual([
      { Name: "network", Description: expect.any(String), Value: ["none"] },
      { Name: "capabilities", Description: expect.any(String), Value: ["CAP_SYS_ADMIN"] },
    ]);
    const ungranted = docker.plugins.install(reference, { name: "volumes" });
    await expect(ungranted).rejects.toBeInstanceOf(TransferError);
    await expect(ungranted).rejects.toMatchObject({ message: "incorrect privileges", reference });
    await expect(docker.plugins.get("volumes").inspect()).rejects.toBeInstanceOf(NotFoundError);

    const events: TransferEvent[] = [];
    const install = docker.plugins.install(reference, { name: "volumes", grant, settings: ["REFUSE=1"] });
    for await (const event of install) events.push(event);
    const plugin = await install;
    expect(plugin.id).toBe("volumes:latest");
    expect(events).toContainEqual(
      expect.objectContaining({ type: "progress", state: "Extracting", unit: "bytes" }),
    );
    expect(events).toContainEqual({ type: "status", message: `Digest: ${pushed.digest}` });
    expect(await plugin.inspect()).toMatchObject({ Enabled: true, Settings: { Env: ["REFUSE=1"] } });

    const changed = { description: "version two", capabilities: [] };
    const next = await docker.plugins.create(reference, await volumePlugin(changed));
    expect((await next.push()).digest).not.toBe(pushed.digest);
    await next.remove();

    await expect(plugin.upgrade({ grant: "all" })).rejects.toThrow(/must be disabled/);
    await plugin.disable();
    await plugin.upgrade({ grant: "all" });
    expect(await plugin.inspect()).toMatchObject({
      Name: "volumes:latest",
      Enabled: false,
      Config: { Description: "version two" },
      Settings: { Env: ["REFUSE=1"] },
    });
    await plugin.remove();
  });

  test("stays disabled when that is asked for, and is named by its reference", async () => {
    const reference = `${own.registry}/disabled`;
    const made = await docker.plugins.create(reference, await volumePlugin());
    await made.push();
    await made.remove();
    const plugin = await docker.plugins.install(reference, { grant: "all", enable: false });
    expect(plugin.id).toBe(`${reference}:latest`);
    expect((await plugin.inspect()).Enabled).toBe(false);
    await expect(docker.plugins.install(reference, { grant: "all" })).rejects.toBeInstanceOf(
      InvalidRequestError,
    );
    await plugin.remove();
  });

  test("that wants a login is refused without, and the password never shows", async () => {
    const { address, credentials } = await own.startRegistry({ port: 5001, htpasswd: true });
    const known = new Docker({ host: own.host, credentials: { [address]: credentials ?? {} } });
    const reference = `${address}/private:1`;
    const made = await known.plugins.create(reference, await volumePlugin());
    const wrong = { ...credentials, password: "wrong password" };
    for (const auth of [{}, wrong]) {
      const error = await made.push({ auth }).catch((e: unknown) => e);
      // Told that it is denied by plain HTTP, the engine tries TLS, and tells how that failed.
      expect(error).toBeInstanceOf(TransferError);
      expect(String(error)).not.toContain("wrong password");
    }
    await made.push();
    await made.remove();
    for (const auth of [{}, wrong]) {
      await expect(known.plugins.privileges(reference, { auth })).rejects.toBeInstanceOf(AccessDeniedError);
      const install = known.plugins.install(reference, { auth, grant: "all" });
      await expect(install).rejects.toBeInstanceOf(AccessDeniedError);
    }
    const plugin = await known.plugins.install(reference, { grant: "all" });
    expect((await plugin.inspect()).Enabled).toBe(true);
    await plugin.remove({ force: true });
  });

  test("that is not there is an error", async () => {
    const missing = await docker.plugins.install(`${own.registry}/no/such:1`).catch((e: unknown) => e);
    // 500 on 20.10 and 26.1, which then try TLS and tell of that.
    expect(missing instanceof NotFoundError || missing instanceof ServerError).toBe(true);
    await expect(docker.plugins.install("127.0.0.1:1/no/such")).rejects.toThrow(/connection refused/);
    // Engines answer that it wants no privileges.
    await expect(docker.plugins.privileges("127.0.0.1:1/no/such")).rejects.toBeInstanceOf(ServerError);
    const missingToo = docker.plugins.privileges(`${own.registry}/no/such:1`);
    await expect(missingToo).rejects.toBeInstanceOf(NotFoundError);
    expect(() => docker.plugins.install("No Reference")).toThrow(TypeError);
  });
});
