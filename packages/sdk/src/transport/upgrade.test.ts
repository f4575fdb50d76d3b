import { once } from "node:events";
import type { Duplex } from "node:stream";
import { describe, expect, it } from "vitest";
import { frame } from "test-support/chunk-source";
import { startFakeEngine } from "test-support/fake-engine";
import { Docker } from "../docker.ts";
import { ConflictError, EngineGoneError, NotFoundError, ProtocolError } from "../errors.ts";
import { socketSource } from "../streams/socket-source.ts";

const path = { id: "web" };
const thrown = (error: unknown): unknown => error;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function client(host: string): Docker {
  return new Docker({ host, env: {}, apiVersion: "1.41" });
}

async function bytesOf(socket: Duplex, signal?: AbortSignal): Promise<Buffer> {
  const source = socketSource(socket, (error) => error, signal);
  const parts: Uint8Array[] = [];
  for (let chunks = await source.read(); chunks !== undefined; chunks = await source.read())
    parts.push(...chunks);
  return Buffer.concat(parts);
}

describe("an upgrade", () => {
  it("sends its headers and body, and hands over the head and a raw socket", async () => {
    await using engine = await startFakeEngine((exchange) => {
      exchange.upgrade({ "Content-Type": "application/vnd.docker.multiplexed-stream" }).end("raw");
    });
    await using docker = client(engine.host);
    const { socket, headers } = await docker.call("ExecStart", { path, body: { Tty: true } });
    expect(headers["content-type"]).toBe("application/vnd.docker.multiplexed-stream");
    expect((await bytesOf(socket)).toString()).toBe("raw");
    expect(engine.calls[0]).toMatchObject({
      method: "POST",
      path: "/exec/web/start",
      body: Buffer.from('{"Tty":true}'),
    });
    expect(engine.calls[0]?.headers).toMatchObject({ connection: "upgrade", upgrade: "tcp" });
  });

  it("loses no byte that comes with the head, in one packet or cut anywhere", async () => {
    const head = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
    const early = Buffer.alloc(100_000, "0123456789abcdef");
    const wire = Buffer.concat([Buffer.from(head), early]);
    let cut = wire.length;
    await using engine = await startFakeEngine(async ({ socket }) => {
      socket.write(wire.subarray(0, cut));
      await turn();
      socket.end(wire.subarray(cut));
    });
    await using docker = client(engine.host);
    for (cut of [wire.length, 1, head.length - 1, head.length, head.length + 1, head.length + 5]) {
      const { socket } = await docker.call("ContainerAttach", { path });
      await turn();
      expect((await bytesOf(socket)).equals(early)).toBe(true);
    }
  });

  it("half-closes: the engine sees the end of stdin and still answers", async () => {
    await using engine = await startFakeEngine(async (exchange) => {
      const socket = exchange.upgrade();
      let size = 0;
      socket.on("data", (chunk: Buffer) => (size += chunk.length));
      await once(socket, "end");
      socket.end(`${size} bytes`);
    });
    await using docker = client(engine.host);
    const { socket } = await docker.call("ContainerAttach", { path, query: { stdin: true, stream: true } });
    const answer = bytesOf(socket);
    for (let round = 0; round < 64; round++) {
      if (!socket.write(Buffer.alloc(65_536))) await once(socket, "drain");
    }
    socket.end();
    expect((await answer).toString()).toBe(`${64 * 65_536} bytes`);
  });

  it.each([
    [404, "No such container: web\n", NotFoundError, "No such container: web"],
    [404, '{"message":"No such exec instance: web"}', NotFoundError, "No such exec instance: web"],
    [409, '{"message":"Container web is not running"}', ConflictError, "Container web is not running"],
    [200, "", ProtocolError, /status 200/],
  ])(
    "refused with %i %j is the error it should be, and the connection is closed",
    async (status, body, type, message) => {
      await using engine = await startFakeEngine((exchange) => exchange.send(status, body));
      await using docker = client(engine.host);
      const error = await docker.call("ContainerAttach", { path }).catch(thrown);
      expect(error).toBeInstanceOf(type);
      expect((error as Error).message).toMatch(message);
      await engine.idle();
    },
  );

  it("cut before its answer is an EngineGoneError, and is not tried again", async () => {
    await using engine = await startFakeEngine(({ socket }) => void socket.destroy());
    await using docker = client(engine.host);
    expect(await docker.call("ContainerAttach", { path }).catch(thrown)).toBeInstanceOf(EngineGoneError);
    expect(engine.calls).toHaveLength(1);
  });

  it("is read only as fast as its reader, and is exact after", async () => {
    const part = frame(1, Buffer.alloc(65_536, "x"));
    const parts = 400;
    let sent = 0;
    await using engine = await startFakeEngine(async (exchange) => {
      const socket = exchange.upgrade();
      for (; sent < parts; sent++) {
        await new Promise<void>((resolve) => void socket.write(part, () => resolve()));
      }
      socket.end();
    });
    await using docker = client(engine.host);
    const { socket } = await docker.call("ContainerAttach", { path });
    const source = socketSource(socket, (error) => error, undefined);
    let received = Buffer.concat((await source.read()) ?? []).length;
    let before = -1;
    while (before !== sent) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(sent * part.length).toBeLessThan(4 * 1024 * 1024);
    for (let chunks = await source.read(); chunks !== undefined; chunks = await source.read()) {
      for (const chunk of chunks) received += chunk.length;
    }
    expect(received).toBe(parts * part.length);
  });

  it("whose socket breaks throws the explained error after what came before", async () => {
    await using engine = await startFakeEngine((exchange) => void exchange.upgrade().write("before"));
    await using docker = client(engine.host);
    const explain = (cause: Error): Error => new Error("explained", { cause });
    const { socket } = await docker.call("ContainerAttach", { path });
    const source = socketSource(socket, explain, undefined);
    await once(socket, "data");
    socket.destroy(new Error("reset"));
    await new Promise((resolve) => socket.once("close", resolve)); // once() would reject
    expect(Buffer.concat((await source.read()) ?? []).toString()).toBe("before");
    await expect(source.read()).rejects.toMatchObject({ message: "explained", cause: { message: "reset" } });

    // One that was broken or closed before anybody read it tells so too.
    await expect(socketSource(socket, explain, undefined).read()).rejects.toThrow("explained");
    const closed = (await docker.call("ContainerAttach", { path })).socket.destroy();
    await once(closed, "close");
    expect(await socketSource(closed, explain, undefined).read()).toBe(undefined);
  });

  it("is cut by its signal after it succeeded, and by disposing the client", async () => {
    let gone: Promise<unknown> | undefined;
    await using engine = await startFakeEngine((exchange) => {
      const socket = exchange.upgrade();
      socket.resume().once("end", () => socket.end());
      gone = exchange.closed;
    });
    const docker = client(engine.host);
    const controller = new AbortController();
    const { socket } = await docker.call("ContainerAttach", { path, signal: controller.signal });
    const reading = bytesOf(socket, controller.signal).catch(thrown);
    await turn();
    controller.abort("enough");
    expect(await reading).toBe("enough");
    await gone;

    const second = await docker.call("ContainerAttach", { path });
    await docker[Symbol.asyncDispose]();
    await gone;
    expect(second.socket.destroyed).toBe(true);
  });

  it("keeps what the engine writes when it no longer takes what is written to it", async () => {
    const answer = Buffer.alloc(300_000, "y");
    await using engine = await startFakeEngine((exchange) => {
      const socket = exchange.upgrade();
      socket.write(answer);
      socket.end(() => exchange.socket.destroy());
    });
    await using docker = client(engine.host);
    for (let round = 0; round < 20; round++) {
      const { socket } = await docker.call("ContainerAttach", { path });
      const reading = bytesOf(socket);
      const flood = setInterval(() => socket.write(Buffer.alloc(65_536)), 0);
      const read = await reading;
      clearInterval(flood);
      expect(read.equals(answer)).toBe(true);
    }
  });
});
