import { chmod, mkdir, writeFile } from "node:fs/promises";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { ConfigError, CredentialError } from "../errors.ts";
import { DockerConfigCredentials } from "./docker-config.ts";

const secret = 'p:ä ss"wörd';
const basic = (text: string): string => Buffer.from(text).toString("base64");

let folder: TempDir;
beforeEach(async () => {
  folder = await tempDir();
});
afterEach(async () => {
  await folder[Symbol.asyncDispose]();
});

async function credentials(
  config: unknown,
  env: Record<string, string> = {},
): Promise<DockerConfigCredentials> {
  if (config !== undefined) {
    await writeFile(folder.join("config.json"), typeof config === "string" ? config : JSON.stringify(config));
  }
  const path = `${folder.join("bin")}:${process.env["PATH"] ?? ""}`;
  return new DockerConfigCredentials({ DOCKER_CONFIG: folder.path, PATH: path, ...env });
}

/** A real program on the PATH; `body` is shell, the verb is `$1`, the registry is in `$registry`. */
async function helper(name: string, body: string): Promise<void> {
  await mkdir(folder.join("bin"), { recursive: true });
  const file = folder.join("bin", `docker-credential-${name}`);
  await writeFile(file, `#!/bin/sh\nregistry=$(cat)\n${body}\n`);
  await chmod(file, 0o755);
}

function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => error,
  );
}

describe("config.json", () => {
  test("no file, no credentials", async () => {
    const source = await credentials(undefined);
    expect(await source.get("docker.io")).toBeUndefined();
    expect(await source.all(() => undefined)).toEqual({});
  });

  test("user and password, the colon and letters of any language kept", async () => {
    const source = await credentials({ auths: { "ghcr.io": { auth: basic(`me:${secret}`) } } });
    expect(await source.get("ghcr.io")).toMatchObject({ username: "me", password: secret });
    expect(await source.get("ghcr.io:443")).toBeUndefined();
    expect(await source.get("docker.io")).toBeUndefined();
  });

  test.each([
    "https://index.docker.io/v1/",
    "index.docker.io",
    "docker.io",
    "https://registry-1.docker.io/v2/",
  ])("Docker Hub as %s", async (key) => {
    const source = await credentials({ auths: { [key]: { auth: basic("me:x") } } });
    expect(await source.get("docker.io")).toMatchObject({ username: "me", password: "x" });
    expect(Object.keys(await source.all(() => undefined))).toEqual(["docker.io"]);
  });

  test("keys that are URLs mean their host", async () => {
    const source = await credentials({ auths: { "https://r.example:5000/v1/": { auth: basic("me:x") } } });
    expect(await source.get("r.example:5000")).toMatchObject({ username: "me" });
  });

  test("the exact key wins over an old one", async () => {
    const source = await credentials({
      auths: { "https://r.example/v1/": { auth: basic("old:x") }, "r.example": { auth: basic("new:x") } },
    });
    expect(await source.get("r.example")).toMatchObject({ username: "new" });
  });

  test("identity tokens", async () => {
    const source = await credentials({
      auths: { "r.example": { auth: basic("me:"), identitytoken: "token" } },
    });
    expect(await source.get("r.example")).toMatchObject({ identitytoken: "token" });
  });

  test("the NULs around a password are no part of it", async () => {
    const source = await credentials({ auths: { "r.example": { auth: basic("me:x\0\0") } } });
    expect(await source.get("r.example")).toMatchObject({ password: "x" });
  });

  test("the empty entries that a credential store leaves are none", async () => {
    const source = await credentials({ auths: { "r.example": {} } });
    expect(await source.get("r.example")).toBeUndefined();
    expect(await source.all(() => undefined)).toEqual({});
  });

  test.each([
    ["no JSON", '{"auths": {"r.example": {"auth": "c2VjcmV0"'],
    ["no user:password", JSON.stringify({ auths: { "r.example": { auth: basic("hunter2") } } })],
  ])("%s: ConfigError without what the file holds", async (_, text) => {
    const error = await rejection((await credentials(text)).get("r.example"));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ path: folder.join("config.json") });
    expect(inspect(error)).not.toMatch(/hunter2|aHVudGVyMg|c2VjcmV0/);
  });

  test("a folder in its place: ConfigError", async () => {
    await mkdir(folder.join("config.json"));
    expect(await rejection((await credentials(undefined)).get("r.example"))).toBeInstanceOf(ConfigError);
  });

  test("a login in between counts at once", async () => {
    const source = await credentials({});
    expect(await source.get("r.example")).toBeUndefined();
    await credentials({ auths: { "r.example": { auth: basic("me:x") } } });
    expect(await source.get("r.example")).toMatchObject({ username: "me" });
  });
});

describe("DOCKER_AUTH_CONFIG", () => {
  const env = { DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { "r.example": { auth: basic("env:x") } } }) };

  test("comes before the file", async () => {
    const file = {
      auths: { "r.example": { auth: basic("file:x") }, "o.example": { auth: basic("file:x") } },
    };
    const source = await credentials(file, env);
    expect(await source.get("r.example")).toMatchObject({ username: "env" });
    expect(await source.get("o.example")).toMatchObject({ username: "file" });
    expect(await source.all(() => undefined)).toMatchObject({
      "r.example": { username: "env" },
      "o.example": { username: "file" },
    });
  });

  test("no JSON: ConfigError that names it", async () => {
    const error = await rejection((await credentials({}, { DOCKER_AUTH_CONFIG: "{secret" })).get("x"));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ path: "DOCKER_AUTH_CONFIG" });
    expect(inspect(error)).not.toContain("secret");
  });
});

describe("credential helpers", () => {
  const answer = `printf '{"ServerURL":"%s","Username":"user of %s","Secret":"s"}' "$registry" "$registry"`;

  test("the store is asked instead of the file, under the key of Docker Hub", async () => {
    await helper("store", answer);
    const source = await credentials({
      credsStore: "store",
      auths: { "r.example": { auth: basic("file:x") } },
    });
    expect(await source.get("r.example")).toEqual({ username: "user of r.example", password: "s" });
    expect(await source.get("docker.io")).toEqual({
      username: "user of https://index.docker.io/v1/",
      password: "s",
    });
  });

  test("a registry's own helper comes before the store", async () => {
    await helper("store", answer);
    await helper("own", `printf '{"Username":"own","Secret":"s"}'`);
    const source = await credentials({ credsStore: "store", credHelpers: { "r.example": "own" } });
    expect(await source.get("r.example")).toEqual({ username: "own", password: "s" });
    expect(await source.get("o.example")).toMatchObject({ username: "user of o.example" });
  });

  test("the user name <token> marks an identity token", async () => {
    await helper("store", `printf '{"Username":"<token>","Secret":"t"}'`);
    const source = await credentials({ credsStore: "store" });
    expect(await source.get("r.example")).toEqual({ identitytoken: "t" });
  });

  test("not found is no failure", async () => {
    await helper("store", `echo "credentials not found in native keychain"; exit 1`);
    const source = await credentials({ credsStore: "store" });
    expect(await source.get("r.example")).toBeUndefined();
  });

  test.each([
    ["exit 3 with a message", 'echo "the vault is locked"; exit 3', "the vault is locked"],
    ["no JSON", "echo hunter2", "no JSON object"],
    ["no secret", `printf '{"Username":"x"}'`, "lacks the user name or the secret"],
  ])("%s: CredentialError without the secret", async (_, body, message) => {
    await helper("store", body);
    const error = await rejection((await credentials({ credsStore: "store" })).get("r.example"));
    expect(error).toBeInstanceOf(CredentialError);
    expect(error).toMatchObject({ registry: "r.example", helper: "store" });
    expect(String(error)).toContain(message);
    expect(inspect(error)).not.toContain("hunter2");
  });

  test("a helper that is not installed: CredentialError that says so", async () => {
    const error = await rejection((await credentials({ credsStore: "nowhere" })).get("r.example"));
    expect(error).toBeInstanceOf(CredentialError);
    expect(String(error)).toContain("docker-credential-nowhere");
  });

  test("a name that is a path is not run", async () => {
    const error = await rejection((await credentials({ credsStore: "/../evil" })).get("r.example"));
    expect(error).toBeInstanceOf(CredentialError);
  });

  test("one that hangs is ended by the signal", async () => {
    await helper("store", `echo started > "${folder.join("started")}"; exec sleep 1000`);
    const source = await credentials({ credsStore: "store" });
    const controller = new AbortController();
    const asked = rejection(source.get("r.example", controller.signal));
    const reason = new Error("enough");
    controller.abort(reason);
    expect(await asked).toBe(reason);
  });

  test("all: the file, the store's list and each helper; what fails is told and left out", async () => {
    await helper(
      "store",
      `case $1 in list) printf '{"https://index.docker.io/v1/":"a","bad.example":"b"}';; *) [ "$registry" = bad.example ] && exit 1; ${answer};; esac`,
    );
    const source = await credentials({
      credsStore: "store",
      credHelpers: { "x.example": "missing" },
      auths: { "f.example": { auth: basic("file:x") } },
    });
    const skipped: CredentialError[] = [];
    const all = await source.all((problem) => skipped.push(problem));
    expect(Object.keys(all).toSorted()).toEqual(["docker.io", "f.example"]);
    expect(skipped.map(({ registry }) => registry)).toEqual(["bad.example", "x.example"]);
  });
});
