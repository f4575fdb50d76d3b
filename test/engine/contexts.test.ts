import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, symlink } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConfigError, ConnectionError, Docker } from "docker-engine-sdk";
import { makeAuthority, type CertificateAuthority } from "test-support/certificates";
import { engine } from "test-support/engine-under-test";
import { systemPath } from "test-support/engine/command-line";
import { tempDir, type TempDir } from "test-support/temp-dir";

const execute = promisify(execFile);
let folder: TempDir;
let authority: CertificateAuthority;

/** The docker CLI with a configuration of its own, and nothing else of this machine's. */
async function cli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await execute("docker", [...args], { env: { ...ours(), ...env } });
  return stdout.trim();
}

function ours(env: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return { PATH: systemPath, HOME: folder.path, DOCKER_CONFIG: folder.join("config"), ...env };
}

/** Where the docker CLI would go. */
function cliHost(env: Readonly<Record<string, string>> = {}): Promise<string> {
  return cli(["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"], env);
}

beforeAll(async () => {
  folder = await tempDir();
  authority = await makeAuthority();
  await cli(["context", "create", "here", "--docker", `host=${engine.host}`]);
  await cli(["context", "create", "far", "--docker", "host=ssh://me@far:2222"]);
  const client = await authority.issue("client");
  const files = `ca=${authority.ca},cert=${client.cert},key=${client.key}`;
  await cli(["context", "create", "secure", "--docker", `host=tcp://127.0.0.1:1,${files}`]);
  await cli(["context", "create", "any", "--docker", "host=tcp://127.0.0.1:1,skip-tls-verify=true"]);
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await authority[Symbol.asyncDispose]();
});

describe("contexts that the docker CLI made", () => {
  test("are chosen by option, by DOCKER_CONTEXT and by docker context use", async () => {
    await using option = new Docker({ context: "here", env: ours() });
    await using variable = new Docker({ env: ours({ DOCKER_CONTEXT: "here" }) });
    expect(await cliHost({ DOCKER_CONTEXT: "here" })).toBe(engine.host);
    await cli(["context", "use", "here"]);
    await using current = new Docker({ env: ours() });
    for (const docker of [option, variable, current]) {
      expect(docker.host).toBe(engine.host);
      expect(await docker.apiVersion()).toBe(engine.apiVersion);
    }
    await cli(["context", "use", "far"]);
    expect(new Docker({ env: ours() }).host).toBe(await cliHost());
    await cli(["context", "use", "default"]);
    expect(new Docker({ env: ours() }).host).toMatch(/^unix:/);
  });

  test("give way to DOCKER_HOST, as for the docker CLI", async () => {
    await cli(["context", "use", "far"]);
    const env = { DOCKER_HOST: engine.host, DOCKER_CONTEXT: "far" };
    const name = await cli(["version", "--format", "{{.Server.Version}}"], { DOCKER_HOST: engine.host });
    await using docker = new Docker({ env: ours(env) });
    expect((await docker.system.version()).Version).toBe(name);
    await cli(["context", "use", "default"]);
  });

  test("bring their certificates", async () => {
    await using docker = new Docker({ context: "secure", env: ours() });
    expect(docker.host).toBe("tcp://127.0.0.1:1");
    const error = await docker.system.info().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ tried: ['tcp://127.0.0.1:1 (context "secure")'] });
    await using unverified = new Docker({ context: "any", env: ours() });
    expect(unverified.host).toBe("tcp://127.0.0.1:1");
  });

  test("that are removed or damaged are named", async () => {
    await cli(["context", "create", "gone", "--docker", `host=${engine.host}`]);
    await cli(["context", "rm", "gone"]);
    expect(() => new Docker({ context: "gone", env: ours() })).toThrow(ConfigError);
    expect(() => new Docker({ context: "gone", env: ours() })).toThrow(
      /no context "gone".*docker context ls/,
    );
    await copyFile(authority.ca, folder.join("config", "config.json"));
    expect(() => new Docker({ env: ours() })).toThrow(/config\.json/);
  });
});

describe("without a context", () => {
  const system = "/var/run/docker.sock";

  test("and without an engine the error lists every place that was looked at", async () => {
    await using home = await tempDir();
    await using docker = new Docker({ env: { HOME: home.path, XDG_RUNTIME_DIR: home.join("run") } });
    const places = [
      `unix://${system}`,
      `unix://${home.join("run")}/docker.sock`,
      `unix://${home.path}/.docker/run/docker.sock`,
      `unix://${home.path}/.docker/desktop/docker.sock`,
    ];
    const outcome: unknown = await docker.system.info().catch((thrown: unknown) => thrown);
    if (existsSync(system)) {
      expect(docker.host).toBe(places[0]);
    } else {
      expect(outcome).toBeInstanceOf(ConnectionError);
      expect(outcome).toMatchObject({ tried: places });
      for (const place of places) expect(String(outcome)).toContain(place);
    }
  });

  test.each(["run/docker.sock", ".docker/run/docker.sock", ".docker/desktop/docker.sock"])(
    "the engine of a user at %s is found",
    async (place) => {
      await using home = await tempDir();
      await mkdir(dirname(home.join(place)), { recursive: true });
      await symlink(engine.socketPath ?? "", home.join(place));
      await using docker = new Docker({ env: { HOME: home.path, XDG_RUNTIME_DIR: home.join("run") } });
      if (existsSync(system)) {
        expect(docker.host).toBe(`unix://${system}`);
      } else {
        expect(docker.host).toBe(`unix://${home.join(place)}`);
        expect(await docker.apiVersion()).toBe(engine.apiVersion);
      }
    },
  );
});
