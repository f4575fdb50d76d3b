import { describe, expect, test } from "vitest";
import { startFakeEngine, type FakeEngine, type FakeHandler } from "test-support/fake-engine";
import { Docker } from "../docker.ts";
import { BuildError, ConflictError, NotFoundError, UnsupportedError } from "../errors.ts";

const id = "76dde055452d".padEnd(64, "0");
const podman = { "Libpod-Api-Version": "5.4.2" };

/** Answers as Podman does: its own header in all it knows, plain words for what it does not. */
function startPodman(handlers: Readonly<Record<string, FakeHandler>>): Promise<FakeEngine> {
  const handler: FakeHandler = async (exchange) => {
    const { method, path } = exchange.request;
    for (const [name, value] of Object.entries(podman)) exchange.response.setHeader(name, value);
    if (path === "/_ping") {
      return exchange.send(200, "OK", { "Api-Version": "1.41", "Builder-Version": "", Ostype: "linux" });
    }
    const known = handlers[`${method} ${path}`];
    if (known !== undefined) return known(exchange);
    exchange.response.removeHeader("Libpod-Api-Version");
    exchange.send(404, "Not Found\n", { "Content-Type": "text/plain; charset=utf-8" });
  };
  return startFakeEngine(handler, { answerPing: false });
}

const lines = (...values: readonly object[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join("");

const answer =
  (text: string): FakeHandler =>
  async (exchange) => {
    await exchange.body();
    exchange.send(200, text);
  };

const context = { files: { Dockerfile: "FROM busybox\nRUN true\n" } };

describe("a build", () => {
  const built = [
    { stream: "[1/2] STEP 1/2: FROM busybox AS x\n" },
    { stream: "[1/2] STEP 2/2: COPY a /\n" },
    { stream: `--> Using cache ${id}\n` },
    { stream: "--> 87c428de2bc0\n" },
    { stream: "[2/2] STEP 1/2: FROM busybox\n" },
    { stream: "[2/2] STEP 2/2: RUN echo Successfully built 1234\n" },
    { stream: "Successfully built 1234\n" },
    { stream: "[2/2] COMMIT app\n" },
    { stream: "--> 76dde055452d\n" },
    { stream: `${id}\n` },
    { aux: { ID: `sha256:${id}` } },
    { stream: "Successfully built 76dde055452d\n" },
  ];

  test("goes through POST /build and tells its steps", async () => {
    await using engine = await startPodman({ "POST /build": answer(lines(...built)) });
    await using docker = new Docker({ host: engine.host, credentials: {} });
    const build = docker.images.build({ context });
    const told: string[] = [];
    for await (const event of build) {
      if (event.type === "step") told.push(`${event.state} ${event.step.number} ${event.step.name}`);
      if (event.type === "log") told.push(`${event.step?.name}: ${event.text}`);
    }
    expect((await build).id).toBe(`sha256:${id}`);
    expect(told).toEqual([
      "started 1 FROM busybox AS x",
      "completed 1 FROM busybox AS x",
      "started 2 COPY a /",
      "cached 2 COPY a /",
      "started 1 FROM busybox",
      "completed 1 FROM busybox",
      "started 2 RUN echo Successfully built 1234",
      "RUN echo Successfully built 1234: Successfully built 1234\n",
      "completed 2 RUN echo Successfully built 1234",
    ]);
    expect(engine.calls.map(({ path }) => path)).toEqual(["/build"]);
  });

  test("that ends without an image is no success, whatever a RUN prints", async () => {
    await using engine = await startPodman({ "POST /build": answer(lines(...built.slice(0, 7))) });
    await using docker = new Docker({ host: engine.host, credentials: {} });
    await expect(docker.images.build({ context })).rejects.toMatchObject({ code: "STREAM_TRUNCATED" });
  });

  test("that fails tells the step, the exit code and what it wrote", async () => {
    const message = 'building at STEP "RUN exit 7": while running runtime: exit status 7\n';
    const failed = lines(
      { stream: "STEP 1/2: FROM busybox\n" },
      { stream: "STEP 2/2: RUN echo out; exit 7\n" },
      { stream: "out\n" },
      { errorDetail: { message }, error: message },
    );
    await using engine = await startPodman({ "POST /build": answer(failed) });
    await using docker = new Docker({ host: engine.host, credentials: {} });
    const error = await Promise.resolve(docker.images.build({ context })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({
      message: message.trim(),
      step: "RUN echo out; exit 7",
      exitCode: 7,
      log: "out\n",
    });
  });

  test.each([
    { builder: "buildkit" },
    { secrets: { token: { value: "x" } } },
    { contexts: { other: "docker-image://busybox" } },
  ] as const)("that needs BuildKit is refused before anything is sent: %j", async (options) => {
    await using engine = await startPodman({});
    await using docker = new Docker({ host: engine.host, credentials: {} });
    const error = await Promise.resolve(docker.images.build({ context, ...options })).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error).toMatchObject({ needs: "BuildKit", has: "Podman 5.4.2" });
    expect(engine.calls).toEqual([]);
  });
});

describe("a pull", () => {
  const layers = [
    { status: "Pulling fs layer", progressDetail: {}, id: "2d57bc06103c" },
    { status: "Download complete", progressDetail: {}, id: "2d57bc06103c" },
  ];

  test("is done when its last line says so", async () => {
    await using engine = await startPodman({ "POST /images/create": answer(lines(...layers)) });
    await using docker = new Docker({ host: engine.host, credentials: {} });
    expect((await docker.images.pull("r.example/a:1")).id).toBe("r.example/a:1");
  });

  test("that told of no download is unknown, and one that fails after it has failed", async () => {
    const answers = [lines(...layers.slice(0, 1)), lines(...layers, { error: "no space" })];
    await using engine = await startPodman({
      "POST /images/create": (exchange) => answer(answers.shift() ?? "")(exchange),
    });
    await using docker = new Docker({ host: engine.host, credentials: {} });
    await expect(docker.images.pull("a")).rejects.toMatchObject({ code: "STREAM_TRUNCATED" });
    await expect(docker.images.pull("a")).rejects.toMatchObject({ code: "TRANSFER_FAILED" });
  });

  test("of all tags is refused: it would be one of them", async () => {
    await using engine = await startPodman({});
    await using docker = new Docker({ host: engine.host, credentials: {} });
    await expect(docker.images.pull("a", { allTags: true })).rejects.toMatchObject({
      code: "UNSUPPORTED",
      has: "Podman 5.4.2",
    });
    expect(engine.calls).toEqual([]);
  });
});

/** A container that exits with 3; Podman 4.3 tells 0 of it where its removal is waited for. */
function container(handed: { spec?: unknown; removed?: boolean }): Readonly<Record<string, FakeHandler>> {
  return {
    "POST /containers/create": async (exchange) => {
      handed.spec = JSON.parse((await exchange.body()).toString());
      exchange.json(201, { Id: id, Warnings: [] });
    },
    [`POST /containers/${id}/wait`]: (exchange) => {
      const isRemoval = exchange.request.query.get("condition") === "removed";
      exchange.json(200, { StatusCode: isRemoval ? 0 : 3, Error: null });
    },
    [`POST /containers/${id}/attach`]: (exchange) => {
      exchange.upgrade({ "Content-Type": "application/vnd.docker.multiplexed-stream" }).end();
    },
    [`POST /containers/${id}/start`]: (exchange) => exchange.send(204),
    [`GET /containers/${id}/json`]: (exchange) =>
      exchange.json(200, { Id: id, Config: { Tty: false }, State: { Running: false } }),
    [`DELETE /containers/${id}`]: (exchange) => {
      handed.removed = true;
      exchange.send(204);
    },
  };
}

describe("a run", () => {
  test("tells the exit code, and removes the container itself", async () => {
    const handed: { spec?: unknown; removed?: boolean } = {};
    await using engine = await startPodman(container(handed));
    await using docker = new Docker({ host: engine.host, credentials: {} });
    const { exitCode } = await docker.containers.run({ image: "busybox", check: false });
    expect(exitCode).toBe(3);
    expect(handed).toMatchObject({ spec: { HostConfig: { AutoRemove: false } }, removed: true });
  });

  test("never takes the code of a removal, with a pinned version neither", async () => {
    await using engine = await startPodman(container({}));
    await using docker = new Docker({ host: engine.host, credentials: {}, apiVersion: "1.41" });
    await expect(docker.containers.run({ image: "busybox" })).rejects.toMatchObject({ exitCode: 3 });
  });
});

test("what it has no endpoint for is told as that", async () => {
  await using engine = await startPodman({
    "GET /plugins": (exchange) => exchange.refuse(404, "Path /v1.41/plugins is not supported"),
  });
  await using docker = new Docker({ host: engine.host, credentials: {} });
  for (const call of [docker.services.list(), docker.plugins.list()]) {
    const error = await call.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ what: "endpoint" });
  }
  await expect(docker.services.list()).rejects.toThrow("no endpoint for ServiceList (/services)");
});

test("samples of a container that does not run are a conflict, and no sample", async () => {
  const refused = { cause: "container state improper", message: "container is stopped", response: 409 };
  await using engine = await startPodman({
    "GET /containers/c1/stats": (exchange) => exchange.json(200, refused),
    "GET /containers/c1/json": (exchange) => exchange.json(200, { Id: "c1" }),
  });
  await using docker = new Docker({ host: engine.host, credentials: {} });
  const container = docker.containers.get("c1");
  const streamed = async (): Promise<void> => {
    for await (const _ of container.stats());
  };
  for (const asked of [container.statsOnce(), streamed()]) {
    const error = await asked.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({ message: refused.message, status: 409, operation: "ContainerStats" });
  }
});

test("a push that is refused with a line of progress tells its reason", async () => {
  const reason = "pinging container registry: connection refused";
  await using engine = await startPodman({
    "POST /images/r.example%2Fa/push": (exchange) =>
      exchange.send(500, lines({ errorDetail: { message: reason }, error: reason })),
    "POST /images/r.example/a/push": (exchange) =>
      exchange.send(500, lines({ errorDetail: { message: reason }, error: reason })),
  });
  await using docker = new Docker({ host: engine.host, credentials: {} });
  await expect(docker.images.push("r.example/a:1")).rejects.toMatchObject({ message: reason, status: 500 });
});
