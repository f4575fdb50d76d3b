import { describe, expect, test } from "vitest";
import { routes, startFakeEngine, type FakeExchange } from "test-support/fake-engine";
import { Docker } from "../../docker.ts";
import { EngineGoneError, NotFoundError } from "../../errors.ts";

/** A frame of multiplexed output. */
function frame(type: 1 | 2, text: string): Buffer {
  const data = Buffer.from(text);
  const head = Buffer.from([type, 0, 0, 0, 0, 0, 0, 0]);
  head.writeUInt32BE(data.length, 4);
  return Buffer.concat([head, data]);
}

const multiplexed = { "Content-Type": "application/vnd.docker.multiplexed-stream" };
const pulled = `${JSON.stringify({ status: "Status: Downloaded newer image for app:latest" })}\n`;

function noSuchImage(exchange: FakeExchange): void {
  exchange.refuse(404, "No such image: app:latest");
}

describe.concurrent("create", () => {
  test.each([
    ["missing", ["POST /containers/create", "POST /images/create", "POST /containers/create"]],
    ["always", ["POST /images/create", "POST /containers/create"]],
    ["never", ["POST /containers/create"]],
  ] as const)("pulls a missing image as told: %s", async (pull, calls) => {
    await using fake = await startFakeEngine();
    let there = false;
    fake.handle((exchange) => {
      if (exchange.request.path === "/images/create") {
        there = true;
        return exchange.send(200, pulled);
      }
      return there ? exchange.json(201, { Id: "abc", Warnings: [] }) : noSuchImage(exchange);
    });
    await using docker = new Docker({ host: fake.host, credentials: {} });
    const created = await docker.containers.create({ Image: "app" }, { pull }).then(
      ({ id }) => id,
      (error: unknown) => error,
    );
    expect(created instanceof NotFoundError ? "not found" : created).toBe(
      pull === "never" ? "not found" : "abc",
    );
    expect(fake.calls.map(({ method, path }) => `${method} ${path}`)).toEqual(calls);
  });

  test("what else is missing is not pulled", async () => {
    await using fake = await startFakeEngine((exchange) => exchange.refuse(404, "network x not found"));
    await using docker = new Docker({ host: fake.host });
    await expect(docker.containers.create({ Image: "app" })).rejects.toThrow("network x not found");
    expect(fake.calls).toHaveLength(1);
  });

  test("what is missing by its id is not pulled: it has no name", async () => {
    await using fake = await startFakeEngine(noSuchImage);
    await using docker = new Docker({ host: fake.host });
    const create = docker.containers.create({ Image: `sha256:${"0".repeat(64)}` });
    await expect(create).rejects.toBeInstanceOf(NotFoundError);
    expect(fake.calls).toHaveLength(1);
  });

  test("an abort removes what the engine has made meanwhile", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    await using fake = await startFakeEngine(
      routes({
        "POST /containers/create": (exchange) => {
          controller.abort(reason);
          setTimeout(() => exchange.json(201, { Id: "abc" }), 50);
        },
        "DELETE /containers/abc": (exchange) => exchange.send(204),
      }),
    );
    await using docker = new Docker({ host: fake.host });
    const { signal } = controller;
    await expect(docker.containers.create({ Image: "app" }, { signal })).rejects.toBe(reason);
    const last = fake.calls.at(-1);
    expect(last?.path).toBe("/containers/abc");
    expect(last?.query.get("force")).toBe("true");
  });

  test("an abort ends also when the engine never answers", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    await using fake = await startFakeEngine(() => controller.abort(reason));
    await using docker = new Docker({ host: fake.host });
    const { signal } = controller;
    await expect(docker.containers.create({ Image: "app" }, { signal })).rejects.toBe(reason);
  });

  test("an abort ends also when the engine never tells its version", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    await using fake = await startFakeEngine(() => controller.abort(reason), { answerPing: false });
    await using docker = new Docker({ host: fake.host });
    await expect(docker.containers.run({ image: "app", signal: controller.signal })).rejects.toBe(reason);
  });
});

describe.concurrent("exec", () => {
  test("asks for everything it was told, and until the exit code is known", async () => {
    let asked = 0;
    let body: unknown;
    await using fake = await startFakeEngine(
      routes({
        "POST /containers/box/exec": async (exchange) => {
          body = JSON.parse((await exchange.body()).toString());
          exchange.json(201, { Id: "e1" });
        },
        "POST /exec/e1/start": (exchange) => {
          exchange.upgrade(multiplexed).end(Buffer.concat([frame(1, "out"), frame(2, "err")]));
        },
        "GET /exec/e1/json": (exchange) => {
          asked++;
          exchange.json(200, asked < 4 ? { Running: true, ExitCode: null } : { Running: false, ExitCode: 7 });
        },
      }),
    );
    await using docker = new Docker({ host: fake.host });
    const result = await docker.containers.get("box").exec(["a", "b c"], {
      env: { A: "1" },
      user: "u",
      workingDir: "/w",
      privileged: true,
      detachKeys: "ctrl-x",
      check: false,
    });
    expect(result).toEqual({ exitCode: 7, stdout: "out", stderr: "err", truncated: false });
    expect(body).toEqual({
      Cmd: ["a", "b c"],
      AttachStdin: false,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
      Env: ["A=1"],
      User: "u",
      WorkingDir: "/w",
      Privileged: true,
      DetachKeys: "ctrl-x",
    });
    expect(fake.calls.find(({ path }) => path === "/exec/e1/start")?.body?.toString()).toBe('{"Tty":false}');
  });

  test("an end of the output that the engine does not confirm is no end", async () => {
    await using fake = await startFakeEngine();
    fake.handle(
      routes({
        "POST /containers/box/exec": (exchange) => exchange.json(201, { Id: "e1" }),
        "POST /exec/e1/start": async (exchange) => {
          const socket = exchange.upgrade(multiplexed);
          socket.write(frame(1, "some"), () => void fake.close());
        },
      }),
    );
    await using docker = new Docker({ host: fake.host });
    await expect(docker.containers.get("box").exec(["a"])).rejects.toBeInstanceOf(EngineGoneError);
  });
});

test("of a long line an error says the beginning, and holds all", async () => {
  const line = "x".repeat(100_000);
  await using fake = await startFakeEngine(
    routes({
      "POST /containers/box/exec": (exchange) => exchange.json(201, { Id: "e1" }),
      "POST /exec/e1/start": (exchange) => void exchange.upgrade(multiplexed).end(frame(2, line)),
      "GET /exec/e1/json": (exchange) => exchange.json(200, { Running: false, ExitCode: 1 }),
    }),
  );
  await using docker = new Docker({ host: fake.host });
  const error = await docker.containers
    .get("box")
    .exec(["a"])
    .catch((e: unknown) => e);
  expect(error).toMatchObject({
    message: `"a" exited with code 1: ${"x".repeat(2000)}…`,
    stderr: line,
  });
});

test("an image that is committed gets a name, not a digest", async () => {
  await using docker = new Docker({ host: "unix:///nowhere.sock" });
  const reference = `app@sha256:${"0".repeat(64)}`;
  await expect(docker.containers.get("box").commit({ reference })).rejects.toThrow(/no digest/);
});

describe.concurrent("an engine that closes the connection with input unread", () => {
  test("has ended the output, which is whole", async () => {
    let begin = (): void => undefined;
    await using fake = await startFakeEngine(
      routes({
        "POST /containers/box/exec": (exchange) => exchange.json(201, { Id: "e1" }),
        "POST /exec/e1/start": (exchange) => {
          const socket = exchange.upgrade(multiplexed);
          begin = () => void socket.write(frame(1, "all"));
        },
        "GET /exec/e1/json": (exchange) => exchange.json(200, { Running: false, ExitCode: 0 }),
      }),
    );
    const input = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from("unread");
      begin(); // the input is in the socket, and nothing is being written any more
      await new Promise(() => undefined);
    };
    await using docker = new Docker({ host: fake.host });
    const exec = docker.containers.get("box").exec(["head"], { input: input() });
    for await (const _ of exec) fake.cutAll();
    expect(await exec).toMatchObject({ stdout: "all", exitCode: 0 });
  });
});

test("an exec that the client's disposal cuts is no exec that has ended", async () => {
  await using fake = await startFakeEngine(
    routes({
      "POST /containers/box/exec": (exchange) => exchange.json(201, { Id: "e1" }),
      "POST /exec/e1/start": (exchange) => void exchange.upgrade(multiplexed).write(frame(1, "some")),
      "GET /exec/e1/json": (exchange) => exchange.json(200, { Running: false, ExitCode: 0 }),
    }),
  );
  const docker = new Docker({ host: fake.host });
  const exec = docker.containers.get("box").exec(["a"]);
  const loop = async (): Promise<void> => {
    for await (const _ of exec) await docker[Symbol.asyncDispose]();
  };
  const disposed = { name: "AbortError", message: "The client was disposed." };
  await expect(loop()).rejects.toMatchObject(disposed);
  await expect(exec).rejects.toMatchObject(disposed);
});

describe.concurrent("wait", () => {
  test("an answer without a code is an engine that went away", async () => {
    await using fake = await startFakeEngine((exchange) => exchange.send(200, ""));
    await using docker = new Docker({ host: fake.host });
    await expect(docker.containers.get("box").wait()).rejects.toBeInstanceOf(EngineGoneError);
  });
});
