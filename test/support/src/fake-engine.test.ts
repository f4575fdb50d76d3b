import { once } from "node:events";
import { request, type ClientRequest, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { routes, startFakeEngine, type FakeEngine } from "./fake-engine.ts";

function open(
  engine: FakeEngine,
  method: string,
  path: string,
  headers: Record<string, string> = {},
): ClientRequest {
  const where =
    engine.socketPath === undefined
      ? { host: "127.0.0.1", port: engine.port }
      : { socketPath: engine.socketPath };
  return request({ ...where, method, path, headers, agent: false });
}

async function answer(sent: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  return response;
}

describe("fake engine", () => {
  test.each([{ tcp: false }, { tcp: true }])("answers a ping with its version, %o", async (options) => {
    await using engine = await startFakeEngine(undefined, { ...options, apiVersion: "1.55" });
    const response = await answer(open(engine, "HEAD", "/_ping").end());
    expect(response.statusCode).toBe(200);
    expect(response.headers["api-version"]).toBe("1.55");
    expect(engine.requests).toHaveLength(1);
    expect(engine.calls).toHaveLength(0);
    response.resume();
  });

  test("records the request as it was sent", async () => {
    await using engine = await startFakeEngine(async (exchange) => {
      await exchange.body();
      exchange.json(201, { Id: "x" });
    });
    const response = await answer(
      open(engine, "POST", "/v1.41/containers/a%2Fb/x?name=a%20b&name=c", { "X-Test": "1" }).end("body"),
    );
    expect(await text(response)).toBe('{"Id":"x"}');
    expect(engine.requests[0]).toMatchObject({
      method: "POST",
      path: "/containers/a%2Fb/x",
      version: "1.41",
    });
    expect(engine.requests[0]?.query.getAll("name")).toEqual(["a b", "c"]);
    expect(engine.requests[0]?.headers["x-test"]).toBe("1");
    expect(engine.requests[0]?.body?.toString()).toBe("body");
  });

  test("routes by method and path, and refuses the rest as the engine does", async () => {
    await using engine = await startFakeEngine(routes({ "GET /info": (exchange) => exchange.json(200, {}) }));
    expect((await answer(open(engine, "GET", "/v1.41/info").end())).resume().statusCode).toBe(200);
    const missing = await answer(open(engine, "GET", "/nothing").end());
    expect([missing.statusCode, await text(missing)]).toEqual([404, '{"message":"page not found"}']);
  });

  test("a failing handler becomes a 500 that says so", async () => {
    await using engine = await startFakeEngine(() => {
      throw new Error("oops");
    });
    const response = await answer(open(engine, "GET", "/info").end());
    expect([response.statusCode, await text(response)]).toEqual([500, expect.stringContaining("oops")]);
  });

  test("trickles the chunks it was given", async () => {
    await using engine = await startFakeEngine((exchange) =>
      exchange.trickle(["a", Buffer.from("é").subarray(0, 1), Buffer.from("é").subarray(1)]),
    );
    expect(await text(await answer(open(engine, "GET", "/x").end()))).toBe("aé");
  });

  test("cuts a body before its end", async () => {
    await using engine = await startFakeEngine((exchange) => exchange.cut("half"));
    const response = await answer(open(engine, "GET", "/x").end());
    await expect(text(response)).rejects.toMatchObject({ code: "ECONNRESET" });
    await engine.idle();
    expect(engine.connections).toBe(0);
  });

  test("stalls until the client leaves", async () => {
    let gone: Promise<void> | undefined;
    await using engine = await startFakeEngine((exchange) => {
      gone = exchange.closed;
      exchange.stall("first");
    });
    const response = await answer(open(engine, "GET", "/x").end());
    const [first] = (await once(response, "data")) as [Buffer];
    expect(first.toString()).toBe("first");
    expect(engine.connections).toBe(1);
    response.destroy();
    await gone;
    expect(engine.connections).toBe(0);
  });

  test("upgrades with a body in the request, and the client may half-close", async () => {
    await using engine = await startFakeEngine(async (exchange) => {
      const stream = exchange.upgrade({ "Content-Type": "application/vnd.docker.raw-stream" });
      // Not text(stream): leaving the iteration would destroy the other direction too.
      let received = "";
      stream.on("data", (chunk: Buffer) => (received += chunk.toString()));
      await once(stream, "end");
      stream.end(`${String(exchange.request.body)}|${received}`);
    });
    const sent = open(engine, "POST", "/v1.41/exec/x/start", {
      Connection: "Upgrade",
      Upgrade: "tcp",
      "Content-Length": "2",
    });
    const upgraded = once(sent, "upgrade") as Promise<[IncomingMessage, Duplex, Buffer]>;
    sent.end("{}");
    const [response, stream] = await upgraded;
    expect(response.statusCode).toBe(101);
    expect(response.headers["content-type"]).toBe("application/vnd.docker.raw-stream");
    stream.end("stdin");
    expect(await text(stream)).toBe("{}|stdin");
  });

  test("refuses an upgrade with status and message", async () => {
    await using engine = await startFakeEngine((exchange) => exchange.refuse(409, "not running"));
    const response = await answer(
      open(engine, "POST", "/x", { Connection: "Upgrade", Upgrade: "tcp" }).end(),
    );
    expect([response.statusCode, await text(response)]).toEqual([409, '{"message":"not running"}']);
  });

  test("takes another handler, and closing refuses new connections", async () => {
    const engine = await startFakeEngine();
    engine.handle((exchange) => exchange.send(204));
    expect((await answer(open(engine, "GET", "/x").end())).resume().statusCode).toBe(204);
    await engine.close();
    await setImmediate();
    await expect(answer(open(engine, "GET", "/x").end())).rejects.toMatchObject({ code: "ENOENT" });
  });
});
