import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { ConfigError } from "../errors.ts";
import { environmentApiVersion, findEndpoint, type EndpointOptions } from "./environment.ts";

interface Files {
  readonly [path: string]: string;
}

/** A home folder with these files in its `.docker`. */
async function home(files: Files = {}): Promise<TempDir> {
  const folder = await tempDir();
  for (const [path, text] of Object.entries(files)) {
    const file = folder.join(".docker", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return folder;
}

/** The files of a context in the docker CLI's store. */
function context(name: string, docker: unknown, tls: Files = {}): Files {
  const id = createHash("sha256").update(name).digest("hex");
  const meta = JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker } });
  const entries = Object.entries(tls).map(
    ([file, text]) => [`contexts/tls/${id}/docker/${file}`, text] as const,
  );
  return { [`contexts/meta/${id}/meta.json`]: meta, ...Object.fromEntries(entries) };
}

function find(
  folder: TempDir,
  env: Files = {},
  options: Omit<EndpointOptions, "env"> = {},
): ReturnType<typeof findEndpoint> {
  return findEndpoint({ ...options, env: { HOME: folder.path, ...env } });
}

function failure(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error as ConfigError; // just checked
  }
  throw new Error("nothing was thrown");
}

const blue = context("blue", { Host: "tcp://blue:2376", SkipTLSVerify: false });
const green = context("green", { Host: "unix:///green.sock" });
const current = { "config.json": '{"currentContext":"green"}' };
const system = "unix:///var/run/docker.sock";

describe("the engine is found", () => {
  it.each<[string, Omit<EndpointOptions, "env">, Files, string, string]>([
    [
      "option",
      { host: "unix:///a", context: "blue" },
      { DOCKER_HOST: "unix:///b" },
      "unix:///a",
      'option "host"',
    ],
    [
      "context option",
      { context: "blue" },
      { DOCKER_HOST: "unix:///b" },
      "tcp://blue:2376",
      'context "blue"',
    ],
    ["DOCKER_HOST", {}, { DOCKER_HOST: "unix:///b", DOCKER_CONTEXT: "blue" }, "unix:///b", "DOCKER_HOST"],
    [
      "default context option",
      { context: "default" },
      { DOCKER_HOST: "unix:///b" },
      "unix:///b",
      "DOCKER_HOST",
    ],
    ["DOCKER_CONTEXT", {}, { DOCKER_CONTEXT: "blue" }, "tcp://blue:2376", 'context "blue"'],
    ["current context", {}, { DOCKER_HOST: "", DOCKER_CONTEXT: "" }, "unix:///green.sock", 'context "green"'],
  ])("by its %s", async (_, options, env, host, source) => {
    await using folder = await home({ ...blue, ...green, ...current });
    const { endpoint, tried } = find(folder, env, options);
    expect(endpoint).toMatchObject({ host, source });
    expect(tried).toEqual([`${host} (${source})`]);
  });

  it("in another configuration folder", async () => {
    await using folder = await home({ ...green, ...current });
    expect(
      findEndpoint({ env: { HOME: "/none", DOCKER_CONFIG: folder.join(".docker") } }).endpoint.host,
    ).toBe("unix:///green.sock");
  });

  it.each<[string, Files, Files]>([
    ["without a configuration", {}, {}],
    ["with one that names no context", { "config.json": "{}" }, {}],
    ["with the default context chosen", { "config.json": '{"currentContext":"default"}' }, {}],
    [
      "with DOCKER_CONTEXT=default over the configuration",
      { ...green, ...current },
      { DOCKER_CONTEXT: "default" },
    ],
  ])("at the default sockets %s", async (_, files, env) => {
    await using folder = await home(files);
    const { endpoint, tried } = find(folder, { XDG_RUNTIME_DIR: "/run/user/1", ...env });
    expect(endpoint).toEqual({ host: system, source: "the default" });
    const all = [
      system,
      "unix:///run/user/1/docker.sock",
      `unix://${folder.path}/.docker/run/docker.sock`,
      `unix://${folder.path}/.docker/desktop/docker.sock`,
    ];
    expect(tried).toEqual(existsSync("/var/run/docker.sock") ? [system] : all);
  });

  it("at the first default socket that exists", async () => {
    await using folder = await home({ "desktop/docker.sock": "" });
    const socket = existsSync("/var/run/docker.sock")
      ? system
      : `unix://${folder.path}/.docker/desktop/docker.sock`;
    expect(find(folder)).toEqual({ endpoint: { host: socket, source: "the default" }, tried: [socket] });
  });
});

describe("certificates", () => {
  const pems = { "ca.pem": "CA", "cert.pem": "CERT", "key.pem": "KEY" };
  const bytes = (text: string): Uint8Array => Buffer.from(text);

  it("are those of DOCKER_CERT_PATH when TLS is asked for, and only over TCP", async () => {
    await using folder = await home(pems);
    const path = { DOCKER_CERT_PATH: folder.join(".docker") };
    const tcp = { DOCKER_HOST: "tcp://a:1" };
    const all = { ca: bytes("CA"), cert: bytes("CERT"), key: bytes("KEY"), verify: true };
    expect(find(folder, { ...tcp, ...path, DOCKER_TLS_VERIFY: "1" }).endpoint.tls).toEqual(all);
    expect(find(folder, { ...tcp, DOCKER_TLS_VERIFY: "1" }).endpoint.tls).toEqual(all);
    const { ca: _, ...unverified } = { ...all, verify: false };
    expect(find(folder, { ...tcp, ...path, DOCKER_TLS: "1" }).endpoint.tls).toEqual(unverified);
    expect(find(folder, { ...tcp, ...path }).endpoint.tls).toBe(undefined);
    expect(find(folder, { ...tcp, ...path, DOCKER_TLS_VERIFY: "" }).endpoint.tls).toBe(undefined);
    const unix = { DOCKER_HOST: "unix:///a", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/none" };
    expect(find(folder, unix).endpoint.tls).toBe(undefined);
  });

  it("of the client may be missing together, that of the authority not", async () => {
    await using folder = await home({ "ca.pem": "CA" });
    const env = { DOCKER_HOST: "tcp://a:1", DOCKER_TLS_VERIFY: "1" };
    expect(find(folder, env).endpoint.tls).toEqual({ ca: bytes("CA"), verify: true });
    await writeFile(folder.join(".docker", "cert.pem"), "CERT");
    expect(failure(() => find(folder, env))).toMatchObject({ path: folder.join(".docker", "key.pem") });
    expect(failure(() => find(folder, { ...env, DOCKER_CERT_PATH: "/none" }))).toMatchObject({
      path: "/none/ca.pem",
    });
  });

  it("are those of the context, and those of the option before them", async () => {
    await using folder = await home({
      ...context("tls", { Host: "tcp://a:1" }, pems),
      ...context("skip", { Host: "tcp://a:1", SkipTLSVerify: true }),
    });
    expect(find(folder, {}, { context: "tls" }).endpoint.tls).toEqual({
      ca: bytes("CA"),
      cert: bytes("CERT"),
      key: bytes("KEY"),
      verify: true,
    });
    expect(find(folder, {}, { context: "skip" }).endpoint.tls).toEqual({ verify: false });
    expect(find(folder, {}, { context: "tls", tls: { ca: "own" } }).endpoint.tls).toEqual({ ca: "own" });
  });
});

describe("a ConfigError names the source of", () => {
  it.each([
    ["the option", {}, { context: "red" }, /"red" \(named by option "context"\)/],
    ["DOCKER_CONTEXT", { DOCKER_CONTEXT: "red" }, {}, /"red" \(named by DOCKER_CONTEXT\)/],
    ["the configuration", {}, {}, /"green" \(named by .*config\.json\)/],
  ])("a context that is missing: %s", async (_, env, options, message) => {
    await using folder = await home(current);
    const error = failure(() => find(folder, env, options));
    expect(error.message).toMatch(message);
    expect(error.path).toMatch(/meta\.json$/);
  });

  it("a configuration that is not JSON", async () => {
    await using folder = await home({ "config.json": "{" });
    expect(failure(() => find(folder))).toMatchObject({ path: folder.join(".docker", "config.json") });
  });

  it("a context that is not JSON, or has no endpoint of Docker", async () => {
    const id = createHash("sha256").update("x").digest("hex");
    for (const text of [
      "{",
      "null",
      "{}",
      '{"Endpoints":{"kubernetes":{}}}',
      '{"Endpoints":{"docker":{"Host":1}}}',
    ]) {
      await using folder = await home({ [`contexts/meta/${id}/meta.json`]: text });
      expect(failure(() => find(folder, {}, { context: "x" })).path).toMatch(/meta\.json$/);
    }
  });
});

it("what was tried shows no password", async () => {
  await using folder = await home();
  const { tried } = find(folder, { DOCKER_HOST: "ssh://me:hunter2@host" });
  expect(tried).toEqual(["ssh://host (DOCKER_HOST)"]);
});

it.each<[Files, string | undefined]>([
  [{}, undefined],
  [{ DOCKER_API_VERSION: "" }, undefined],
  [{ DOCKER_API_VERSION: "1.43" }, "1.43"],
])("%o pins the API version %s", (env, version) => {
  expect(environmentApiVersion(env)).toBe(version);
});

it.each(["latest", "1", "1.43/../.."])("DOCKER_API_VERSION=%s is a ConfigError", (version) => {
  expect(failure(() => environmentApiVersion({ DOCKER_API_VERSION: version })).path).toBe(
    "DOCKER_API_VERSION",
  );
});
