import { describe, expect, it } from "vitest";
import { MockAgent, type Dispatcher } from "undici";
import { startFakeEngine, type FakeExchange } from "test-support/fake-engine";
import { Docker } from "../docker.ts";

const path = { id: "web" };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function client(host: string): Docker {
  return new Docker({ host, env: {}, apiVersion: "1.41" });
}

describe("a stream of the engine", () => {
  it.each<[string, (docker: Docker) => Promise<unknown>]>([
    [
      "leaving the loop over events",
      async (docker) => {
        for await (const _ of await docker.call("SystemEvents")) break;
      },
    ],
    [
      "leaving the loop over lines",
      async (docker) => {
        for await (const _ of (await docker.call("ContainerExport", { path })).lines()) break;
      },
    ],
    ["closing it unread", async (docker) => (await docker.call("ContainerLogs", { path })).close()],
    [
      "destroying the Node stream of it unread",
      async (docker) => (await docker.call("ContainerLogs", { path })).toReadable().destroy(),
    ],
    [
      "cancelling the web stream of it",
      async (docker) => (await docker.call("ContainerLogs", { path })).toWeb().cancel(),
    ],
    [
      "an error in the loop",
      async (docker) => {
        const loop = async (): Promise<void> => {
          for await (const _ of await docker.call("SystemEvents")) throw new Error("of the loop");
        };
        await expect(loop()).rejects.toThrow("of the loop");
      },
    ],
    [
      "exceeding maxBytes",
      async (docker) => {
        const bytes = await docker.call("ContainerExport", { path });
        await expect(bytes.bytes({ maxBytes: 3 })).rejects.toBeInstanceOf(RangeError);
      },
    ],
  ])("is closed at the engine by %s", async (_, leave) => {
    let exchange: FakeExchange | undefined;
    await using engine = await startFakeEngine((opened) => {
      exchange = opened;
      opened.stall('{"Action":"start"}\n');
    });
    await using docker = client(engine.host);
    await leave(docker);
    await exchange?.closed;
    expect(engine.connections).toBe(0);
  });

  it("keeps no other call waiting: 50 open ones beside 200 short calls", async () => {
    const follows: FakeExchange[] = [];
    let most = 0;
    await using engine = await startFakeEngine((exchange) => {
      most = Math.max(most, engine.connections);
      if (exchange.request.path === "/events") {
        follows.push(exchange);
        return exchange.stall('{"Action":"start"}\n');
      }
      return exchange.json(200, { ID: exchange.request.query.get("id") });
    });
    await using docker = client(engine.host);
    const streams = await Promise.all(Array.from({ length: 50 }, () => docker.call("SystemEvents")));
    const readers = streams.map((stream) => stream[Symbol.asyncIterator]());
    await Promise.all(readers.map((reader) => reader.next()));
    expect(await Promise.all(Array.from({ length: 200 }, () => docker.call("SystemInfo")))).toHaveLength(200);
    expect(most).toBe(66);
    for (const [index, follow] of follows.entries()) follow.response.write(`{"Action":"${index}"}\n`);
    const actions = await Promise.all(readers.map(async (reader) => (await reader.next()).value?.Action));
    expect(new Set(actions).size).toBe(50);
    await Promise.all(readers.map(async (reader) => await reader.return?.()));
    await Promise.all(follows.map(({ closed }) => closed));
  });

  it("is taken from the engine only as it is read, and is exact after a long pause", async () => {
    const chunk = Buffer.alloc(65_536);
    for (let at = 0; at < chunk.length; at++) chunk[at] = at % 251;
    const total = 1000;
    let sent = 0;
    await using engine = await startFakeEngine((exchange) =>
      exchange.trickle(
        (function* () {
          for (; sent < total; sent++) yield chunk;
        })(),
      ),
    );
    await using docker = client(engine.host);
    const reader = (await docker.call("ContainerExport", { path }))[Symbol.asyncIterator]();
    let received = (await reader.next()).value?.length ?? 0;
    let before = -1;
    while (before !== sent) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(sent * chunk.length).toBeLessThan(4 * 1024 * 1024);
    let exact = true;
    for await (const part of reader) {
      exact &&= part.every((byte, at) => byte === ((received + at) % chunk.length) % 251);
      received += part.length;
    }
    expect(received).toBe(total * chunk.length);
    expect(exact).toBe(true);
  });

  it("may be silent for ever: no request has a limit of its own or of undici", async () => {
    const asked: Dispatcher.DispatchOptions[] = [];
    class Recorder extends MockAgent {
      override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
        asked.push(options);
        handler.onResponseError?.(
          {} as Dispatcher.DispatchController,
          new DOMException("recorded", "AbortError"),
        ); // unused
        return true;
      }
    }
    const docker = new Docker({
      host: "tcp://engine:2375",
      env: {},
      apiVersion: "1.41",
      dispatcher: new Recorder(),
    });
    const body = Buffer.from("x");
    await Promise.allSettled([
      docker.call("SystemInfo"),
      docker.call("SystemEvents"),
      docker.call("ContainerWait", { path }),
      docker.call("ImageBuild", { body }),
      docker.call("ContainerAttach", { path }),
    ]);
    expect(asked).toHaveLength(5);
    for (const options of asked) {
      expect(options).toMatchObject({ headersTimeout: 0, bodyTimeout: 0, origin: "http://engine:2375" });
    }
  });
});

describe("connections", () => {
  it("are kept for the next call, and given up when they are idle", async () => {
    await using engine = await startFakeEngine((exchange) => exchange.json(200, {}));
    const docker = client(engine.host);
    for (let call = 0; call < 10; call++) await docker.call("SystemInfo");
    expect(engine.connections).toBeLessThanOrEqual(2);
    await docker.close();
    await engine.idle();
    // A closed client may be used again.
    expect(await docker.call("SystemInfo")).toEqual({});
    await docker.close();
  });

  it("of builds are fresh and closed after", async () => {
    const sockets = new Set<unknown>();
    const closing: (string | undefined)[] = [];
    await using engine = await startFakeEngine(async (exchange) => {
      await exchange.body();
      sockets.add(exchange.socket);
      closing.push(exchange.request.headers.connection);
      exchange.send(200, "{}\n");
    });
    await using docker = client(engine.host);
    for (const operation of ["ImageLoad", "ImageBuild", "ImageBuild"] as const) {
      for await (const _ of await docker.call(operation, { body: Buffer.from("x") }));
      await turn();
    }
    expect(sockets.size).toBe(3);
    expect(closing).toEqual(["keep-alive", "close", "close"]);
  });

  it("are waited for by close() while a call is under way", async () => {
    let answer: (() => void) | undefined;
    await using engine = await startFakeEngine((exchange) => {
      answer = () => exchange.json(200, { ID: "x" });
    });
    const docker = client(engine.host);
    const call = docker.call("SystemInfo");
    while (answer === undefined) await turn();
    const closed = docker.close();
    answer();
    expect(await call).toEqual({ ID: "x" });
    await closed;
    await engine.idle();
  });
});
