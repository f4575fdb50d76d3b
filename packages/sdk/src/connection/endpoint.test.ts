import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { startFakeEngine } from "test-support/fake-engine";
import { Docker } from "../docker.ts";
import { ConfigError } from "../errors.ts";
import { connectTo, type TlsOptions } from "./endpoint.ts";

const source = "DOCKER_HOST";

describe("connectTo", () => {
  it.each([
    ["unix:///var/run/docker.sock", "http://docker", "unix:///var/run/docker.sock", "/var/run/docker.sock"],
    ["unix://relative.sock", "http://docker", "unix://relative.sock", "relative.sock"],
    ["unix:///a b/%20?#.sock", "http://docker", "unix:///a b/%20?#.sock", "/a b/%20?#.sock"],
    [
      "npipe:////./pipe/docker_engine",
      "http://docker",
      "npipe:////./pipe/docker_engine",
      "\\\\.\\pipe\\docker_engine",
    ],
  ])("reads %s", (host, origin, shown, socketPath) => {
    expect(connectTo({ host, source }, {})).toEqual({ host: shown, origin, connect: { socketPath } });
  });

  it.each<[string, TlsOptions | undefined, string, string]>([
    ["tcp://127.0.0.1:2375", undefined, "http://127.0.0.1:2375", "tcp://127.0.0.1:2375"],
    ["tcp://engine", undefined, "http://engine:2375", "tcp://engine:2375"],
    ["tcp://engine/", undefined, "http://engine:2375", "tcp://engine:2375"],
    ["tcp://engine", {}, "https://engine:2376", "tcp://engine:2376"],
    ["tcp://engine:80", undefined, "http://engine:80", "tcp://engine:80"],
    ["tcp://engine:443/", {}, "https://engine:443", "tcp://engine:443"],
    ["http://engine", undefined, "http://engine:80", "tcp://engine:80"],
    ["https://engine", undefined, "https://engine:443", "tcp://engine:443"],
    ["tcp://[::1]:2375", undefined, "http://[::1]:2375", "tcp://[::1]:2375"],
    ["tcp://[::1]", undefined, "http://[::1]:2375", "tcp://[::1]:2375"],
    ["tcp://:1234", undefined, "http://localhost:1234", "tcp://localhost:1234"],
    ["tcp://", undefined, "http://localhost:2375", "tcp://localhost:2375"],
  ])("reads %s with TLS %o", (host, tls, origin, shown) => {
    expect(connectTo({ host, tls, source }, {})).toMatchObject({ origin, host: shown });
  });

  it("verifies certificates unless told not to", () => {
    const connect = (tls: TlsOptions): unknown => connectTo({ host: "tcp://a", tls, source }, {}).connect;
    expect(connect({})).toEqual({ rejectUnauthorized: true });
    expect(connect({ verify: false, ca: "CA" })).toEqual({ rejectUnauthorized: false, ca: "CA" });
    const cert = new Uint8Array([1]);
    expect(connect({ cert, key: "KEY" })).toEqual({
      rejectUnauthorized: true,
      cert: Buffer.from([1]),
      key: "KEY",
    });
  });

  it.each([
    "",
    "/var/run/docker.sock",
    "unix://",
    `unix:///tmp/${"é".repeat(52)}`,
    "unix:/var/run/docker.sock",
    "localhost:2375",
    "ftp://engine",
    "tcp://engine:port",
    "tcp://engine:99999",
    "tcp://engine/path",
    "tcp://engine?x=1",
    "tcp://engine#x",
    "tcp://a b",
  ])("refuses %j, naming where it came from", (host) => {
    expect(() => connectTo({ host, source }, {})).toThrow(ConfigError);
    expect(() => connectTo({ host, source }, {})).toThrow(/DOCKER_HOST/);
  });

  it.each([
    "tcp://me:hunter2@engine",
    "tcp://hunter2@engine",
    "tcp://me:hun@hunter2@engine",
    "tcp://me:pa/hunter2@engine",
    "tcp://me:hunter2@engine/path",
    "ftp://me:hunter2@engine",
    "http://me:hunter2#@engine",
    "me:hunter2@engine",
    "//me:hunter2@engine",
  ])("tells nothing of the password in %s", (host) => {
    const thrown = (() => {
      try {
        return new Docker({ host, env: {} });
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(ConfigError);
    expect(inspect(thrown, { depth: 9, showHidden: true })).not.toMatch(/hunter2/);
  });
});

describe("an error of a call", () => {
  it("shows no secret that was sent", async () => {
    await using engine = await startFakeEngine((exchange) => {
      if (exchange.request.path.endsWith("push")) exchange.socket.destroy();
      else exchange.refuse(500, "no");
    });
    await using docker = new Docker({ host: engine.host, env: {} });
    const auth = Buffer.from('{"password":"hunter2"}').toString("base64");
    const headers = { "X-Registry-Auth": auth };
    for (const call of [
      () => docker.call("ImagePush", { path: { name: "x" }, headers }),
      () => docker.call("ImageCreate", { query: { fromImage: "x" }, headers }),
      () => docker.call("ImagePush", { path: { name: "x" }, headers: { "X-Registry-Auth": `${auth}\r\n` } }),
      () => docker.call("SystemAuth", { body: { username: "me", password: "hunter2" } }),
    ]) {
      const shown = inspect(await call().catch((error: unknown) => error), { depth: 9, showHidden: true });
      expect(shown).toMatch(/Error/);
      expect(shown).not.toContain("hunter2");
      expect(shown).not.toContain(auth);
    }
  });
});
