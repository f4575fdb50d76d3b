import { createServer } from "node:net";
import { chmod, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { runChildScript } from "test-support/child-script";
import { startFakeEngine, type FakeExchange } from "test-support/fake-engine";
import { tempDir } from "test-support/temp-dir";
import { Docker } from "../docker.ts";
import { ConnectionError, EngineGoneError, ProtocolError } from "../errors.ts";
import { Transport } from "./transport.ts";

const path = { id: "web" };
const thrown = (error: unknown): unknown => error;

function client(host: string): Docker {
  return new Docker({ host, env: {}, apiVersion: "1.41" });
}

describe("an engine that cannot be reached", () => {
  it("because its socket is missing", async () => {
    await using folder = await tempDir();
    const host = `unix://${folder.join("none.sock")}`;
    const error = await client(host).call("SystemInfo").catch(thrown);
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).not.toBeInstanceOf(EngineGoneError);
    expect(error).toMatchObject({
      host,
      code: "CONNECTION_FAILED",
      operation: "SystemInfo",
      tried: [`${host} (option "host")`],
      message: expect.stringMatching(/the socket does not exist.*DOCKER_HOST/) as string,
      cause: expect.objectContaining({ code: "ENOENT" }) as Error,
    });
  });

  it("because none of the default sockets exists: the message names them all", async () => {
    await using folder = await tempDir();
    const tried = ["a", "b", "c"].map((name) => `unix://${folder.join(name)}`);
    const connect = { socketPath: folder.join("a") };
    const transport = new Transport({ host: tried[0] ?? "", tried, origin: "http://docker", connect });
    const request = { operation: "SystemInfo", method: "GET", path: "/info", duration: "short" } as const;
    const error = await transport.send(request).catch(thrown);
    expect(error).toMatchObject({ tried });
    for (const socket of tried) expect((error as Error).message).toContain(socket);
  });

  it("because the socket is left over from a dead one", async () => {
    await using folder = await tempDir();
    const socket = folder.join("dead.sock");
    const script = `
      import { createServer } from "node:net";
      createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, "SIGKILL"));
    `;
    expect((await runChildScript(script)).killedBy).toBe("SIGKILL");
    await expect(client(`unix://${socket}`).call("SystemInfo")).rejects.toMatchObject({
      code: "CONNECTION_FAILED",
      message: expect.stringContaining("nothing listens there. Is the engine running?") as string,
    });
  });

  it("because the path is an ordinary file", async () => {
    await using folder = await tempDir();
    await writeFile(folder.join("file"), "");
    await expect(client(`unix://${folder.join("file")}`).call("SystemInfo")).rejects.toMatchObject({
      code: "CONNECTION_FAILED",
    });
  });

  it("because permission is missing", async () => {
    await using folder = await tempDir();
    await chmod(folder.path, 0o755);
    const socket = folder.join("engine.sock");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    await chmod(socket, 0o600);
    const script = `
      import { Docker } from ${JSON.stringify(new URL("../docker.ts", import.meta.url).href)};
      const docker = new Docker({ host: ${JSON.stringify(`unix://${socket}`)}, env: {} });
      if (process.getuid() === 0) { process.setgroups([]); process.setgid(65534); process.setuid(65534); }
      const error = await docker.call("SystemInfo").catch((error) => error);
      process.stdout.write(JSON.stringify([error.code, error.message]));
    `;
    if (process.getuid?.() !== 0) await chmod(socket, 0);
    const { stdout } = await runChildScript(script);
    server.close();
    expect(JSON.parse(stdout)).toEqual([
      "CONNECTION_FAILED",
      expect.stringMatching(/permission denied.*group that owns the socket/),
    ]);
  });

  it("over TCP because nothing listens", async () => {
    const engine = await startFakeEngine(undefined, { tcp: true });
    await engine.close();
    await expect(client(engine.host).call("SystemInfo")).rejects.toMatchObject({
      host: engine.host,
      message: expect.stringContaining("nothing listens there") as string,
    });
  });

  it("by 200 calls at a time: each is told, also those that queue", async () => {
    await using folder = await tempDir();
    const docker = client(`unix://${folder.join("none.sock")}`);
    const calls = Array.from({ length: 200 }, () => docker.call("SystemInfo").catch(thrown));
    for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(ConnectionError);
  });

  it("is reached again when it is back", async () => {
    await using folder = await tempDir();
    const docker = client(`unix://${folder.join("engine.sock")}`);
    await expect(docker.call("SystemInfo")).rejects.toBeInstanceOf(ConnectionError);
    const server = createServer((socket) => {
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    });
    await new Promise<void>((resolve) => server.listen(folder.join("engine.sock"), resolve));
    expect(await docker.call("SystemInfo")).toEqual({});
    server.close();
  });
});

describe("a server that is no engine", () => {
  it.each([
    "SSH-2.0-OpenSSH_9.2\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: banana\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
    `HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}\r\n\r\n`,
  ])("and answers %j is a ProtocolError", async (answer) => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined).once("data", () => socket.write(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address() as { port: number };
    const docker = client(`tcp://127.0.0.1:${address.port}`);
    await expect(docker.call("SystemInfo")).rejects.toBeInstanceOf(ProtocolError);
    await docker[Symbol.asyncDispose]();
    server.close();
  });
});

describe("an engine that goes away", () => {
  const cuts: readonly [string, (exchange: FakeExchange) => unknown][] = [
    ["before it answers", ({ socket }) => socket.destroy()],
    ["in the middle of a JSON text", (exchange) => exchange.cut('{"ID":')],
    [
      "in the middle of a chunk",
      ({ socket }) => socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"),
    ],
    [
      "after a chunk",
      ({ socket }) => socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
    ],
    [
      "after a chunk of a connection that closes",
      ({ socket }) =>
        socket.end("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
    ],
    [
      "before the length it promised",
      ({ socket }) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"),
    ],
    [
      "before the length it promised on a connection that closes",
      ({ socket }) => socket.end("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\n{}"),
    ],
    ["inside the head", ({ socket }) => socket.end("HTTP/1.1 200 OK\r\nContent-")],
  ];
  it.each(cuts)("%s is an EngineGoneError", async (_, cut) => {
    await using engine = await startFakeEngine(async (exchange) => void (await cut(exchange)));
    await using docker = client(engine.host);
    for (const call of [() => docker.call("SystemInfo"), () => docker.call("ContainerWait", { path })]) {
      const error = await call().catch(thrown);
      expect(error).toBeInstanceOf(EngineGoneError);
      expect(error).toMatchObject({ code: "ENGINE_GONE", host: engine.host });
    }
  });

  it("while events are read is told after the events before", async () => {
    await using engine = await startFakeEngine((exchange) => exchange.cut('{"Action":"start"}\n{"Act'));
    await using docker = client(engine.host);
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const event of await docker.call("SystemEvents")) seen.push(event);
    })();
    await expect(reading).rejects.toBeInstanceOf(EngineGoneError);
    expect(seen).toEqual([{ Action: "start" }]);
  });

  it("and does not come back is gone, not missing", async () => {
    const engine = await startFakeEngine(() => void engine.close());
    await using docker = client(engine.host);
    await expect(docker.call("SystemInfo")).rejects.toBeInstanceOf(EngineGoneError);
  });

  it("before it answered is asked once more for a GET, and not for anything else", async () => {
    let cut = true;
    await using engine = await startFakeEngine((exchange) => {
      if (cut) exchange.socket.destroy();
      else exchange.json(200, {});
      cut = !cut;
    });
    await using docker = client(engine.host);
    expect(await docker.call("SystemInfo")).toEqual({});
    expect(engine.calls).toHaveLength(2);
    for (const call of [
      () => docker.call("ContainerStart", { path }),
      () => docker.call("ContainerDelete", { path }),
      () => docker.call("ContainerArchiveInfo", { path, query: { path: "/" } }),
    ]) {
      cut = true;
      const before = engine.calls.length;
      await expect(call()).rejects.toThrow(/closed the connection before it answered/);
      expect(engine.calls.length - before).toBe(1);
    }
  });

  it("while its connections were idle is reached by new ones", async () => {
    await using engine = await startFakeEngine((exchange) => exchange.json(200, {}));
    await using docker = client(engine.host);
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => docker.call("SystemInfo")));
      expect(answers).toHaveLength(20);
      engine.cutAll();
    }
  });
});
