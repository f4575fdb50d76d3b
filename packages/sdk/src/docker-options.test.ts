/** Options of a client, as callers in plain JavaScript and of other clients write them. */
import { expect, test } from "vitest";
import { Docker } from "./docker.ts";
import { ConfigError } from "./errors.ts";

function connect(options: unknown): Docker {
  return new Docker(options as object); // as plain JavaScript does
}

test.each<[object, string]>([
  [{ socketPath: "/x" }, 'no option "socketPath": write host: "unix:///x"'],
  [{ socketPath: "//./pipe/docker_engine" }, 'host: "npipe:////./pipe/docker_engine"'],
  [{ socketPath: "\\\\.\\pipe\\docker_engine" }, 'host: "npipe:////./pipe/docker_engine"'],
  [{ host: "engine", port: 2376 }, 'no option "port": write host: "tcp://engine:2376"'],
  [{ protocol: "http", host: "10.0.0.1", port: "80" }, 'host: "tcp://10.0.0.1:80"'],
  [{ protocol: "ssh", host: "engine" }, 'host: "ssh://engine"'],
  [{ ca: "CA" }, 'no option "ca": write tls: { ca, cert, key }'],
  [{ cert: "C", key: "K" }, 'no option "cert": write tls: { ca, cert, key }'],
  [{ key: "K" }, 'no option "key": write tls: { ca, cert, key }'],
  [{ version: "v1.43" }, 'no option "version": write apiVersion: "1.43"'],
  [{ timeout: 5000 }, 'no option "timeout": write signal: AbortSignal.timeout('],
  [{ hots: "unix:///x" }, 'new Docker() has no option "hots": did you mean "host"?'],
  [{ apiversion: "1.41" }, 'no option "apiversion": did you mean "apiVersion"?'],
  [{ credential: {} }, 'no option "credential": did you mean "credentials"?'],
  [{ retries: 3 }, 'no option "retries": its options are host, context, tls'],
  [{ tls: { cart: "C" } }, 'Argument "tls" of new Docker() has no "cart": did you mean "cert"?'],
  // Node takes lists of them, of which bytes of nothing would be made here.
  [{ tls: { ca: ["A", "B"] } }, 'Argument "ca" of new Docker() must be text or bytes in PEM, not a list'],
  [
    { credentials: { "ghcr.io": "me:pw" } },
    'Argument "credentials.ghcr.io" of new Docker() must be an object',
  ],
  [
    { credentials: { "ghcr.io": { user: "me" } } },
    '"credentials.ghcr.io" of new Docker() has no "user": did you',
  ],
  [{ tls: { verify: 0 } }, 'Argument "verify" of new Docker() must be true or false, not a number'],
  [{ constructor: "x" }, 'no option "constructor": its options are host'],
  [
    { host: "tcp://engine", tls: { rejectUnauthorized: false } },
    'Argument "tls" of new Docker() has no "rejectUnauthorized": write verify.',
  ],
  [{ host: new URL("tcp://engine") }, 'Argument "host" of new Docker() must be text such as'],
  [{ host: null }, 'Argument "host" of new Docker() must be text such as'],
  [
    { host: "tcp://engine", tls: true },
    'Argument "tls" of new Docker() must be an object such as { ca, cert, key }, not a boolean',
  ],
  [{ apiVersion: 1.41 }, 'Argument "apiVersion" of new Docker() must be text such as "1.41", not a number'],
])("%o is refused: %s", (options, message) => {
  const create = (): Docker => connect(options);
  expect(create).toThrow(TypeError);
  expect(create).toThrow(message);
});

test.each([null, "unix:///x", 5, ["unix:///x"]])("%o is no set of options", (options) => {
  expect(() => connect(options)).toThrow(
    /^Argument "options" of new Docker\(\) must be an object such as \{ host: "unix:\/\/\//,
  );
});

test("an option that is `undefined` is left out, whatever its name", () => {
  const none = { context: undefined, tls: undefined, apiVersion: undefined, socketPath: undefined };
  expect(connect({ host: "unix:///x", ...none, env: {} }).host).toBe("unix:///x");
});

test.each([
  ["localhost:2375", "tcp://localhost:2375"],
  ["127.0.0.1:2375", "tcp://127.0.0.1:2375"],
  ["engine.example.org:2376", "tcp://engine.example.org:2376"],
  ["[::1]:2375", "tcp://[::1]:2375"],
  ["localhost", "tcp://localhost"],
  ["/var/run/docker.sock", "unix:///var/run/docker.sock"],
  ["unix:/var/run/docker.sock", "unix:///var/run/docker.sock"],
  ["./docker.sock", "unix://./docker.sock"],
  ["//./pipe/docker_engine", "npipe:////./pipe/docker_engine"],
  ["\\\\.\\pipe\\docker_engine", "npipe:////./pipe/docker_engine"],
])("the host %j has no scheme: %s is meant", (host, meant) => {
  const create = (): Docker => new Docker({ host, env: {} });
  expect(create).toThrow(ConfigError);
  expect(create).toThrow(`cannot be used: it has no scheme; write ${meant}.`);
  expect(new Docker({ host: meant, env: {} }).host).toContain(meant);
});

test.each(["ftp://engine", "tcp://a b", "tcp://engine:port", ""])("the host %j has another fault", (host) => {
  expect(() => new Docker({ host, env: {} })).toThrow(/cannot be used: (?!it has no scheme)/);
});
