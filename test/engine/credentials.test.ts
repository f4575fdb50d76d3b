import { chmod, mkdir, writeFile } from "node:fs/promises";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AccessDeniedError, CredentialError, Docker } from "docker-engine-sdk";
import { startFakeEngine } from "test-support/fake-engine";
import { engine } from "test-support/engine-under-test";
import type { PrivateEngine } from "test-support/engine/start";
import { tempDir, type TempDir } from "test-support/temp-dir";

const secret = "correct-horse-wrong-battery";
let own: PrivateEngine;
let folder: TempDir;
let address: string;
let account: { readonly username: string; readonly password: string };
let image: string;

beforeAll(async () => {
  own = await engine.startPrivate();
  const registry = await own.startRegistry({ port: 5001, htpasswd: true });
  if (registry.credentials === undefined) throw new Error("the registry was started with accounts");
  ({ address } = registry);
  account = registry.credentials;
  image = `${address}/credentials/app:1`;
  folder = await tempDir();
  await mkdir(folder.join("bin"));
  await using docker = client({});
  await docker.images.get(own.image).tag(image);
});
afterAll(async () => {
  await own.remove();
  await folder[Symbol.asyncDispose]();
});

function client(env: Readonly<Record<string, string>>): Docker {
  const PATH = `${folder.join("bin")}:${process.env["PATH"] ?? ""}`;
  return new Docker({ host: own.host, env: { HOME: folder.path, PATH, ...env } });
}

/** The environment of a docker CLI with this configuration. */
async function configured(name: string, config: object): Promise<Readonly<Record<string, string>>> {
  await mkdir(folder.join(name), { recursive: true });
  await writeFile(folder.join(name, "config.json"), JSON.stringify(config));
  return { DOCKER_CONFIG: folder.join(name) };
}

/** A real credential helper that knows our registry, and nothing else. */
async function helper(name: string, username: string, password: string): Promise<void> {
  const answer = JSON.stringify({ ServerURL: "x", Username: username, Secret: password });
  const file = folder.join("bin", `docker-credential-${name}`);
  const script = `#!/bin/sh
[ "$1" = get ] || exit 1
[ "$(cat)" = "${address}" ] || { echo "credentials not found in native keychain"; exit 1; }
printf %s '${answer}'
`;
  await writeFile(file, script);
  await chmod(file, 0o755);
}

const encoded = (username: string, password: string): string =>
  Buffer.from(`${username}:${password}`).toString("base64");

/** Every way in which an error may be shown or sent. */
function shown(error: unknown): string {
  const { stack = "", message } = error as Error;
  const deep = inspect(error, { depth: Infinity, showHidden: true, getters: true });
  return [deep, stack, message, JSON.stringify(error), String(error)].join("\n");
}

/** The failure, in which no secret may be. */
async function failure(promise: PromiseLike<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => expect.unreachable("it should have been denied"),
    (thrown: unknown) => thrown,
  );
  const text = shown(error);
  expect(text).not.toContain(secret);
  for (const user of [account.username, "<token>"]) expect(text).not.toContain(encoded(user, secret));
  return error;
}

describe("a registry with accounts is pushed to and pulled from", () => {
  test.each<[string, () => Promise<Readonly<Record<string, string>>>]>([
    [
      "auths of config.json",
      () =>
        configured("auths", { auths: { [address]: { auth: encoded(account.username, account.password) } } }),
    ],
    [
      "DOCKER_AUTH_CONFIG",
      async () => ({
        DOCKER_AUTH_CONFIG: JSON.stringify({
          auths: { [address]: { auth: encoded(account.username, account.password) } },
        }),
      }),
    ],
    [
      "a credential store, before the auths beside it",
      async () => {
        await helper("store", account.username, account.password);
        const auths = { [address]: { auth: encoded(account.username, secret) } };
        return configured("store", { credsStore: "store", auths });
      },
    ],
    [
      "the helper of the registry, before the store",
      async () => {
        await helper("own", account.username, account.password);
        return configured("own", { credsStore: "nowhere", credHelpers: { [address]: "own" } });
      },
    ],
  ])("with %s", async (_, environment) => {
    await using docker = client(await environment());
    expect((await docker.images.push(image)).tag).toBe("1");
    expect((await docker.images.pull(image)).id).toBe(image);
  });

  test("with what the call is given, before all else", async () => {
    await using docker = client(
      await configured("wrong", { auths: { [address]: { auth: encoded(account.username, secret) } } }),
    );
    expect((await docker.images.push(image, { auth: account })).tag).toBe("1");
    expect((await docker.images.pull(image, { auth: account })).id).toBe(image);
    expect(await failure(docker.images.pull(image))).toBeInstanceOf(AccessDeniedError);
  });
});

describe("access is denied, and the secret shown nowhere,", () => {
  test("for a wrong password, from push, pull and auth", async () => {
    const wrong = { username: account.username, password: secret };
    await using docker = client({});
    expect(await failure(docker.images.push(image, { auth: wrong }))).toBeInstanceOf(AccessDeniedError);
    expect(await failure(docker.images.pull(image, { auth: wrong }))).toBeInstanceOf(AccessDeniedError);
    expect(await failure(docker.system.auth({ ...wrong, serveraddress: address }))).toBeInstanceOf(
      AccessDeniedError,
    );
    const right = await docker.system.auth({ ...account, serveraddress: address });
    expect(right.Status).toBe("Login Succeeded");
  });

  test("for a wrong password of a helper or of the configuration", async () => {
    await helper("wrong", account.username, secret);
    for (const config of [
      { credsStore: "wrong" },
      { credHelpers: { [address]: "wrong" } },
      { auths: { [address]: { auth: encoded(account.username, secret) } } },
    ]) {
      await using docker = client(await configured("denied", config));
      expect(await failure(docker.images.push(image))).toBeInstanceOf(AccessDeniedError);
      expect(await failure(docker.images.pull(image))).toBeInstanceOf(AccessDeniedError);
    }
  });

  test("for nobody", async () => {
    await using docker = client({});
    expect(await failure(docker.images.push(image))).toBeInstanceOf(AccessDeniedError);
    expect(await failure(docker.images.pull(image))).toBeInstanceOf(AccessDeniedError);
  });
});

test("a client, its parts and its work do not show what they know", async () => {
  const auth = { username: account.username, password: secret, serveraddress: address };
  await using docker = new Docker({ host: own.host, credentials: { [address]: auth }, env: {} });
  const pull = docker.images.pull(image, { auth });
  for (const value of [
    docker,
    docker.images,
    docker.images.get(image),
    docker.services,
    docker.plugins,
    pull,
  ]) {
    expect(inspect(value, { depth: Infinity, showHidden: true, getters: true })).not.toContain(secret);
    expect(JSON.stringify(value)).not.toContain(secret);
  }
  expect(await failure(pull)).toBeInstanceOf(AccessDeniedError);
});

test("an identity token of a helper or of config.json is sent as one", async () => {
  await helper("token", "<token>", secret);
  const sent: unknown[] = [];
  await using fake = await startFakeEngine((exchange) => {
    const header = String(exchange.request.headers["x-registry-auth"]);
    sent.push(JSON.parse(Buffer.from(header, "base64url").toString()));
    exchange.refuse(500, "unauthorized: authentication required");
  });
  for (const config of [{ credsStore: "token" }, { auths: { [address]: { identitytoken: secret } } }]) {
    const env = await configured("token", config);
    const PATH = `${folder.join("bin")}:${process.env["PATH"] ?? ""}`;
    await using docker = new Docker({ host: fake.host, env: { ...env, PATH } });
    expect(await failure(docker.images.pull(image))).toBeInstanceOf(AccessDeniedError);
  }
  const expected = { serveraddress: address, identitytoken: secret };
  expect(sent).toEqual([expected, expect.objectContaining(expected)]);
});

test("a helper that fails, or answers nonsense, is named without what it wrote", async () => {
  for (const [name, script] of [
    ["crash", `echo "boom" >&2; exit 3`],
    ["nonsense", `printf '{"Secret": "${secret}"'`],
    ["half", `printf '{"Secret": "${secret}"}'`],
  ] as const) {
    const file = folder.join("bin", `docker-credential-${name}`);
    await writeFile(file, `#!/bin/sh\n${script}\n`);
    await chmod(file, 0o755);
    await using docker = client(await configured(name, { credsStore: name }));
    const error: unknown = await docker.images.pull(image).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(CredentialError);
    expect(error).toMatchObject({ registry: address, helper: name });
    expect(shown(error)).not.toContain(secret);
  }
});
