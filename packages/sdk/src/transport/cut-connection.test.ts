import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { startFakeEngine, type FakeEngine, type FakeHandler } from "test-support/fake-engine";
import { ConnectionError, EngineGoneError } from "../errors.ts";
import type { Connect } from "./connection-pool.ts";
import type { EngineRequest } from "./engine-request.ts";
import type { EngineResponse } from "./engine-response.ts";
import { Transport } from "./transport.ts";

const thrown = (error: unknown): unknown => error;
const epipe = { code: "EPIPE", syscall: "write" };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Line {
  readonly socket: Socket;
  /** Lets every write fail as on a socket whose other side is closed, before anything tells so. */
  breakWrites(): void;
}

interface Lines extends AsyncDisposable {
  readonly engine: FakeEngine;
  readonly transport: Transport;
  /** Every connection so far. */
  readonly made: readonly Line[];
  /** What is asked right before a connection is handed over. */
  onMade: (line: Line) => void;
  /** Writes that failed. */
  refused: number;
  /** Milliseconds until a connection is made. */
  delay: number;
}

/** A transport whose connections can be spoilt at any moment. */
async function lines(
  handler: FakeHandler = (exchange) => exchange.send(200, "ok"),
  shortConnections?: number,
): Promise<Lines> {
  const engine = await startFakeEngine(handler);
  const made: Line[] = [];
  const opener: Connect = (_, callback) => {
    setTimeout(() => {
      const socket = connect(engine.socketPath ?? "");
      socket
        .once("error", () => undefined)
        .once("connect", () => {
          const write = socket._write.bind(socket);
          let broken = false;
          socket._write = (chunk: unknown, encoding, done) => {
            if (!broken) return write(chunk, encoding, done);
            all.refused++;
            setImmediate(done, Object.assign(new Error("write EPIPE"), epipe));
          };
          // As `_write` above: one piece at a time.
          Object.defineProperty(socket, "_writev", { value: undefined, writable: true });
          const line = { socket, breakWrites: () => void (broken = true) };
          made.push(line);
          all.onMade(line);
          callback(null, socket);
        });
    }, all.delay);
  };
  const transport = new Transport({
    host: "test://engine",
    tried: [],
    origin: "http://docker",
    connect: opener,
    shortConnections,
  });
  const all: Lines = {
    engine,
    transport,
    made,
    onMade: () => undefined,
    refused: 0,
    delay: 0,
    async [Symbol.asyncDispose]() {
      await transport.destroy();
      await engine.close();
    },
  };
  return all;
}

const get = { operation: "SystemInfo", method: "GET", path: "/info", duration: "short" } as const;
const post = { operation: "ContainerStart", method: "POST", path: "/start", duration: "long" } as const;
const posting = { ...post, body: '{"Cmd":["x"]}', headers: { "content-type": "application/json" } };

async function answer(response: EngineResponse): Promise<number> {
  while ((await response.body.read()) !== undefined);
  // Only then does the next call find the connection idle.
  await turn();
  return response.status;
}

async function send({ transport }: Lines, request: EngineRequest): Promise<unknown> {
  return await transport.send(request).then(answer, thrown);
}

describe("a connection that was kept and is dead", () => {
  it.each<EngineRequest>([get, post, posting, { ...post, method: "DELETE" }, { ...post, method: "HEAD" }])(
    "by the first write is left for a new one: $method",
    async (request) => {
      await using all = await lines();
      expect(await send(all, request)).toBe(200);
      for (const line of all.made) line.breakWrites();
      expect(await send(all, request)).toBe(200);
      expect(all.engine.calls).toHaveLength(2);
      expect(all.made).toHaveLength(2);
      // After HEAD undici closes the connection anyway.
      expect(all.refused).toBe(request.method === "HEAD" ? 0 : 1);
    },
  );

  it("by the first write is left for a new one by an upgrade too", async () => {
    await using all = await lines((exchange) => {
      if (exchange.request.path === "/start") exchange.send(200, "ok");
      else exchange.upgrade().end("raw");
    });
    expect(await send(all, post)).toBe(200);
    for (const line of all.made) line.breakWrites();
    const upgraded = await all.transport.upgrade({ ...post, path: "/attach" }, "tcp");
    if (!("socket" in upgraded)) throw new Error("it was refused");
    let text = "";
    for await (const chunk of upgraded.socket) text += String(chunk);
    expect(text).toBe("raw");
    expect(all.engine.calls.map(({ path }) => path)).toEqual(["/start", "/attach"]);
  });

  it("by the first write of an upload is an EngineGoneError, and the producer is let go", async () => {
    await using all = await lines();
    expect(await send(all, post)).toBe(200);
    for (const line of all.made) line.breakWrites();
    let released = false;
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          yield Buffer.alloc(1000);
          await turn();
        }
      } finally {
        released = true;
      }
    }
    expect(await send(all, { ...post, body: body() })).toBeInstanceOf(EngineGoneError);
    expect(all.refused).toBe(1);
    expect(all.engine.calls).toHaveLength(1);
    await expect.poll(() => released).toBe(true);
  });

  it("as all the others are costs a reading call one attempt and no more", async () => {
    let doomed = new Set<unknown>();
    const first = new Set<unknown>();
    await using all = await lines(async (exchange) => {
      if (doomed.has(exchange.socket)) {
        exchange.socket.destroy();
        return;
      }
      first.add(exchange.socket);
      await sleep(20);
      exchange.send(200, "ok");
    });
    const four = await Promise.all(Array.from({ length: 4 }, () => send(all, get)));
    expect(four).toEqual([200, 200, 200, 200]);
    expect(first.size).toBe(4);
    doomed = new Set(first);
    expect(await send(all, get)).toBe(200);
    expect(all.made).toHaveLength(5);
  });

  it("closed in the turn of the call is left for a new one", async () => {
    for (const request of [get, post, posting]) {
      await using all = await lines();
      expect(await send(all, request)).toBe(200);
      const second = send(all, request);
      for (const { socket } of all.made) socket.destroy();
      expect(await second).toBe(200);
      expect(all.engine.calls).toHaveLength(2);
    }
  });
});

describe("a connection that is new", () => {
  it("and dead when it is handed over is left for another", async () => {
    for (const request of [get, post, posting]) {
      await using all = await lines();
      all.onMade = ({ socket }) => {
        if (all.made.length <= 2) socket.destroy();
      };
      expect(await send(all, request)).toBe(200);
      expect(all.made).toHaveLength(3);
      expect(all.engine.calls).toHaveLength(1);
    }
  });

  it("and takes half a second serves what came meanwhile, also when another is cut then", async () => {
    await using all = await lines((exchange) => {
      if (exchange.request.path === "/follow") exchange.stall("first");
      else exchange.send(200, "ok");
    });
    const following = await all.transport.send({ ...get, path: "/follow", duration: "long" });
    expect(await following.body.read()).toBeDefined();
    all.delay = 500;
    const calls = [send(all, post), send(all, get), send(all, posting)];
    all.engine.cutAll();
    await expect(following.body.read()).rejects.toBeInstanceOf(EngineGoneError);
    expect(await Promise.all(calls)).toEqual([200, 200, 200]);
    expect(all.engine.calls).toHaveLength(4);
  });

  it("and cannot be made fails the call that waits for it and not the next", async () => {
    await using all = await lines();
    const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    let refuse = true;
    const transport = new Transport({
      host: "test://engine",
      tried: [],
      origin: "http://docker",
      connect: (_, callback) => {
        const socket = connect(all.engine.socketPath ?? "");
        socket.once("connect", () => {
          if (refuse) callback(refused, null);
          else callback(null, socket);
        });
      },
    });
    const failed = await transport.send(post).catch(thrown);
    expect(failed).toBeInstanceOf(ConnectionError);
    expect(failed).not.toBeInstanceOf(EngineGoneError);
    refuse = false;
    expect(await transport.send(post).then(answer)).toBe(200);
    await transport.destroy();
  });
});

describe("a request that has left", () => {
  it.each([
    ["before the head", ""],
    ["within the head", "HTTP/1.1 200 OK\r\nContent-"],
  ])("is not sent again when its connection is cut %s, unless it only reads", async (_, said) => {
    let cut = true;
    await using all = await lines((exchange) => {
      if (cut) exchange.socket.end(said, () => exchange.socket.destroy());
      else exchange.send(200, "ok");
      cut = false;
    });
    expect(await send(all, posting)).toBeInstanceOf(EngineGoneError);
    expect(all.engine.calls).toHaveLength(1);
    cut = true;
    expect(await send(all, get)).toBe(200);
    expect(all.engine.calls).toHaveLength(3);
  });

  it("does not take those that queue behind it along", async () => {
    let cuts = 1;
    await using all = await lines((exchange) => {
      if (cuts-- > 0) exchange.socket.destroy();
      else exchange.send(200, "ok");
    }, 1);
    const calls = Array.from({ length: 20 }, () => send(all, get));
    expect(new Set(await Promise.all(calls))).toEqual(new Set([200]));
    expect(all.engine.calls).toHaveLength(21);
  });
});

it("at whatever moment a connection is cut, nothing hangs and nothing is done twice", async () => {
  const done = new Map<string, number>();
  await using all = await lines(async (exchange) => {
    const { path } = exchange.request;
    await exchange.body();
    done.set(path, (done.get(path) ?? 0) + 1);
    if (path.endsWith("0")) await turn();
    exchange.send(200, "ok");
  }, 2);
  const outcomes: Record<string, number> = {};
  for (let round = 0; round < 150; round++) {
    all.delay = round % 3;
    const writes = [post, posting].map((request, n) => ({ ...request, path: `/write-${round}-${n}` }));
    const reads = Array.from({ length: 4 }, (_, n) => ({ ...get, path: `/read-${round}-${n}` }));
    const calls = [...writes, ...reads].map(async (request) => [request, await send(all, request)] as const);
    for (let wait = round % 7; wait > 0; wait--) await turn();
    if (round % 2 === 0) all.engine.cutAll();
    else {
      for (const line of all.made) {
        if (round % 4 === 1) line.breakWrites();
        else line.socket.destroy();
      }
    }
    for (const [{ method, path }, outcome] of await Promise.all(calls)) {
      const what =
        outcome === 200 ? "answered" : outcome instanceof EngineGoneError ? "gone" : String(outcome);
      outcomes[`${method} ${what}`] = (outcomes[`${method} ${what}`] ?? 0) + 1;
      const times = done.get(path) ?? 0;
      if (method === "POST") expect(times).toBeLessThanOrEqual(1);
      if (outcome === 200) expect(times).toBeGreaterThanOrEqual(1);
    }
  }
  expect(Object.keys(outcomes)).toEqual(
    expect.arrayContaining(["POST answered", "GET answered"]) as readonly string[],
  );
  for (const what of Object.keys(outcomes)) expect(what).toMatch(/^(POST|GET) (answered|gone)$/);
});
