import { describe, expect, it } from "vitest";
import {
  startFakeEngine,
  type FakeEngine,
  type FakeEngineOptions,
  type FakeHandler,
} from "test-support/fake-engine";
import { Docker } from "../docker.ts";
import * as errors from "../errors.ts";
import type { OperationId } from "../generated/operations.ts";

interface Both extends AsyncDisposable {
  readonly engine: FakeEngine;
  readonly docker: Docker;
}

async function start(
  handler: FakeHandler,
  options: FakeEngineOptions = {},
  apiVersion?: string,
): Promise<Both> {
  const engine = await startFakeEngine(handler, options);
  const docker = new Docker({ host: engine.host, apiVersion, env: {} });
  return {
    engine,
    docker,
    async [Symbol.asyncDispose]() {
      await docker[Symbol.asyncDispose]();
      await engine.close();
    },
  };
}

const path = { id: "web" };

describe("an answer", () => {
  it("is its JSON, its text, nothing, or undefined where the JSON is missing", async () => {
    await using both = await start((exchange) => {
      const { path: asked } = exchange.request;
      if (asked === "/info") exchange.json(200, { ID: "é" });
      else if (asked === "/version") exchange.send(200, "");
      else exchange.send(204);
    });
    const { docker } = both;
    expect(await docker.call("SystemInfo")).toEqual({ ID: "é" });
    expect(await docker.call("SystemVersion")).toBe(undefined);
    expect(await docker.call("SystemPing")).toBe("OK");
    expect(await docker.call("ContainerPause", { path })).toBe(undefined);
  });

  it.each(["", "null", "7", "[]", "{}", '{"Id":""}', '{"Id":7}'])(
    "of %j to what has to tell an id is a ProtocolError",
    async (body) => {
      await using both = await start((exchange) => exchange.send(201, body));
      const { docker } = both;
      for (const call of [
        () => docker.containers.create({ Image: "x" }),
        () => docker.containers.get("x").exec(["true"]),
        () => docker.networks.create({ Name: "x" }),
      ]) {
        await expect(call()).rejects.toBeInstanceOf(errors.ProtocolError);
      }
    },
  );

  it("with 304 is no error", async () => {
    await using both = await start((exchange) => exchange.send(304));
    await both.docker.call("ContainerStart", { path });
    await both.docker.call("ContainerStart", { path });
    expect(both.engine.calls).toHaveLength(2);
  });

  it("that is not the JSON it should be is a ProtocolError", async () => {
    await using both = await start((exchange) => exchange.send(200, `<html>${"x".repeat(5000)}`));
    const error = await both.docker.call("SystemInfo").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(errors.ProtocolError);
    expect(error).toMatchObject({ operation: "SystemInfo" });
    expect((error as Error).message.length).toBeLessThan(400);
  });

  it("trickled byte by byte is whole", async () => {
    const value = { Name: "🐳".repeat(100) };
    const bytes = [...Buffer.from(JSON.stringify(value))].map((byte) => Uint8Array.of(byte));
    await using both = await start((exchange) => exchange.trickle(bytes));
    expect(await both.docker.call("SystemInfo")).toEqual(value);
  });

  it("may follow informational ones", async () => {
    await using both = await start((exchange) => {
      exchange.response.writeProcessing();
      exchange.response.writeEarlyHints({ link: "</x>; rel=preload" });
      exchange.json(200, { ID: "x" });
    });
    expect(await both.docker.call("SystemInfo")).toEqual({ ID: "x" });
  });
});

describe("an error status", () => {
  const classes: readonly [
    number,
    new (...parameters: never[]) => errors.DockerError,
    errors.DockerErrorCode,
  ][] = [
    [400, errors.InvalidRequestError, "INVALID_REQUEST"],
    [401, errors.AccessDeniedError, "ACCESS_DENIED"],
    [403, errors.AccessDeniedError, "ACCESS_DENIED"],
    [404, errors.NotFoundError, "NOT_FOUND"],
    [405, errors.InvalidRequestError, "INVALID_REQUEST"],
    [409, errors.ConflictError, "CONFLICT"],
    [418, errors.InvalidRequestError, "INVALID_REQUEST"],
    [429, errors.InvalidRequestError, "INVALID_REQUEST"],
    [500, errors.ServerError, "SERVER_ERROR"],
    [501, errors.ServerError, "SERVER_ERROR"],
    [503, errors.ServerError, "UNAVAILABLE"],
  ];
  it.each(classes)("%i has its class and the engine's message", async (status, type, code) => {
    await using both = await start((exchange) => exchange.refuse(status, "the engine's words"));
    const error = await both.docker.call("ContainerStart", { path }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ status, code, message: "the engine's words", operation: "ContainerStart" });
    // The connection serves the next call, once undici has seen that it is quiet.
    await new Promise((resolve) => setTimeout(resolve));
    await both.docker.call("ContainerStart", { path }).catch(() => undefined);
    expect(both.engine.connections).toBe(2);
  });

  it.each([
    ["plain text\n", "plain text"],
    ["", "The engine answered with status 500 and no message."],
    ['{"message":""}', "The engine answered with status 500 and no message."],
    ['{"error":"other"}', '{"error":"other"}'],
    ['"a string"', '"a string"'],
    ["null", "null"],
    [
      "<!DOCTYPE html><html><head><title> 502 Bad Gateway </title></head><body>…",
      "A web page was the answer, with status 500: 502 Bad Gateway. Is there a proxy in front of the engine?",
    ],
    [
      "<html><body>no title",
      "A web page was the answer, with status 500. Is there a proxy in front of the engine?",
    ],
    ["x".repeat(5000), `${"x".repeat(2000)}…`],
  ])("with the body %j says so", async (body, message) => {
    await using both = await start((exchange) => exchange.send(500, body));
    await expect(both.docker.call("SystemInfo")).rejects.toMatchObject({ message, code: "SERVER_ERROR" });
  });

  it("whose body never ends or breaks off is told all the same", async () => {
    await using both = await start(({ request, response, socket }) => {
      response.statusCode = 500;
      if (request.path === "/info") response.write("x".repeat(2 * 1024 * 1024));
      else response.write("half", () => socket.destroy());
    });
    await expect(both.docker.call("SystemInfo")).rejects.toMatchObject({ code: "SERVER_ERROR" });
    await expect(both.docker.call("SystemVersion")).rejects.toMatchObject({ code: "SERVER_ERROR" });
    await both.docker.close();
    await both.engine.idle();
  });

  it.each<[OperationId, string, string]>([
    ["ContainerInspect", "No such container: web", "container"],
    ["ContainerCreate", "No such image: nope:latest", "image"],
    ["ContainerStart", "network blue not found", "network"],
    ["NetworkConnect", "No such container: web", "container"],
    ["ContainerArchive", "Could not find the file /nope in container web", "file"],
    ["VolumeInspect", "get data: no such volume", "volume"],
    ["ExecInspect", "No such exec instance: web", "exec"],
    ["ImageTag", "No such image: x:latest", "image"],
    ["ImageCommit", "", "container"],
    ["SystemDataUsage", "page not found", "endpoint"],
    ["ServiceInspect", "service web not found", "service"],
    ["ImageInspect", "reference does not exist", "image"],
    ["ContainerWait", "something else", "container"],
    ["DistributionInspect", "something else", "image"],
  ])("404 of %s, saying %j, misses the %s", async (operation, message, what) => {
    await using both = await start((exchange) => exchange.refuse(404, message));
    const call = both.docker.call.bind(both.docker) as (
      id: OperationId,
      parameters: unknown,
    ) => Promise<unknown>; // every id alike
    const parameters = {
      path: { id: "web", name: "web" },
      ...(operation === "ContainerCreate" && { body: {} }),
    };
    await expect(call(operation, parameters)).rejects.toMatchObject({
      code: "NOT_FOUND",
      what,
    });
  });

  it.each([301, 302, 303, 307, 308, 300])("%i is a ProtocolError and never followed", async (status) => {
    await using both = await start((exchange) => exchange.send(status, "", { Location: "/v1.41/info" }));
    for (const call of [
      () => both.docker.call("ContainerDelete", { path }),
      () => both.docker.call("SystemVersion"),
      () => both.docker.call("ContainerAttach", { path }),
    ]) {
      await expect(call()).rejects.toBeInstanceOf(errors.ProtocolError);
    }
    expect(both.engine.calls.map(({ path: asked }) => asked)).toEqual([
      "/containers/web",
      "/version",
      "/containers/web/attach",
    ]);
  });
});

describe("a request", () => {
  it("reaches no other endpoint by the tricks of an argument", async () => {
    await using both = await start((exchange) => exchange.json(200, {}));
    const { docker, engine } = both;
    for (const id of ["", ".", "..", "../images/x", "x/../../images/y", "a//b", "/a", "\uDC00"]) {
      await expect(docker.call("ContainerDelete", { path: { id } })).rejects.toBeInstanceOf(TypeError);
    }
    const elsewhere: readonly [OperationId, string][] = [
      ["ServiceInspect", "x/logs"],
      ["TaskInspect", "x/logs"],
      ["ContainerDelete", "x/checkpoints/y"],
    ];
    for (const [operation, id] of elsewhere) {
      const call = docker.call.bind(docker) as (id: OperationId, parameters: unknown) => Promise<unknown>; // every id alike
      await expect(call(operation, { path: { id } })).rejects.toThrow(/leads to another endpoint/);
    }
    expect(engine.requests).toEqual([]);

    const ids = ["a?b", "a%2fb", "a#b", "a\r\nHost: x", "a\u0000b", "a\\..\\b", "%2e%2e", "a/b", "..."];
    for (const id of ids) await docker.call("ContainerDelete", { path: { id } });
    const reached = engine.calls.map(({ method, url }) => [method, decodeURIComponent(url)]);
    expect(reached).toEqual(ids.map((id) => ["DELETE", `/v1.41/containers/${id}`]));
    expect(engine.calls.every(({ url }) => !/[?#\s\\]/.test(url))).toBe(true);
  });

  it("with a line break in a header is a TypeError that names the header, and sends nothing", async () => {
    await using both = await start((exchange) => exchange.json(200, {}), {}, "1.41");
    for (const value of ["a\r\nX-Evil: 1", "a\nb", "a\rb", "a\u0000b"]) {
      const call = both.docker.call("ImagePush", {
        path: { name: "x" },
        headers: { "X-Registry-Auth": value },
      });
      await expect(call).rejects.toThrow(/ImagePush.*x-registry-auth/i);
      await expect(call).rejects.toBeInstanceOf(TypeError);
    }
    expect(both.engine.requests).toEqual([]);
  });

  it("that the table does not know is a TypeError", async () => {
    await using both = await start((exchange) => exchange.json(200, {}));
    const call = both.docker.call.bind(both.docker) as (...parameters: unknown[]) => Promise<unknown>; // as JavaScript may
    for (const id of ["ContainerStrat", "constructor", ""]) {
      await expect(call(id)).rejects.toBeInstanceOf(TypeError);
    }
    await expect(call("ContainerList", { query: { al: true } })).rejects.toThrow(
      'ContainerList has no query parameter "al".',
    );
    await expect(call("ContainerStart")).rejects.toThrow('Argument "id" is missing.');
    expect(both.engine.requests).toEqual([]);
  });

  it("has the content type of its body, and none without one", async () => {
    await using both = await start(async (exchange) => {
      await exchange.body();
      exchange.send(200, "{}");
    });
    const { docker, engine } = both;
    await docker.call("VolumeCreate", { body: { Name: "é" } });
    await docker.call("PutContainerArchive", { path, query: { path: "/" }, body: Buffer.from("tar") });
    await docker.call("ContainerStart", { path });
    const sent = engine.calls.map(({ headers, body }) => [headers["content-type"], body?.toString()]);
    expect(sent).toEqual([
      ["application/json", '{"Name":"é"}'],
      ["application/x-tar", "tar"],
      [undefined, ""],
    ]);
    expect(engine.calls[2]?.headers["content-length"]).toBe("0");
  });
});

describe("the gates of a version", () => {
  it("refuse an operation or a parameter that the engine is too old for, before anything but the ping", async () => {
    await using both = await start((exchange) => exchange.json(200, {}), { apiVersion: "1.41" });
    const { docker, engine } = both;
    const update = docker.call("VolumeUpdate", { path: { name: "v" }, query: { version: 1 }, body: {} });
    await expect(update).rejects.toMatchObject({
      code: "UNSUPPORTED",
      operation: "VolumeUpdate",
      needs: "API 1.42 or newer",
      has: "API 1.41",
    });
    const stop = docker.call("ContainerStop", { path, query: { signal: "SIGINT", t: 1 } });
    await expect(stop).rejects.toThrow(/ContainerStop parameter "signal" needs API 1.42 or newer/);
    expect(engine.calls).toEqual([]);
    await docker.call("ContainerStop", { path, query: { signal: undefined, t: 1 } });
    expect(engine.calls).toHaveLength(1);
  });

  it("refuse a parameter that the engine is too new for", async () => {
    await using both = await start((exchange) => exchange.json(200, {}), { apiVersion: "1.52" });
    const prune = both.docker.call("BuildPrune", { query: { "keep-storage": 1 } });
    await expect(prune).rejects.toMatchObject({ needs: "an API older than 1.52", has: "API 1.52" });
    expect(both.engine.calls).toEqual([]);
  });

  it("go by a pinned version without asking the engine", async () => {
    await using both = await start((exchange) => exchange.json(200, {}), { apiVersion: "1.55" }, "v1.41");
    await expect(both.docker.call("ContainerStop", { path, query: { signal: "x" } })).rejects.toBeInstanceOf(
      errors.UnsupportedError,
    );
    await both.docker.call("ContainerStop", { path });
    expect(both.engine.requests.map(({ url }) => url)).toEqual(["/v1.41/containers/web/stop"]);
  });
});
