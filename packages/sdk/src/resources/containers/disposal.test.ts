/** What a client that is disposed leaves of the containers that only its calls under way know. */
import { routes, startFakeEngine, type FakeEngine } from "test-support/fake-engine";
import type { FakeExchange } from "test-support/fake-exchange";
import { Pool } from "undici";
import { describe, expect, test } from "vitest";
import { Docker } from "../../docker.ts";
import { EngineGoneError } from "../../errors.ts";

type Route = (exchange: FakeExchange) => void | Promise<void>;

const stdout = Buffer.from([1, 0, 0, 0, 0, 0, 0, 4, ...Buffer.from("some")]);
const multiplexed = { "Content-Type": "application/vnd.docker.multiplexed-stream" };
const created: Route = (exchange) => exchange.json(201, { Id: "c1" });
const removed: Route = (exchange) => exchange.send(204);

/** An engine on which a container writes something and goes on. */
function engineWith(more: Readonly<Record<string, Route>>): Promise<FakeEngine> {
  return startFakeEngine(
    routes({
      "POST /containers/create": created,
      "POST /containers/c1/wait": (exchange) => exchange.stall(),
      "POST /containers/c1/attach": (exchange) => void exchange.upgrade(multiplexed).write(stdout),
      "POST /containers/c1/start": (exchange) => exchange.send(204),
      "DELETE /containers/c1": removed,
      ...more,
    }),
  );
}

function removals({ requests }: FakeEngine): readonly string[] {
  return requests.filter(({ method }) => method === "DELETE").map(({ query }) => String(query));
}

/** Disposes of the client at the first request to a path, whose answer comes later. */
async function disposedAt(path: string, verb: "run" | "start" | "create", answer: Route): Promise<string> {
  let begun = (): void => undefined;
  const asked = new Promise<void>((resolve) => (begun = resolve));
  let dispose = (): void => undefined;
  const disposing = new Promise<void>((resolve) => (dispose = resolve));
  await using fake = await engineWith({
    [`POST ${path}`]: async (exchange) => {
      begun();
      await disposing;
      if (!exchange.socket.destroyed) await answer(exchange);
    },
  });
  const docker = new Docker({ host: fake.host });
  const { containers } = docker;
  const made = verb === "create" ? containers.create({ Image: "app" }) : containers[verb]({ image: "app" });
  const outcome = Promise.resolve(made).then(
    () => "done",
    (error: unknown) => String(error),
  );
  await asked;
  const disposed = docker[Symbol.asyncDispose]();
  dispose();
  await disposed;
  expect(removals(fake)).toEqual(["force=true&v=true"]);
  return await outcome;
}

describe.concurrent("a client that is disposed removes the container of", () => {
  test.each<[string, "run" | "start" | "create", Route]>([
    ["/containers/create", "run", created],
    ["/containers/create", "start", created],
    ["/containers/create", "create", created],
    ["/containers/c1/wait", "run", (exchange) => exchange.stall()],
    ["/containers/c1/start", "run", (exchange) => exchange.send(204)],
    ["/containers/c1/start", "start", (exchange) => exchange.send(204)],
  ])("%s of a %s", async (path, verb, answer) => {
    expect(await disposedAt(path, verb, answer)).toBe("AbortError: The client was disposed.");
  });

  test("a run whose output is being read", async () => {
    await using fake = await engineWith({});
    const docker = new Docker({ host: fake.host });
    const run = docker.containers.run({ image: "app" });
    const loop = async (): Promise<void> => {
      for await (const _ of run) {
        await docker[Symbol.asyncDispose]();
        expect(removals(fake)).toEqual(["force=true&v=true"]);
      }
    };
    await expect(loop()).rejects.toMatchObject({
      name: "AbortError",
      message: "The client was disposed.",
    });
  });
});

test("a container that cannot be removed is told", async () => {
  await using fake = await engineWith({
    "DELETE /containers/c1": (exchange) => exchange.refuse(500, "busy"),
  });
  const docker = new Docker({ host: fake.host });
  const run = docker.containers.run({ image: "app" });
  const loop = async (): Promise<void> => {
    for await (const _ of run) await docker[Symbol.asyncDispose]();
  };
  await expect(loop()).rejects.toMatchObject({
    name: "AbortError",
    message: "The client was disposed. The container c1 may be left.",
  });
});

test("an engine that goes away in the midst of a run may leave the container, which is told", async () => {
  await using fake = await engineWith({});
  await using docker = new Docker({ host: fake.host });
  const run = docker.containers.run({ image: "app" });
  const loop = async (): Promise<void> => {
    for await (const _ of run) await fake.close();
  };
  const error = await loop().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(EngineGoneError);
  expect(String(error)).toMatch(/went away.* The container c1 may be left\.$/);
});

test("nothing is removed of a run that is over, nor by a client that is closed", async () => {
  await using fake = await engineWith({
    "POST /containers/c1/wait": (exchange) => exchange.json(200, { StatusCode: 0 }),
    "POST /containers/c1/attach": (exchange) => void exchange.upgrade(multiplexed).end(stdout),
    "GET /containers/c1/json": (exchange) => exchange.json(200, { Id: "c1" }),
  });
  const docker = new Docker({ host: fake.host });
  expect((await docker.containers.run({ image: "app" })).stdout).toBe("some");
  await docker.close();
  await docker[Symbol.asyncDispose]();
  expect(removals(fake)).toEqual([]);
});

describe.concurrent("what is being created is given up when the engine does not answer", () => {
  test.each(["its own connections", "a dispatcher, which is not cut"])("over %s", async (connections) => {
    await using fake = await engineWith({ "POST /containers/create": () => undefined });
    const connect = { socketPath: fake.socketPath ?? "" };
    const dispatcher = connections.startsWith("its") ? undefined : new Pool("http://localhost", { connect });
    const docker = new Docker({ host: fake.host, dispatcher });
    const run = Promise.resolve(docker.containers.run({ image: "app" })).catch((error: unknown) => error);
    while (!fake.requests.some(({ path }) => path === "/containers/create")) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await docker[Symbol.asyncDispose]();
    expect(String(await run)).toBe("AbortError: The client was disposed.");
    await dispatcher?.destroy();
  });
});
