import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { routes, startFakeEngine, type FakeEngine } from "../fake-engine.ts";
import { tempDir } from "../temp-dir.ts";
import { findEngine } from "./find.ts";

function fakeVersion(version: string): Promise<FakeEngine> {
  return startFakeEngine(
    routes({ "GET /version": (exchange) => exchange.json(200, { Version: version, ApiVersion: "1.52" }) }),
  );
}

async function writeContext(config: string, name: string, host: string): Promise<void> {
  const folder = join(config, "contexts", "meta", createHash("sha256").update(name).digest("hex"));
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "meta.json"),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  );
}

test("DOCKER_HOST comes first, and the version loses its distribution's suffix", async () => {
  await using fake = await fakeVersion("29.0.0+dfsg1");
  const { engine } = await findEngine({ DOCKER_HOST: fake.host, DOCKER_CONTEXT: "other" });
  expect(engine).toEqual({ host: fake.host, version: "29.0.0", apiVersion: "1.52" });
});

test("a DOCKER_HOST that does not answer is an error that names it", async () => {
  await expect(findEngine({ DOCKER_HOST: "unix:///nowhere/docker.sock" })).rejects.toThrow(
    "no engine answers at DOCKER_HOST=unix:///nowhere/docker.sock",
  );
});

test("the current context is read from the CLI's configuration; DOCKER_CONTEXT overrides it", async () => {
  await using folder = await tempDir();
  await using first = await fakeVersion("1.0.0");
  await using second = await fakeVersion("2.0.0");
  await writeContext(folder.path, "first", first.host);
  await writeContext(folder.path, "second", second.host);
  await writeFile(folder.join("config.json"), JSON.stringify({ currentContext: "first" }));
  const env = { DOCKER_CONFIG: folder.path };
  expect((await findEngine(env)).engine?.version).toBe("1.0.0");
  expect((await findEngine({ ...env, DOCKER_CONTEXT: "second" })).engine?.version).toBe("2.0.0");
});

test.each([
  [
    { Version: "5.4.2", ApiVersion: "1.41", Components: [{ Name: "Podman Engine" }] },
    "is Podman Engine 5.4.2, ",
  ],
  [
    { Version: "19.03.15", ApiVersion: "1.40", Components: [{ Name: "Engine" }] },
    "is Docker Engine 19.03.15 ",
  ],
])("what is no engine for the tests is named: %j", async (version, says) => {
  await using fake = await startFakeEngine(
    routes({ "GET /version": (exchange) => exchange.json(200, version) }),
  );
  await expect(findEngine({ DOCKER_HOST: fake.host })).rejects.toThrow(`DOCKER_HOST=${fake.host} ${says}`);
  await using folder = await tempDir();
  await writeContext(folder.path, "laptop", fake.host);
  const { tried } = await findEngine({ DOCKER_CONFIG: folder.path, DOCKER_CONTEXT: "laptop" });
  expect(tried[0]).toContain(`${fake.host} (${says.replace("is ", "")}`);
});
