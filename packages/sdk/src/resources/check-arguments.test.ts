/** What callers in plain JavaScript get for an argument of a wrong kind: its name, and the form it takes. */
import { startFakeEngine } from "test-support/fake-engine";
import { describe, expect, test } from "vitest";
import { Docker } from "../docker.ts";
import { Operation } from "../operation.ts";

// Without types, as in plain JavaScript.
type Anything = (...given: readonly unknown[]) => unknown;
type Untyped = Readonly<Record<string, Anything>>;

function untyped(object: object): Untyped {
  return object as Untyped;
}

/** Nothing is opened before a call is made. */
const docker = new Docker({ host: "unix:///nowhere/docker.sock", credentials: {} });
const of = {
  containers: untyped(docker.containers),
  container: untyped(docker.containers.get("web")),
  images: untyped(docker.images),
  image: untyped(docker.images.get("app")),
  networks: untyped(docker.networks),
  network: untyped(docker.networks.get("net")),
  volumes: untyped(docker.volumes),
  volume: untyped(docker.volumes.get("data")),
  system: untyped(docker.system),
  buildkit: untyped(docker.buildkit),
  swarm: untyped(docker.services),
  distribution: untyped(docker.distribution),
};

/** What it throws, or is rejected with. */
async function failure(what: keyof typeof of, method: string, given: readonly unknown[]): Promise<unknown> {
  try {
    await of[what][method]?.(...given);
  } catch (error) {
    return error;
  }
  return undefined;
}

const callback = (): undefined => undefined;

describe("an argument of a wrong kind is named, with the form it takes", () => {
  test.each<[keyof typeof of, string, readonly unknown[], string, string]>([
    [
      "containers",
      "run",
      ["alpine", ["ls"]],
      "options",
      'such as { image: "alpine", command: ["ls", "-l"] }',
    ],
    ["containers", "run", [], "options", "not undefined"],
    ["containers", "run", [{ command: ["ls"] }], "image", 'text such as "alpine"'],
    ["containers", "run", [{ image: "alpine", command: "ls -l" }], "command", '["sh", "-c", "ls -l"]'],
    ["containers", "start", [{ image: "alpine", entrypoint: "sh" }], "entrypoint", '["/bin/sh", "-c"]'],
    ["containers", "start", [{ image: "alpine", command: ["sleep", 5] }], "command[1]", "text, not a number"],
    ["containers", "start", ["alpine"], "options", "an object such as"],
    ["containers", "run", [{ image: "alpine", env: "A=1" }], "env", '["NAME=value"], not text'],
    ["containers", "run", [{ image: "alpine", ports: "8080:80" }], "ports", '["8080:80"], not text'],
    ["containers", "start", [{ image: "alpine", volumes: "a:/b" }], "volumes", '["data:/data"], not text'],
    ["containers", "create", ["alpine"], "request", '{ Image: "alpine"'],
    ["containers", "create", [{ Image: "alpine" }, "name"], "options", "not text"],
    ["containers", "get", [], "container", "an id, a name or a handle, not undefined"],
    ["containers", "get", [{ Id: "abc" }], "container", "its Id"],
    ["containers", "exists", [null], "container", "not null"],
    ["containers", "list", [callback], "options", "not a function"],
    ["containers", "list", [true], "options", "{ all: true }, not a boolean"],
    ["containers", "prune", ["all"], "options", "an object"],
    [
      "container",
      "exec",
      [{ command: ["ls"] }],
      "command",
      'a list of texts such as ["ls", "-l"], not an object',
    ],
    ["container", "exec", ["ls -l"], "command", '["ls", "-l"], not text'],
    ["container", "exec", [], "command", "not undefined"],
    ["container", "exec", [["ls"], callback], "options", "not a function"],
    ["container", "spawn", ["sh"], "command", '["ls", "-l"]'],
    ["container", "spawn", [["sh", undefined]], "command[1]", "not undefined"],
    ["container", "copyIn", [undefined, "/srv"], "source", "not undefined"],
    ["container", "copyIn", ["./folder"], "folder", '"/srv"'],
    ["container", "copyOut", [5, "."], "source", "not a number"],
    ["container", "logs", ["x"], "options", "{ follow: true }, not text"],
    ["container", "stats", [null], "options", "not null"],
    ["container", "files", ["/"], "options", "not text"],
    ["container", "inspect", [callback], "options", "not a function"],
    ["container", "stop", [10], "options", "{ timeout: 30 }, not a number"],
    ["container", "remove", [[]], "options", "not a list"],
    ["container", "pause", [new AbortController().signal], "options", "{ signal: "],
    ["container", "kill", [{ signal: "SIGHUP" }], "signalName", '"SIGHUP"'],
    ["container", "rename", [{ name: "web" }], "name", '"web"'],
    ["container", "resize", [24, 80], "size", "{ rows: 24, columns: 80 }"],
    ["container", "resize", [{ h: 24, w: 80 }], "rows", "a number"],
    ["container", "update", [undefined], "limits", "Memory"],
    ["container", "readFile", [], "path", '"/etc/hosts"'],
    ["container", "stat", [{ path: "/etc" }], "path", "not an object"],
    ["container", "archive", [{ path: "/etc" }], "path", "not an object"],
    ["container", "putArchive", ["/srv", { file: "app.tar" }], "tar", "createReadStream"],
    ["images", "build", ["."], "options", 'an object such as { context: "." }, not text'],
    ["images", "build", [{ tags: "app" }], "context", 'a folder such as "."'],
    ["images", "build", [{ context: { folder: "." } }], "context", "{ tar }, { files }, { remote }"],
    ["images", "pull", [undefined], "reference", '"busybox:1.36"'],
    ["images", "pull", ["busybox", callback], "options", "not a function"],
    ["images", "push", [{ reference: "app" }], "reference", "not an object"],
    ["images", "get", [5], "image", "not a number"],
    ["images", "load", ["app.tar"], "archive", 'createReadStream("app.tar"), not text'],
    ["images", "import", ["https://example.org/root.tar"], "source", "{ url: "],
    ["images", "save", [["app", undefined]], "images", "an id, a name or a handle"],
    ["images", "saveTo", ["app"], "file", '"app.tar"'],
    ["images", "search", [{ term: "nginx" }], "term", '"nginx"'],
    ["image", "tag", [{ repo: "app", tag: "1" }], "reference", "text"],
    ["image", "layers", ["linux/amd64"], "options", "an object"],
    ["networks", "create", ["net"], "request", '{ Name: "net" }'],
    ["network", "connect", [{ Container: "web" }], "container", "a handle"],
    ["volumes", "create", ["data"], "request", '{ Name: "data" }'],
    ["volumes", "get", [undefined], "volume", "not undefined"],
    ["volume", "remove", [true], "options", "not a boolean"],
    ["system", "events", [callback], "options", "not a function"],
    ["buildkit", "solve", ["."], "options", '{ context: "." }'],
    ["buildkit", "lint", ["FROM alpine"], "options", '{ context: "." }'],
    ["buildkit", "status", [], "ref", "text"],
    ["swarm", "get", [undefined], "service", "not undefined"],
    ["distribution", "inspect", [undefined], "reference", "it is not text"],
  ])("%s.%s of %j: %s", async (what, method, given, argument, form) => {
    const error = await failure(what, method, given);
    expect(error).toBeInstanceOf(TypeError);
    const { message } = error as TypeError;
    expect(message.startsWith(`Argument "${argument}" `)).toBe(true);
    expect(message).toContain(form);
  });
});

test("what returns a promise is rejected, the rest throws at once", async () => {
  let isRejected = false;
  const listing = of.containers["list"]?.("all") as Promise<unknown>;
  await listing.catch(() => (isRejected = true));
  expect(isRejected).toBe(true);
  expect(() => of.container["exec"]?.("ls")).toThrow(TypeError);
  expect(() => of.container["logs"]?.("x")).toThrow(TypeError);
});

test("what may be left out may be `undefined`, and methods keep their names", async () => {
  await using fake = await startFakeEngine((exchange) => {
    if (exchange.request.path.endsWith("/json")) exchange.json(200, []);
    else exchange.send(204);
  });
  await using docker = new Docker({ host: fake.host });
  await expect(docker.containers.list(undefined)).resolves.toEqual([]);
  await docker.containers.get("web").kill(undefined, undefined);
  expect(docker.images.pull("busybox", undefined)).toBeInstanceOf(Operation);
  expect(docker.containers.list.name).toBe("list");
  expect(Object.keys(Object.getPrototypeOf(docker.containers) as object)).toEqual([]);
});
