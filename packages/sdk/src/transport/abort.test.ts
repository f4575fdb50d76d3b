import { describe, expect, it } from "vitest";
import { runChildScript } from "test-support/child-script";
import { startFakeEngine, type FakeExchange } from "test-support/fake-engine";
import { Docker } from "../docker.ts";

const path = { id: "web" };
const thrown = (error: unknown): unknown => error;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function client(host: string): Docker {
  return new Docker({ host, env: {}, apiVersion: "1.41" });
}

/** A handler that leaves the client waiting, and the exchanges it got. */
function silence(answer: (exchange: FakeExchange) => unknown = () => undefined): {
  handler: (exchange: FakeExchange) => Promise<void>;
  exchanges: FakeExchange[];
  count: (number: number) => Promise<void>;
} {
  const exchanges: FakeExchange[] = [];
  return {
    exchanges,
    handler: async (exchange) => {
      exchanges.push(exchange);
      // A hijacked socket sees its other side leave only when it is read, and is half-open then.
      exchange.socket.resume().once("end", () => exchange.socket.end());
      await answer(exchange);
    },
    count: async (number) => {
      while (exchanges.length < number) await turn();
    },
  };
}

describe.each([new Error("enough"), "enough", 0, null, new DOMException("late", "TimeoutError")])(
  "aborting with %o throws exactly that",
  (reason) => {
    it("before the call", async () => {
      await using engine = await startFakeEngine();
      await using docker = client(engine.host);
      const signal = AbortSignal.abort(reason);
      expect(await docker.call("SystemInfo", { signal }).catch(thrown)).toBe(reason);
      expect(await docker.call("ContainerAttach", { path, signal }).catch(thrown)).toBe(reason);
      expect(engine.connections).toBe(0);
    });

    it("before there is a connection, which then sends nothing", async () => {
      await using engine = await startFakeEngine();
      await using docker = client(engine.host);
      for (const start of [
        (signal: AbortSignal) => docker.call("SystemInfo", { signal }),
        (signal: AbortSignal) => docker.call("ContainerStart", { path, signal }),
        (signal: AbortSignal) => docker.call("ContainerAttach", { path, signal }),
      ]) {
        const controller = new AbortController();
        const call = start(controller.signal).catch(thrown);
        await Promise.resolve();
        await Promise.resolve();
        controller.abort(reason);
        expect(await call).toBe(reason);
      }
      await docker.close();
      await engine.idle();
      expect(engine.calls).toEqual([]);
    });

    it("while 16 busy connections come first, without disturbing them", async () => {
      const { handler, exchanges, count } = silence();
      await using engine = await startFakeEngine(handler);
      await using docker = client(engine.host);
      const busy = Array.from({ length: 16 }, () => docker.call("SystemInfo"));
      await count(16);
      const controller = new AbortController();
      const queued = docker.call("SystemInfo", { signal: controller.signal }).catch(thrown);
      const behind = docker.call("SystemVersion");
      await turn();
      controller.abort(reason);
      expect(await queued).toBe(reason);
      for (const exchange of exchanges.slice(0, 16)) exchange.json(200, { ID: "x" });
      expect(await Promise.all(busy)).toHaveLength(16);
      await count(17);
      exchanges[16]?.json(200, { Version: "y" });
      expect(await behind).toEqual({ Version: "y" });
      expect(engine.calls).toHaveLength(17);
    });

    it("before the answer has begun, closing the connection", async () => {
      const { handler, exchanges, count } = silence();
      await using engine = await startFakeEngine(handler);
      await using docker = client(engine.host);
      for (const [index, start] of [
        (signal: AbortSignal) => docker.call("SystemInfo", { signal }),
        (signal: AbortSignal) => docker.call("ContainerWait", { path, signal }),
        (signal: AbortSignal) => docker.call("ContainerLogs", { path, signal }),
        (signal: AbortSignal) => docker.call("ContainerAttach", { path, signal }),
      ].entries()) {
        const controller = new AbortController();
        const call = start(controller.signal).catch(thrown);
        await count(index + 1);
        controller.abort(reason);
        expect(await call).toBe(reason);
        await exchanges[index]?.closed;
      }
    });

    it("in the middle of a JSON answer, of events and of bytes, closing the connection", async () => {
      const { handler, exchanges, count } = silence((exchange) => exchange.stall('{"Action":"a"}\n{"Act'));
      await using engine = await startFakeEngine(handler);
      await using docker = client(engine.host);

      const first = new AbortController();
      const json = docker.call("SystemInfo", { signal: first.signal }).catch(thrown);
      await count(1);
      await turn();
      first.abort(reason);
      expect(await json).toBe(reason);

      const second = new AbortController();
      const events = (await docker.call("SystemEvents", { signal: second.signal }))[Symbol.asyncIterator]();
      expect(await events.next()).toEqual({ done: false, value: { Action: "a" } });
      const next = events.next().catch(thrown);
      second.abort(reason);
      expect(await next).toBe(reason);

      const third = new AbortController();
      const bytes = await docker.call("ContainerExport", { path, signal: third.signal });
      const text = bytes.text().catch(thrown);
      await turn();
      third.abort(reason);
      expect(await text).toBe(reason);
      await Promise.all(exchanges.map(({ closed }) => closed));
    });
  },
);

describe("a signal", () => {
  it("that aborts after the end of a call changes nothing", async () => {
    await using engine = await startFakeEngine((exchange) => exchange.json(200, { ID: "x" }));
    await using docker = client(engine.host);
    const controller = new AbortController();
    expect(await docker.call("SystemInfo", { signal: controller.signal })).toEqual({ ID: "x" });
    controller.abort();
    await turn();
    expect(engine.connections).toBe(1);
    expect(await docker.call("SystemInfo")).toEqual({ ID: "x" });
  });

  it("used for 1,000 calls, 100 of them at a time, keeps no listener and raises no warning", async () => {
    await using engine = await startFakeEngine((exchange) => exchange.json(200, {}));
    const script = `
      import { getEventListeners } from "node:events";
      import { Docker } from ${JSON.stringify(new URL("../docker.ts", import.meta.url).href)};
      process.on("warning", (warning) => process.stdout.write(warning.name));
      const docker = new Docker({ host: ${JSON.stringify(engine.host)}, env: {} });
      const { signal } = new AbortController();
      for (let round = 0; round < 10; round++) {
        await Promise.all(Array.from({ length: 100 }, (_, index) => index % 2 === 0
          ? docker.call("SystemInfo", { signal })
          : docker.call("ContainerStart", { path: { id: "web" }, signal })));
      }
      process.stdout.write("listeners: " + getEventListeners(signal, "abort").length);
    `;
    expect(await runChildScript(script)).toMatchObject({ stdout: "listeners: 0", stderr: "", exitCode: 0 });
    expect(engine.calls).toHaveLength(1000);
  });
});
