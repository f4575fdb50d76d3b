import { runChildScript } from "test-support/child-script";
import { routes, startFakeEngine, type FakeEngine } from "test-support/fake-engine";
import { expect, it } from "vitest";

const sdk = new URL("../index.ts", import.meta.url).href;

/** What a script prints on standard error, without times and process ids. */
async function logOf(
  engine: FakeEngine,
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<string[]> {
  const code = `
    import { Docker } from ${JSON.stringify(sdk)};
    const docker = new Docker({ host: ${JSON.stringify(engine.host)}, env: {} });
    const ignore = () => undefined;
    ${script}
    await docker.close();
  `;
  const { exitCode, stderr } = await runChildScript(code, { env });
  expect(exitCode).toBe(0);
  return stderr
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replace(/ \d+: /, ": ").replaceAll(/after \d+ ms/g, "after … ms"))
    .map((line) => line.replaceAll(engine.host, "HOST"));
}

const debug = { NODE_DEBUG: "docker-engine-sdk" };

it("shows each request, its answer, its connection and its end", async () => {
  await using engine = await startFakeEngine(
    routes({
      "GET /containers/json": (exchange) => exchange.json(200, []),
      "GET /containers/a/logs": (exchange) => exchange.stall("log\n"),
      "POST /exec/a/start": ({ socket }) => {
        socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
        socket.resume().once("end", () => socket.end());
      },
    }),
  );
  const lines = await logOf(
    engine,
    `
    await docker.containers.list({ all: true });
    await docker.containers.get("missing").remove({ force: true }).catch(ignore);
    for await (const chunk of await docker.call("ContainerLogs", { path: { id: "a" }, query: { stdout: true } })) break;
    const { socket } = await docker.call("ExecStart", { path: { id: "a" }, body: { Tty: true } });
    socket.destroy();
    await docker.call("SystemInfo", { signal: AbortSignal.abort() }).catch(ignore);
    `,
    debug,
  );
  expect(lines.map((line) => line.replace(/(?:new|kept) connection \d+/, "a connection"))).toEqual([
    "DOCKER-ENGINE-SDK: #1 GET /_ping -> HOST",
    "DOCKER-ENGINE-SDK: #1 200 after … ms on a connection",
    "DOCKER-ENGINE-SDK: #1 ended after … ms, 2 bytes",
    "DOCKER-ENGINE-SDK: #2 GET /v1.41/containers/json?all=true -> HOST",
    "DOCKER-ENGINE-SDK: #2 200 after … ms on a connection",
    "DOCKER-ENGINE-SDK: #2 ended after … ms, 2 bytes",
    "DOCKER-ENGINE-SDK: #3 DELETE /v1.41/containers/missing?force=true -> HOST",
    "DOCKER-ENGINE-SDK: #3 404 after … ms on a connection",
    "DOCKER-ENGINE-SDK: #3 ended after … ms, 28 bytes",
    "DOCKER-ENGINE-SDK: #4 GET /v1.41/containers/a/logs?stdout=true -> HOST",
    "DOCKER-ENGINE-SDK: #4 200 after … ms on a connection",
    "DOCKER-ENGINE-SDK: #4 closed by its reader after … ms, 4 bytes",
    "DOCKER-ENGINE-SDK: #5 POST /v1.41/exec/a/start -> HOST",
    "DOCKER-ENGINE-SDK: #5 101 after … ms on a connection",
  ]);
  // Which are kept is up to undici; but a new one has a number that no earlier one has.
  const seen = new Set<string>();
  for (const line of lines) {
    const [, kind, number] = /(new|kept) connection (\d+)/.exec(line) ?? [];
    if (number === undefined) continue;
    expect([line, kind]).toEqual([line, seen.has(number) ? "kept" : "new"]);
    seen.add(number);
  }
  expect(seen.size).toBeGreaterThan(1);
});

it("shows what fails, with its reason", async () => {
  const engine = await startFakeEngine();
  await engine.close();
  const lines = await logOf(engine, `await docker.system.info().catch(ignore);`, debug);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatch(
    /^DOCKER-ENGINE-SDK: #1 failed after … ms: ConnectionError: Cannot reach .* at HOST: the socket/,
  );
});

it("shows no secret", async () => {
  await using engine = await startFakeEngine((exchange) => exchange.json(200, { Id: "a", stream: "s3cret" }));
  const lines = await logOf(
    engine,
    `
    const auth = { username: "s3cret-user", password: "s3cret" };
    await docker.images.push("busybox", { auth }).catch(ignore);
    await docker.system.auth({ username: "s3cret", password: "s3cret", serveraddress: "s3cret" }).catch(ignore);
    await docker.containers.create({ Image: "busybox", Env: ["TOKEN=s3cret"] }, { name: "web" }).catch(ignore);
    await docker.images.build({
      context: { remote: "https://ada:s3cret@example.org/a.git" },
      builder: "classic",
      buildArgs: { TOKEN: "s3cret" },
      labels: { token: "s3cret" },
      tags: ["web:1"],
    }).catch(ignore);
    await docker.call("ContainerList", { query: { filters: '{"label":["s3cret"]}' } }).catch(ignore);
    await docker.call("ImageBuild", {
      query: { remote: "https://ada:s3cret@example.org/a.git", buildargs: { TOKEN: "s3cret" }, t: ["web:1"] },
      headers: { "X-Registry-Config": "s3cret" },
    }).catch(ignore);
    `,
    debug,
  );
  expect(lines.join("\n")).not.toContain("s3cret");
  expect(lines.filter((line) => line.includes(" POST ")).length).toBeGreaterThan(4);
  const build = lines.filter((line) => line.includes("/build?")).at(-1);
  expect(build).toContain("t=web%3A1");
  expect(build).toContain("buildargs=…");
  expect(build).toContain("remote=…");
});

it("is silent unless it is asked for", async () => {
  await using engine = await startFakeEngine((exchange) => exchange.json(200, {}));
  expect(await logOf(engine, `await docker.system.info();`, { NODE_DEBUG: "" })).toEqual([]);
});
