import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { startFakeEngine, type FakeHandler } from "test-support/fake-engine";
import { tempDir } from "test-support/temp-dir";
import { Docker } from "../docker.ts";
import { ContextError, EngineGoneError, InvalidRequestError } from "../errors.ts";
import type { RequestBytes } from "./call.ts";

const thrown = (error: unknown): unknown => error;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function client(host: string): Docker {
  return new Docker({ host, env: {}, apiVersion: "1.41" });
}

interface Producer {
  readonly body: AsyncGenerator<Uint8Array>;
  /** Chunks given so far. */
  given: number;
  /** Its `finally` has run. */
  over: boolean;
}

/** Gives chunks of 64 KiB without end, or throws after some of them. */
function producer(end?: { readonly after: number; readonly error: unknown }): Producer {
  const state = { given: 0, over: false };
  async function* produce(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        if (state.given === end?.after) throw end.error;
        state.given++;
        yield Buffer.alloc(65_536, "x");
        await turn();
      }
    } finally {
      state.over = true;
    }
  }
  return Object.assign(state, { body: produce() });
}

/** Sends the same bytes by `ImageLoad` (a shared pool) and by `ImageBuild` (a connection of its own). */
const uploads: readonly [
  string,
  (docker: Docker, body: RequestBytes, signal?: AbortSignal) => Promise<unknown>,
][] = [
  ["load", (docker, body, signal) => docker.call("ImageLoad", { body, signal })],
  ["build", (docker, body, signal) => docker.call("ImageBuild", { body, signal })],
];

describe.each(uploads)("an upload by %s", (_, upload) => {
  it("sends a text, bytes, a stream and an iterable as they are", async () => {
    await using engine = await startFakeEngine(async (exchange) => {
      await exchange.body();
      exchange.send(200, "");
    });
    await using docker = client(engine.host);
    const bytes = Buffer.from("é🐳".repeat(50_000));
    async function* iterable(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
    }
    for (const body of [bytes.toString(), bytes, new Uint8Array(bytes), Readable.from([bytes]), iterable()]) {
      await upload(docker, body);
    }
    await upload(docker, Readable.from([]));
    await upload(docker, "");
    const received = engine.calls.map(({ body }) => body ?? Buffer.alloc(0));
    expect(received.slice(0, 5).every((body) => body.equals(bytes))).toBe(true);
    expect(received.slice(5).map(({ length }) => length)).toEqual([0, 0]);
  });

  it("that is refused while it is sent gives the refusal, and the producer stops", async () => {
    const refuse: FakeHandler = (exchange) => exchange.refuse(400, "no such builder");
    await using engine = await startFakeEngine(refuse);
    await using docker = client(engine.host);
    for (let round = 0; round < 20; round++) {
      const source = producer();
      const error = await upload(docker, round % 2 === 0 ? source.body : Readable.from(source.body)).catch(
        thrown,
      );
      expect(error).toBeInstanceOf(InvalidRequestError);
      expect(error).toMatchObject({ message: "no such builder" });
      while (!source.over) await turn();
    }
    await docker.close();
    await engine.idle();
  });

  it("that is refused by an engine that closes at once gives the refusal all the same", async () => {
    const answer = '{"message":"too large"}';
    await using engine = await startFakeEngine(({ socket }) => {
      socket.end(
        `HTTP/1.1 413 X\r\nConnection: close\r\nContent-Length: ${answer.length}\r\n\r\n${answer}`,
        () => socket.destroy(),
      );
    });
    await using docker = client(engine.host);
    for (let round = 0; round < 50; round++) {
      const source = producer();
      const error = await upload(docker, source.body).catch(thrown);
      expect(error).toMatchObject({ code: "INVALID_REQUEST", message: "too large" });
      while (!source.over) await turn();
    }
  });

  it("whose engine closes hard is an EngineGoneError that says so", async () => {
    await using engine = await startFakeEngine(({ socket, incoming }) => {
      incoming.once("data", () => socket.destroy());
    });
    await using docker = client(engine.host);
    for (let round = 0; round < 10; round++) {
      const source = producer();
      const error = await upload(docker, source.body).catch(thrown);
      expect(error).toBeInstanceOf(EngineGoneError);
      expect((error as Error).message).toMatch(/closed the connection during the upload/);
      while (!source.over) await turn();
    }
    expect(engine.calls).toHaveLength(10);
  });

  it.each([
    new ContextError("vanished", { path: "a" }),
    new TypeError("of the producer"),
    Object.assign(new Error("of another connection"), { code: "ECONNRESET", syscall: "read" }),
    new DOMException("aborted elsewhere", "AbortError"),
    "a string",
    undefined,
  ])("whose producer throws %s throws that, and closes the connection", async (error) => {
    let gone: Promise<void> | undefined;
    await using engine = await startFakeEngine(({ closed, incoming }) => {
      gone = closed;
      incoming.resume();
    });
    await using docker = client(engine.host);
    for (const after of [0, 3]) {
      expect(await upload(docker, producer({ after, error }).body).catch(thrown)).toBe(error);
      await gone;
    }
    if (error instanceof Error) {
      const stream = Readable.from(producer({ after: 2, error }).body);
      expect(await upload(docker, stream).catch(thrown)).toBe(error);
      await gone;
    }
  });

  it("that is aborted throws the reason, closes the connection and stops the producer", async () => {
    let gone: Promise<void> | undefined;
    await using engine = await startFakeEngine(({ closed, incoming }) => {
      gone = closed;
      incoming.resume();
    });
    await using docker = client(engine.host);
    for (const asStream of [false, true]) {
      const controller = new AbortController();
      const source = producer();
      const body = asStream ? Readable.from(source.body) : source.body;
      const sent = upload(docker, body, controller.signal).catch(thrown);
      while (source.given < 20) await turn();
      controller.abort("enough");
      expect(await sent).toBe("enough");
      await gone;
      while (!source.over) await turn();
    }
  });

  it("that is aborted while a chunk is awaited lets go of the stream at once", async () => {
    let gone: Promise<void> | undefined;
    await using engine = await startFakeEngine(({ closed, incoming }) => {
      gone = closed;
      incoming.resume();
    });
    await using docker = client(engine.host);
    const controller = new AbortController();
    const silent = new Readable({ read: () => undefined });
    silent.push("first");
    const sent = upload(docker, silent, controller.signal).catch(thrown);
    while (gone === undefined) await turn();
    controller.abort("enough");
    expect(await sent).toBe("enough");
    await gone;
    expect(silent.destroyed).toBe(true);
  });

  it("does not run ahead of an engine that reads nothing", async () => {
    await using engine = await startFakeEngine(({ incoming }) => void incoming.pause());
    await using docker = client(engine.host);
    const controller = new AbortController();
    const source = producer();
    const sent = upload(docker, source.body, controller.signal).catch(thrown);
    let before = -1;
    while (source.given !== before || before <= 0) {
      before = source.given;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(source.given * 65_536).toBeLessThan(4 * 1024 * 1024);
    controller.abort();
    await sent;
  });
});

describe("a stream as a body", () => {
  it("that cannot be opened throws its own error, whenever that comes", async () => {
    await using folder = await tempDir();
    await using engine = await startFakeEngine((exchange) => exchange.send(200, ""));
    await using docker = new Docker({ host: engine.host, env: {} });
    const call = docker.call("ImageLoad", { body: createReadStream(folder.join("none.tar")) });
    await expect(call).rejects.toMatchObject({ code: "ENOENT", syscall: "open" });
    const broken = new Readable({ read: () => undefined }).destroy(new Error("broken before"));
    broken.on("error", () => undefined);
    await turn();
    await expect(docker.call("ImageLoad", { body: broken })).rejects.toThrow("broken before");
  });

  it("is let go when its call fails before it is read", async () => {
    await using folder = await tempDir();
    await writeFile(folder.join("a.tar"), "x");
    await using engine = await startFakeEngine((exchange) => exchange.send(200, ""));
    const failures: readonly ((body: Readable) => Promise<unknown>)[] = [
      (body) => client(`unix://${folder.join("none.sock")}`).call("ImageLoad", { body }),
      (body) =>
        new Docker({ host: `unix://${folder.join("none.sock")}`, env: {} }).call("ImageLoad", { body }),
      (body) => client(engine.host).call("ImageLoad", { body, signal: AbortSignal.abort("no") }),
      (body) => client(engine.host).call("ImageLoad", { body, query: { platform: [{ os: "linux" }] } }),
      (body) =>
        client(engine.host).call("PutContainerArchive", { path: { id: ".." }, query: { path: "/" }, body }),
    ];
    for (const fail of failures) {
      const body = createReadStream(folder.join("a.tar"));
      await expect(fail(body)).rejects.toBeDefined();
      await turn();
      expect(body.destroyed).toBe(true);
    }
  });

  it("destroyed by the caller is no whole upload", async () => {
    await using engine = await startFakeEngine(async (exchange) => {
      await exchange.body();
      exchange.send(200, "");
    });
    await using docker = client(engine.host);
    const body = new Readable({ read: () => undefined });
    body.push("half");
    const sent = docker.call("ImageLoad", { body });
    setImmediate(() => body.destroy());
    await expect(sent).rejects.toMatchObject({ code: "ERR_STREAM_PREMATURE_CLOSE" });
  });
});
