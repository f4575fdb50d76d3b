/** Every error as a user sees it: printed, it says on one screen what failed, where, and what to do. */
import { readFile, writeFile } from "node:fs/promises";
import { inspect } from "node:util";
import { routes, startFakeEngine, type FakeExchange } from "test-support/fake-engine";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Docker } from "./docker.ts";
import * as errors from "./errors.ts";

const screen = { lines: 40, columns: 400 };

const long = Array.from({ length: 500 }, (_, index) => `line ${index} of the output`);

/** What a process wrote to stderr, in a frame of the engine's. */
function frame(text: string): Buffer {
  const head = Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

const refuse =
  (status: number, message: string) =>
  (exchange: FakeExchange): void =>
    exchange.refuse(status, message);

const lines =
  (...values: readonly object[]) =>
  (exchange: FakeExchange): void =>
    exchange.send(200, values.map((value) => JSON.stringify(value)).join("\n"));

const engineHandler = routes({
  "GET /containers/gone/json": refuse(404, "No such container: gone"),
  "POST /containers/create": refuse(
    409,
    'Conflict. The container name "/web" is already in use by container "4f1".',
  ),
  "POST /volumes/create": refuse(400, "invalid volume name"),
  "GET /info": refuse(403, "authorization denied by plugin"),
  "GET /version": refuse(500, "the disk is full"),
  "GET /networks": (exchange) => exchange.send(200, "<html>Welcome</html>"),
  "GET /events": (exchange) => exchange.cut('{"Type":"container"}\n'),
  "GET /containers/a/stats": (exchange) => exchange.send(200, '{"read":'),
  "POST /build": lines(
    { stream: "Step 1/2 : FROM busybox" },
    { stream: "\n" },
    { stream: "Step 2/2 : RUN exit 7" },
    { stream: "\n" },
    { stream: " ---> Running in 0123456789ab\n" },
    ...long.map((line) => ({ stream: `${line}\n` })),
    {
      errorDetail: { code: 7, message: "The command '/bin/sh -c exit 7' returned a non-zero code: 7" },
      error: "x",
    },
  ),
  "POST /images/create": lines({
    errorDetail: { message: "Get https://registry.example.org/v2/: connection refused" },
    error: "x",
  }),
  "POST /containers/a/exec": (exchange) => exchange.json(201, { Id: "e" }),
  "POST /exec/e/start": (exchange) =>
    void exchange.upgrade().end(frame(`${long.join("\n")}\nno such file\n`)),
  "GET /exec/e/json": (exchange) => exchange.json(200, { Running: false, ExitCode: 2 }),
  "GET /containers/a/json": (exchange) => exchange.json(200, { Config: { Tty: false } }),
});

interface Case {
  /** The class that is to be thrown. */
  readonly error: keyof typeof errors;
  readonly from: (docker: Docker, folder: TempDir, host: string) => PromiseLike<unknown>;
  /** What failed, where, and what to do or what the engine says of it. */
  readonly says: readonly string[];
}

const cases: readonly Case[] = [
  {
    error: "ConnectionError",
    from: (_docker, folder) =>
      new Docker({ host: `unix://${folder.join("none.sock")}`, env: {} }).system.info(),
    says: [
      "Cannot reach the Docker Engine",
      "none.sock",
      "Is the engine installed and running?",
      "DOCKER_HOST",
    ],
  },
  {
    error: "EngineGoneError",
    from: async (docker) => {
      for await (const _ of docker.system.events());
    },
    says: [
      "closed the connection while it was answering",
      "SystemEvents",
      "it was stopped, restarted or killed",
    ],
  },
  {
    error: "ResponseError",
    from: () =>
      Promise.reject(new errors.ResponseError("It was refused.", { operation: "VolumeList", status: 499 })),
    says: ["It was refused.", "VolumeList", "499"],
  },
  {
    error: "NotFoundError",
    from: (docker) => docker.containers.get("gone").inspect(),
    says: ["No such container: gone", "ContainerInspect", "what: 'container'"],
  },
  {
    error: "ConflictError",
    from: (docker) => docker.containers.create({ Image: "busybox" }, { name: "web" }),
    says: ['"/web" is already in use', "ContainerCreate"],
  },
  {
    error: "InvalidRequestError",
    from: (docker) => docker.volumes.create({ Name: "?" }),
    says: ["invalid volume name", "VolumeCreate"],
  },
  {
    error: "AccessDeniedError",
    from: (docker) => docker.system.info(),
    says: ["denied by plugin", "SystemInfo"],
  },
  {
    error: "ServerError",
    from: (docker) => docker.system.version(),
    says: ["the disk is full", "SystemVersion"],
  },
  {
    error: "BuildError",
    from: (docker) =>
      docker.images.build({ context: "none", dockerfile: { text: "FROM a" }, builder: "classic" }),
    says: ["returned a non-zero code: 7", "step: 'RUN exit 7'", "exitCode: 7", "| line 499", "ImageBuild"],
  },
  {
    error: "TransferError",
    from: (docker) => docker.images.pull("registry.example.org/a:1"),
    says: ["connection refused", "registry.example.org/a:1", "ImageCreate"],
  },
  {
    error: "OperationError",
    from: () => Promise.reject(new errors.OperationError("It failed.", { operation: "ImagePush" })),
    says: ["It failed.", "ImagePush"],
  },
  {
    error: "ContainerExitError",
    from: (docker) => docker.containers.get("a").exec(["cat", "/none"]),
    says: ['"cat /none" exited with code 2: no such file', "container: 'a'", "the last 8 of 501 lines"],
  },
  {
    error: "StreamTruncatedError",
    from: async (docker) => {
      for await (const _ of await docker.call("ContainerStats", { path: { id: "a" } }));
    },
    says: ["ended inside a JSON value", "ContainerStats"],
  },
  {
    error: "ProtocolError",
    from: (docker) => docker.networks.list(),
    says: ["not JSON", "<html>Welcome</html>", "NetworkList"],
  },
  {
    error: "ContextError",
    from: (docker, folder) => docker.images.build({ context: folder.join("none"), builder: "classic" }),
    says: ["none"],
  },
  {
    error: "CredentialError",
    from: async (_docker, folder, host) => {
      await writeFile(folder.join("config.json"), '{ "credsStore": "not-installed" }');
      return new Docker({ host, env: { DOCKER_CONFIG: folder.path } }).images.pull(
        "registry.example.org/a:1",
      );
    },
    says: ["docker-credential-not-installed", "registry.example.org"],
  },
  {
    error: "ConfigError",
    from: async () => new Docker({ env: { DOCKER_HOST: "telnet://example.org" } }).system.info(),
    says: ["DOCKER_HOST", "telnet"],
  },
  {
    error: "UnsupportedError",
    from: (docker) => docker.call("ImageInspect", { path: { name: "a" }, query: { manifests: true } }),
    says: ["needs: 'API 1.48 or newer'", "has: 'API 1.41'", "ImageInspect"],
  },
];

const classes = new Map(Object.entries(errors).filter(([name]) => name !== "DockerError"));

describe("a printed error", () => {
  let folder: TempDir;
  let engine: Awaited<ReturnType<typeof startFakeEngine>>;
  beforeAll(async () => {
    folder = await tempDir();
    engine = await startFakeEngine(engineHandler);
  });
  afterAll(async () => {
    await engine.close();
    await folder[Symbol.asyncDispose]();
  });

  it("is looked at for every class", () => {
    expect(new Set<string>(cases.map(({ error }) => error))).toEqual(new Set(classes.keys()));
  });

  it.each(cases)("$error says what failed and where, on one screen", async ({ error, from, says }) => {
    const docker = new Docker({ host: engine.host, env: {} });
    const thrown: unknown = await from(docker, folder, engine.host).then(
      () => "nothing was thrown",
      (reason: unknown) => reason,
    );
    await docker.close();
    expect(thrown).toBeInstanceOf(classes.get(error));
    const printed = inspect(thrown);
    const rows = printed.split("\n");
    expect(rows[0]).toMatch(new RegExp(`^${error}: .`));
    for (const part of says) expect(printed).toContain(part);
    expect(rows.length).toBeLessThanOrEqual(screen.lines);
    expect(rows.filter((row) => row.length > screen.columns)).toEqual([]);
  });
});

it("the README lists every class with its code", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const rows = [...readme.matchAll(/^\| `(\w+Error)` \| (`[^|]*`) \|/gm)];
  expect(new Set(rows.map(([, name]) => name))).toEqual(new Set(classes.keys()));
  for (const [, name = "", codes] of rows) {
    expect(codes).toContain(`\`${classes.get(name)?.prototype.code}\``);
  }
});
