import { copyFileSync } from "node:fs";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:https";
import { once } from "node:events";
import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConfigError, ConnectionError, Docker, EngineGoneError, type TlsOptions } from "docker-engine-sdk";
import { makeAuthority, type CertificateAuthority, type CertificateFiles } from "test-support/certificates";
import { startFakeEngine } from "test-support/fake-engine";
import { run, systemPath } from "test-support/engine/command-line";
import { engine } from "test-support/engine-under-test";
import type { PrivateEngine } from "test-support/engine/start";
import { forwardPort, type PortForward } from "test-support/port-forward";
import { tempDir } from "test-support/temp-dir";

let authority: CertificateAuthority;
let foreign: CertificateAuthority;
let client: CertificateFiles;
let own: PrivateEngine;
let forward: PortForward;
let host: string;

beforeAll(async () => {
  [authority, foreign] = await Promise.all([makeAuthority(), makeAuthority()]);
  client = await authority.issue("client");
  const server = await authority.issue("server");
  own = await engine.startPrivate({
    daemonArgs: (folder) => {
      copyFileSync(authority.ca, `${folder}/ca.pem`);
      copyFileSync(server.cert, `${folder}/cert.pem`);
      copyFileSync(server.key, `${folder}/key.pem`);
      const files = [
        `--tlscacert=${folder}/ca.pem`,
        `--tlscert=${folder}/cert.pem`,
        `--tlskey=${folder}/key.pem`,
      ];
      return ["--tlsverify", ...files, "--host=tcp://127.0.0.1:2376"];
    },
  });
  forward = await forwardPort(own, 2376);
  host = `tcp://127.0.0.1:${forward.port}`;
});
afterAll(async () => {
  await forward[Symbol.asyncDispose]();
  await own.remove();
  await authority[Symbol.asyncDispose]();
  await foreign[Symbol.asyncDispose]();
});

async function pem(files: CertificateFiles, ca = authority.ca): Promise<TlsOptions> {
  return { ca: await readFile(ca), cert: await readFile(files.cert, "utf8"), key: await readFile(files.key) };
}

async function refusal(tls: TlsOptions | undefined, at = host): Promise<Error> {
  await using docker = new Docker({ host: at, tls, env: {} });
  return await docker.system.version().then(
    () => expect.unreachable("it should have been refused"),
    (error: unknown) => error as Error, // looked at by who asked
  );
}

describe("an engine that wants client certificates", () => {
  test("answers calls, streams, hijacks and builds", async () => {
    await using docker = new Docker({ host, tls: await pem(client), env: {}, credentials: {} });
    expect(docker.host).toBe(host);
    expect(await docker.apiVersion()).toBe(own.apiVersion);
    const { image } = own;
    const command = ["sh", "-c", "echo ready; exec sleep 1000"];
    const box = await docker.containers.start({ image, command });
    for await (const { text } of box.logs({ follow: true }).lines()) {
      expect(text).toBe("ready");
      break;
    }
    const data = randomBytes(4 * 1024 * 1024);
    const { stdout } = await box.exec(["sha256sum"], { input: data });
    expect(stdout).toContain(createHash("sha256").update(data).digest("hex"));
    await box.remove({ force: true });
    for (const builder of ["classic", "buildkit"] as const) {
      const files = { Dockerfile: `FROM ${image}\nCOPY data /\n`, data };
      expect((await docker.images.build({ context: { files }, builder })).id).toMatch(/^sha256:/);
    }
  });

  test("is reached by the variables of the docker CLI", async () => {
    await using folder = await tempDir();
    const DOCKER_CERT_PATH = folder.join("certs");
    await mkdir(DOCKER_CERT_PATH);
    const env = { HOME: folder.path, DOCKER_HOST: host, DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH };
    expect(() => new Docker({ env })).toThrow(ConfigError);
    await copyFile(authority.ca, `${DOCKER_CERT_PATH}/ca.pem`);
    await copyFile(client.cert, `${DOCKER_CERT_PATH}/cert.pem`);
    await copyFile(client.key, `${DOCKER_CERT_PATH}/key.pem`);
    await using verified = new Docker({ env });
    expect(await verified.apiVersion()).toBe(own.apiVersion);
    await copyFile(foreign.ca, `${DOCKER_CERT_PATH}/ca.pem`);
    await using deceived = new Docker({ env });
    await expect(deceived.apiVersion()).rejects.toThrow(/authority that is not trusted here/);
    // Without verification any engine will do.
    await using trusting = new Docker({ env: { ...env, DOCKER_TLS_VERIFY: "", DOCKER_TLS: "1" } });
    expect(await trusting.apiVersion()).toBe(own.apiVersion);
  });
});

test("the docker CLI's contexts bring their certificates", async () => {
  await using folder = await tempDir();
  const env = { PATH: systemPath, HOME: folder.path, DOCKER_CONFIG: folder.path };
  const files = `ca=${authority.ca},cert=${client.cert},key=${client.key}`;
  for (const [name, endpoint] of [
    ["secure", `host=${host},${files}`],
    ["anonymous", `host=${host},ca=${authority.ca}`],
    ["unverified", `host=${host},${files},skip-tls-verify=true`],
  ] as const) {
    await run("docker", ["context", "create", name, "--docker", endpoint], env);
  }
  for (const context of ["secure", "unverified"]) {
    await using docker = new Docker({ context, env });
    expect(await docker.apiVersion()).toBe(own.apiVersion);
  }
  await using anonymous = new Docker({ context: "anonymous", env });
  await expect(anonymous.apiVersion()).rejects.toThrow(/asks for a client certificate/);
});

describe("refused, with what to do about it, is", () => {
  test.each<[string, () => Promise<TlsOptions>, RegExp]>([
    ["an engine of another authority", () => pem(client, foreign.ca), /authority that is not trusted here/],
    [
      "a client without a certificate",
      async () => ({ ca: await readFile(authority.ca) }),
      /asks for a client certificate.*DOCKER_CERT_PATH/,
    ],
    [
      "an expired certificate of the client",
      async () => pem(await authority.issue("client", { expired: true })),
      /no longer valid|client certificate that it trusts and that is valid/,
    ],
    [
      "a certificate of another authority",
      async () => pem(await foreign.issue("client"), authority.ca),
      /does not trust the client certificate|client certificate that it trusts and that is valid/,
    ],
    [
      "a certificate for servers",
      async () => pem(await authority.issue("server")),
      /does not trust the client certificate|client certificate that it trusts and that is valid/,
    ],
  ])("%s", async (_, tls, hint) => {
    // The alert of the engine comes after the handshake and races with the request.
    const given = await tls();
    for (let round = 0; round < 10; round++) {
      const error = await refusal(given);
      expect(error).toBeInstanceOf(ConnectionError);
      expect(error).not.toBeInstanceOf(EngineGoneError);
      expect(error).toMatchObject({ host, tried: [`${host} (option "host")`], operation: "SystemPing" });
      expect(error.message).toMatch(hint);
    }
  });

  test.each([
    ["an expired certificate of the engine", true, "127.0.0.1", /certificate has expired/],
    ["one for another name", false, "127.0.0.2", /certificate is for another name/],
  ] as const)("%s", async (_, expired, address, hint) => {
    const { cert, key } = await authority.issue("server", { expired });
    const server = createServer({ cert: await readFile(cert), key: await readFile(key) });
    server.listen(0, address);
    await once(server, "listening");
    const { port } = server.address() as { port: number }; // it listens on TCP
    const error = await refusal({ ca: await readFile(authority.ca) }, `tcp://${address}:${port}`);
    server.close();
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error.message).toMatch(hint);
  });

  test("a client that does not speak TLS, and one that does where the engine does not", async () => {
    expect((await refusal(undefined)).message).toMatch(/speaks TLS: give `tls`/);
    await using plain = await startFakeEngine(undefined, { tcp: true });
    expect((await refusal(await pem(client), plain.host)).message).toMatch(/does not use TLS there/);
  });
});
