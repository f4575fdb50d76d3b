import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { dirname } from "node:path";
import { inspect, promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  BuildError,
  ConfigError,
  Docker,
  type BuildEvent,
  type BuildOptions,
  type Image,
  type Operation,
} from "docker-engine-sdk";
import { proxyTo } from "test-support/engine-proxy";
import { engine, label } from "test-support/engine-under-test";
import { rejection } from "test-support/rejection";
import { removedAfter } from "test-support/removed-after";
import { tempDir } from "test-support/temp-dir";

const docker = new Docker({ host: engine.host, credentials: {} });
const labels = { [label]: "buildkit-stress-secrets" };
const unique = (): string => randomBytes(8).toString("hex");
const run = promisify(execFile);

function build(instructions: string, options: Partial<BuildOptions> = {}): Operation<BuildEvent, Image> {
  const dockerfile = { text: `FROM ${engine.image}\n${instructions}` };
  return docker.images.build({ builder: "buildkit", context: "none", dockerfile, labels, ...options });
}

async function eventsOf(operation: AsyncIterable<BuildEvent>): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  for await (const event of operation) events.push(event);
  return events;
}

/** All that a program could print of a value. */
function shown(value: unknown): string {
  const told = value instanceof Error ? [value.message, value.stack, String(value)] : [];
  return [...told, JSON.stringify(value), inspect(value, { depth: Infinity, showHidden: true })].join("\n");
}

test("a secret is in nothing that a build leaves behind, on the engine's disk or here, nor what it says", async () => {
  await using own = await engine.startPrivate({ daemonArgs: daemonArgs() });
  await using folder = await tempDir();
  const [file = "", env = "", value = "", called = "", password = ""] = Array.from(
    { length: 5 },
    () => `s3cret-${unique()}`,
  );
  const marks = [file, env, value, called, password];
  await writeFile(folder.join("token"), file);
  await using client = new Docker({
    host: own.host,
    credentials: {},
    env: { ...process.env, MY_TOKEN: env },
  });
  const mounts = ["a", "b", "c", "d"].map((id) => `--mount=type=secret,id=${id}`).join(" ");
  const options = {
    context: folder.path,
    secrets: {
      a: { file: folder.join("token") },
      b: { env: "MY_TOKEN" },
      c: { value },
      d: async () => Buffer.from(called),
    },
    auth: { [own.registry]: { username: "someone", password } },
  };
  await writeFile(folder.join(".dockerignore"), "token\n");
  const text = (last: string): string =>
    `FROM ${own.image}\nCOPY . /context/\nRUN ${mounts} cat /run/secrets/* | md5sum > /sum\nRUN ${mounts} ${last}\n`;
  const tag = `secrets-${unique()}:1`;

  const building = client.images.build({ ...options, tags: tag, dockerfile: { text: text("true") } });
  const events = await eventsOf(building);
  const image = await building;
  const sum = createHash("md5").update([file, env, value, called].join("")).digest("hex");
  const { stdout } = await client.containers.run({ image: image.id, command: ["cat", "/sum"] });
  expect(stdout).toBe(`${sum}  -\n`);

  const failing = client.images.build({ ...options, dockerfile: { text: text("sh -c 'exit 3'") } });
  const failure = await rejection(failing);
  expect(failure).toMatchObject({ code: "BUILD_FAILED", exitCode: 3 });
  const solving = client.images.build({ ...options, noCache: "none", dockerfile: { text: text("exit 4") } });
  const otherFailure = await rejection(solving);
  expect(otherFailure).toMatchObject({ code: "BUILD_FAILED", exitCode: 4 });
  const lost = new Error("the vault is closed");
  const throwing = await rejection(
    client.images.build({
      ...options,
      secrets: { ...options.secrets, d: () => Promise.reject(lost) },
      dockerfile: { text: text("true") },
      noCache: true,
    }),
  );
  expect(throwing).toBe(lost);

  const cache = await client.buildkit.diskUsage();
  expect(cache.length).toBeGreaterThan(0);
  const history = own.version.startsWith("20.") ? [] : await client.buildkit.history();
  const told = {
    events,
    building,
    failure,
    failing,
    otherFailure,
    throwing,
    client,
    cache,
    history,
    image: await image.inspect(),
    layers: await image.history(),
    log: await readFile(own.logFile, "utf8"),
  };
  // The log of an engine that tells all it does.
  expect(told.log).toContain("level=debug");
  const saved = Buffer.from(await image.save().then((stream) => stream.bytes()));
  for (const mark of marks) {
    for (const [what, thing] of Object.entries(told)) {
      expect(shown(thing).includes(mark), `${what} shows a secret`).toBe(false);
    }
    expect(saved.includes(mark)).toBe(false);
  }
  // Layers, caches, databases.
  const pattern = ["--recursive", "--text", "--fixed-strings", "--files-with-matches", "--devices=skip"];
  const search = async (words: readonly string[]): Promise<string> => {
    const found = await run("grep", [
      ...pattern,
      ...words.flatMap((word) => ["-e", word]),
      `${dirname(own.logFile)}/data`,
    ]).catch((error: { stdout: string }) => error);
    return found.stdout;
  };
  expect(await search([sum])).not.toBe("");
  expect(await search(marks)).toBe("");
});

/** An engine that logs everything. Arguments replace those of the store of images. */
function daemonArgs(): readonly string[] {
  return ["--debug", ...(engine.hasContainerdStore ? ["--feature=containerd-snapshotter=true"] : [])];
}

describe.concurrent("a secret that cannot be had", () => {
  const mount = (more = ""): string => `RUN --mount=type=secret,id=s${more} true # ${unique()}\n`;

  test.each([
    [
      "throws",
      () => {
        throw new TypeError("the vault is closed");
      },
    ],
    ["rejects", () => Promise.reject(new TypeError("the vault is closed"))],
  ])("from a function that %s stops the build with that very error", async (_, source) => {
    for (const more of ["", ",required=true"]) {
      const error = await rejection(build(mount(more), { secrets: { s: source } }));
      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({ message: "the vault is closed" });
    }
  });

  test("from a function that has none is not there", async () => {
    const source = (): undefined => undefined;
    await using image = removedAfter(
      await build(`RUN --mount=type=secret,id=s test ! -e /run/secrets/s # ${unique()}\n`, {
        secrets: { s: source },
      }),
    );
    expect(image.id).toMatch(/^sha256:/);
    const error = await rejection(build(mount(",required=true"), { secrets: { s: source } }));
    expect(error).toBeInstanceOf(BuildError);
  });

  test("from a function that never answers: the build can be stopped", async () => {
    const controller = new AbortController();
    const reason = new Error("waited long enough");
    await using proxy = await proxyTo(engine.host);
    await using client = new Docker({ host: proxy.host, credentials: {} });
    const asked = new Promise<void>((resolve) => {
      const never = (): Promise<string> => {
        resolve();
        return new Promise(() => undefined);
      };
      const dockerfile = { text: `FROM ${engine.image}\n${mount()}` };
      const options = {
        context: "none",
        dockerfile,
        secrets: { s: never },
        signal: controller.signal,
      } as const;
      void client.images.build(options).then(undefined, (error: unknown) => (stopped = error));
    });
    let stopped: unknown;
    await asked;
    controller.abort(reason);
    await proxy.closed(/\/(?:build|session|grpc)(?:\?|\s|$)/);
    expect(stopped).toBe(reason);
  });

  test("from a file that is gone when a step asks for it", async () => {
    await using folder = await tempDir();
    const path = folder.join("token");
    await writeFile(path, "1");
    const building = build(`RUN sleep 1 # ${unique()}\n${mount()}`, { secrets: { s: { file: path } } });
    const error = await rejection(
      (async () => {
        for await (const event of building) if (event.type === "step") await rm(path, { force: true });
      })(),
    );
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ path });
  });

  test("because it is larger than the engine takes is named, with its size", async () => {
    const size = engine.version.startsWith("20.") ? 5_000_000 : 20_000_000;
    const error = await rejection(build(mount(), { secrets: { s: { value: Buffer.alloc(size, "x") } } }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ path: "s", message: expect.stringContaining(`s of ${size} bytes`) });
    expect(shown(error)).not.toContain("xxxxxxxx");
  });
});

describe("an ssh agent that", () => {
  const tag = `stress-ssh-${unique()}:1`;
  let base: Image;

  // The engine's image has no program that speaks to such sockets.
  beforeAll(async () => {
    const { stdout } = await run("ldd", ["/usr/bin/perl"]);
    const libraries = [...stdout.matchAll(/(\/\S+)/g)].map(([path]) => path);
    const files = await Promise.all(
      ["/usr/bin/perl", ...libraries].map(
        async (path) => [path.slice(1), { content: await readFile(path), mode: 0o755 }] as const,
      ),
    );
    const script =
      "socket(S,1,1,0)&&connect(S,pack('Sa108',1,$ENV{SSH_AUTH_SOCK}))||die;" +
      "$SIG{PIPE}='IGNORE';syswrite S,qq(hello\\n);print while <S>;print qq(end\\n)";
    const text = `FROM ${engine.image}\nCOPY . /\nENV ASK="${script.replaceAll("$", "\\$")}"\n`;
    const dockerfile = { text };
    const context = { files: Object.fromEntries(files) };
    base = await docker.images.build({ context, dockerfile, labels, tags: tag });
  });
  afterAll(async () => {
    await base.remove({ force: true });
  });

  const asking = (agent: string, options: Partial<BuildOptions> = {}): Operation<BuildEvent, Image> =>
    docker.images.build({
      context: "none",
      dockerfile: {
        text: `FROM ${tag}\nRUN --mount=type=ssh perl -e "$ASK" > /answer # ${unique()}\nRUN cat /answer\n`,
      },
      labels,
      ssh: { default: { agent } },
      ...options,
    });

  async function answerOf(agent: string): Promise<string> {
    const building = asking(agent);
    const events = await eventsOf(building);
    await using image = removedAfter(await building);
    expect(image.id).toMatch(/^sha256:/);
    return events.map((event) => (event.type === "log" ? event.text : "")).join("");
  }

  test("is not there, or whose socket nobody listens at: the step is told nothing, the build goes on", async () => {
    await using folder = await tempDir();
    expect(await answerOf(folder.join("nope"))).toBe("end\n");
    expect(await answerOf(folder.join("x".repeat(200)))).toBe("end\n");
    await writeFile(folder.join("file"), "no socket");
    expect(await answerOf(folder.join("file"))).toBe("end\n");
  });

  test.each<[string, (socket: Socket) => void, string]>([
    ["hangs up at once", (socket) => void socket.resume().end(), "end\n"],
    ["breaks off at once", (socket) => void socket.destroy(), "end\n"],
    [
      "breaks off in its answer",
      (socket) => socket.once("data", () => socket.write("par", () => socket.destroy())),
      "parend\n",
    ],
  ])("%s", async (_, serve, answer) => {
    await using folder = await tempDir();
    await using server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("error", () => undefined);
      serve(socket);
    }).listen(folder.join("agent"));
    expect(server.listening).toBe(true);
    expect(await answerOf(folder.join("agent"))).toBe(answer);
  });

  test("never answers: the build can be stopped, and its connection is closed", async () => {
    await using folder = await tempDir();
    const controller = new AbortController();
    const reason = new Error("waited long enough");
    const closed = new Promise<void>((resolve) => {
      const server = createServer((socket) => {
        socket.on("error", () => undefined);
        socket.once("data", () => controller.abort(reason));
        socket.on("close", () => server.close(() => resolve()));
      }).listen(folder.join("agent"));
    });
    expect(await rejection(asking(folder.join("agent"), { signal: controller.signal }))).toBe(reason);
    await closed;
  });
});
