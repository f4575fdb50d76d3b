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
  swarm: untyped(docker.swarm),
  services: untyped(docker.services),
  service: untyped(docker.services.get("web")),
  nodes: untyped(docker.nodes),
  node: untyped(docker.nodes.get("n1")),
  tasks: untyped(docker.tasks),
  task: untyped(docker.tasks.get("t1")),
  secrets: untyped(docker.secrets),
  secret: untyped(docker.secrets.get("tls")),
  configs: untyped(docker.configs),
  config: untyped(docker.configs.get("tls")),
  plugins: untyped(docker.plugins),
  plugin: untyped(docker.plugins.get("sshfs")),
  distribution: untyped(docker.distribution),
  checkpoints: untyped(docker.containers.get("web").checkpoints),
  checkpoint: untyped(docker.containers.get("web").checkpoints.get("before")),
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
    ["containers", "run", [{ command: ["ls"] }], "image", "an id, a name or a handle, not undefined"],
    ["containers", "run", [{ image: { Id: "sha256:…" } }], "image", "a handle (of an answer, its Id)"],
    ["containers", "start", [{ image: "alpine", network: ["net"] }], "network", "a handle, not a list"],
    ["containers", "run", [{ image: "alpine", command: "ls -l" }], "command", '["sh", "-c", "ls -l"]'],
    ["containers", "run", [{ image: "alpine", env: new Map([["A", "1"]]) }], "env", "not a Map"],
    [
      "containers",
      "run",
      [{ image: "alpine", labels: new URLSearchParams("a=1") }],
      "labels",
      "not a URLSearchParams",
    ],
    ["images", "build", [{ context: ".", cacheFrom: [5] }], "cacheFrom", "or a list of them, not a number"],
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
    ["container", "resize", [{ columns: 80 }], "rows", "a whole number"],
    ["container", "resize", [{ h: 24, w: 80 }], "rows", "a whole number such as 24, not undefined"],
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
    ["services", "get", [undefined], "service", "not undefined"],
    ["services", "create", ["web"], "spec", '{ Name: "web"'],
    ["service", "update", ["12", {}], "version", "a whole number such as 12, not text"],
    ["service", "update", [{ Name: "web" }], "version", "not an object"],
    ["service", "change", [{ Name: "web" }], "edit", "a function such as (spec) =>"],
    ["service", "logs", [true], "options", "{ follow: true }"],
    ["node", "change", [], "edit", "a function"],
    ["nodes", "list", [{ filters: "role=manager" }], "filters", 'such as { label: "a=b" }, not text'],
    ["tasks", "exists", [{ ID: "t1" }], "task", "a handle"],
    ["task", "logs", [5], "options", "not a number"],
    ["secrets", "create", ["tls", "data"], "request", '{ Name: "tls"'],
    ["secret", "remove", [true], "options", "not a boolean"],
    ["configs", "get", [null], "config", "not null"],
    ["config", "update", [1], "spec", "not undefined"],
    ["swarm", "init", ["eth0"], "request", '{ AdvertiseAddr: "eth0" }'],
    ["swarm", "unlock", [{ UnlockKey: "k" }], "key", "not an object"],
    ["swarm", "leave", [true], "options", "{ force: true }"],
    ["plugins", "install", [{ remote: "sshfs" }], "reference", '"vieux/sshfs"'],
    ["plugins", "create", ["sshfs", { tar: "x" }], "tar", "createReadStream"],
    ["plugin", "set", ["DEBUG=1"], "settings", '["NAME=value"]'],
    ["checkpoints", "create", ["before"], "request", "CheckpointID"],
    ["checkpoint", "restore", ["before"], "options", "not text"],
    ["distribution", "inspect", [undefined], "reference", 'text such as "busybox:1.36"'],
  ])("%s.%s of %j: %s", async (what, method, given, argument, form) => {
    const error = await failure(what, method, given);
    expect(error).toBeInstanceOf(TypeError);
    const { message } = error as TypeError;
    expect(message.startsWith(`Argument "${argument}" of `)).toBe(true);
    expect(message).toContain(`.${method}() `);
    expect(message).toContain(form);
  });
});

describe("an option that there is not is refused, with the one that was meant", () => {
  test.each<[keyof typeof of, string, readonly unknown[], string]>([
    ["containers", "run", [{ image: "a", comand: ["ls"] }], '"comand": did you mean "command"?'],
    ["containers", "run", [{ Image: "a" }], '"Image": did you mean "image"?'],
    ["containers", "run", [{ image: "a", HostConfig: {} }], '"HostConfig": its options are image, command,'],
    ["containers", "start", [{ image: "a", platfrom: "linux/arm64" }], 'did you mean "platform"?'],
    ["containers", "create", [{ Image: "a" }, { Name: "web" }], '"Name": did you mean "name"?'],
    ["containers", "list", [{ All: true }], 'did you mean "all"?'],
    ["containers", "exists", ["web", { timeout: 1 }], '"timeout": its options are signal.'],
    ["container", "stop", [{ t: 5 }], '"t": its options are timeout, stopSignal, signal.'],
    ["container", "remove", [{ v: true }], '"v": its options are force, volumes, signal.'],
    ["container", "exec", [["ls"], { workdir: "/" }], 'did you mean "workingDir"?'],
    ["container", "spawn", [["ls"], { input: "x" }], '"input": its options are'],
    ["container", "logs", [{ folow: true }], 'did you mean "follow"?'],
    ["images", "build", [{ context: ".", nocache: true }], 'did you mean "noCache"?'],
    ["images", "build", [{ context: ".", "build-args": {} }], 'did you mean "buildArgs"?'],
    ["images", "pull", ["a", { authconfig: {} }], 'did you mean "auth"?'],
    ["image", "layers", [{ base: "a" }], '"base": its options are'],
    ["network", "disconnect", ["web", { Force: true }], 'did you mean "force"?'],
    ["volumes", "prune", [{ all: true }], '"all": its options are filters, signal.'],
    ["system", "events", [{ sinse: 1 }], 'did you mean "since"?'],
    ["buildkit", "solve", [{ context: ".", exporter: [] }], 'did you mean "exporters"?'],
    ["buildkit", "lint", [{ context: ".", tags: "a" }], '"tags": its options are'],
    ["services", "create", [{ Name: "web" }, { atuh: {} }], 'did you mean "auth"?'],
    ["swarm", "update", [1, {}, { rotateWorker: true }], 'did you mean "rotateWorkerToken"?'],
    ["plugins", "install", ["sshfs", { grants: "all" }], 'did you mean "grant"?'],
    ["checkpoints", "list", [{ Dir: "/srv" }], 'did you mean "dir"?'],
    ["distribution", "inspect", ["a", { singal: undefined, auht: {} }], 'did you mean "auth"?'],
  ])("%s.%s of %j", async (what, method, given, hint) => {
    const error = await failure(what, method, given);
    expect(error).toBeInstanceOf(TypeError);
    const { message } = error as TypeError;
    expect(message).toContain(`.${method}() has no option `);
    expect(message).toContain(hint);
  });
});

describe("what an option holds is refused by name, too", () => {
  const build = (options: object): readonly unknown[] => [{ context: ".", ...options }];
  test.each<[keyof typeof of, string, readonly unknown[], string]>([
    // As text these would be "[object Object]", which prunes everything by `label!`.
    [
      "containers",
      "list",
      [{ filters: { label: { a: "b" } } }],
      '"filters.label" of containers.list() must be',
    ],
    ["volumes", "prune", [{ filters: { "label!": [new Map()] } }], "or a list of them, not a Map"],
    ["system", "events", [{ filters: { type: null } }], '"filters.type" of system.events() must be text'],
    ["containers", "run", [{ image: "a", labels: { n: 5 } }], '"labels.n" of containers.run() must be text'],
    [
      "images",
      "build",
      build({ labels: { n: true } }),
      '"labels.n" of images.build() must be text, not a bool',
    ],
    [
      "images",
      "build",
      build({ buildArgs: { N: 7 } }),
      '"buildArgs.N" of images.build() must be text or null',
    ],
    ["images", "build", build({ contexts: { docs: 5 } }), '"contexts.docs" of images.build() must be text'],
    ["images", "build", build({ secrets: { a: { path: "/x" } } }), "or a function, not { path }."],
    [
      "images",
      "build",
      build({ secrets: { a: "text" } }),
      '"secrets.a" of images.build() must be { file }, {',
    ],
    ["images", "build", build({ secrets: { a: { file: "/x", env: "X" } } }), "not { file, env }."],
    [
      "images",
      "build",
      build({ ssh: { default: { key: "/x" } } }),
      "true, { agent } or { keys }, not { key }.",
    ],
    ["images", "build", build({ ssh: { default: 5 } }), "true, { agent } or { keys }, not a number."],
    [
      "images",
      "build",
      build({ auth: { "ghcr.io": "a:b" } }),
      '"auth.ghcr.io" of images.build() must be an obj',
    ],
    [
      "images",
      "build",
      build({ cacheTo: { type: "local", dest: "." } }),
      'has no "dest": it takes type, attrs.',
    ],
    [
      "images",
      "build",
      build({ cacheFrom: [{ type: "gha" }] }),
      '"attrs" of images.build() must be an object',
    ],
    ["images", "build", build({ output: { local: "a", tar: "b" } }), "not { local, tar }."],
    // Which form it is, is read from the names.
    ["images", "build", build({ output: { local: undefined, tar: "b" } }), "not { local, tar }."],
    ["images", "build", build({ secrets: { a: { value: undefined, env: "X" } } }), "not { value, env }."],
    ["images", "build", build({ secrets: { a: undefined } }), "or a function, not undefined."],
    ["images", "build", build({ ssh: { default: undefined } }), "{ agent } or { keys }, not undefined."],
    [
      "images",
      "build",
      build({ contexts: { docs: undefined } }),
      '"contexts.docs" of images.build() must be',
    ],
    ["images", "build", [{ context: { files: { a: undefined } } }], '"files.a" of images.build() must be'],
    ["images", "build", build({ output: { tar: 5 } }), '"tar" of images.build() must be a path or a stream'],
    [
      "images",
      "build",
      [{ context: { files: { a: 5 } } }],
      '"files.a" of images.build() must be text, bytes or',
    ],
    [
      "images",
      "build",
      [{ context: { files: { a: { text: "" } } } }],
      '"files.a" of images.build() has no "text"',
    ],
    ["images", "build", [{ context: { tar: "a", files: {} } }], "not { tar, files }."],
    ["images", "build", [{ context: { remote: 5 } }], '"remote" of images.build() must be text'],
    [
      "images",
      "pull",
      ["a", { auth: { user: "me" } }],
      '"auth" of images.pull() has no "user": did you mean "us',
    ],
    ["services", "create", [{}, { auth: { username: 5 } }], '"username" of services.create() must be text'],
    ["buildkit", "solve", build({ exporters: [{ type: "oci", to: {} }] }), '{ tar: "out.tar" }, not {}.'],
    [
      "buildkit",
      "lint",
      build({ buildArgs: { N: 7 } }),
      '"buildArgs.N" of buildkit.lint() must be text or null',
    ],
  ])("%s.%s of %j", async (what, method, given, message) => {
    const error = await failure(what, method, given);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as TypeError).message).toContain(message);
  });
});

describe("an option of a wrong kind is refused", () => {
  test.each<[keyof typeof of, string, readonly unknown[], string]>([
    [
      "containers",
      "run",
      [{ image: "a", platform: 5 }],
      '"platform" of containers.run() must be text, not a',
    ],
    ["containers", "run", [{ image: "a", pull: "allways" }], '"always", "missing" or "never", not "allways"'],
    ["containers", "run", [{ image: "a", signal: {} }], "must be an AbortSignal such as"],
    ["containers", "run", [{ image: "a", remove: "false" }], '"remove" of containers.run() must be true or'],
    [
      "containers",
      "run",
      [{ image: "a", labels: ["a=b"] }],
      '"labels" of containers.run() must be an object',
    ],
    ["containers", "run", [{ image: "a", ports: [{ container: 80, hots: 80 }] }], 'did you mean "host"?'],
    ["containers", "run", [{ image: "a", ports: [80] }], '"ports[0]" of containers.run() must be text such'],
    ["containers", "run", [{ image: "a", env: ["A=1", 5] }], '"env[1]" of containers.run() must be text'],
    ["containers", "run", [{ image: "a", memory: true }], "a number of bytes or text such as"],
    [
      "containers",
      "run",
      [{ image: "a", input: 5 }],
      '"input" of containers.run() must be bytes or a stream',
    ],
    ["containers", "list", [{ limit: "5" }], '"limit" of containers.list() must be a whole number, not text'],
    ["container", "stop", [{ timeout: "5" }], "must be a whole number, not text"],
    ["container", "stop", [{ timeout: null }], "not null"],
    ["container", "stop", [{ signal: "SIGINT" }], '"signal" of container.stop() must be an AbortSignal'],
    ["container", "logs", [{ since: {} }], "a date, seconds since 1970, or text"],
    [
      "container",
      "commit",
      [{ changes: "CMD sh" }],
      '"changes" of container.commit() must be a list of texts',
    ],
    ["images", "build", [{ context: ".", tags: [5] }], '"tags[0]" of images.build()'],
    [
      "images",
      "build",
      [{ context: ".", dockerfile: { txt: "FROM a" } }],
      'has no "txt": did you mean "text"?',
    ],
    ["images", "build", [{ context: ".", builder: "kit" }], '"auto", "buildkit" or "classic"'],
    ["images", "build", [{ context: ".", output: { folder: "./out" } }], '{ local: "./out" }'],
    ["images", "build", [{ context: ".", ulimits: [{ name: "a", soft: 1 }] }], '"hard" of images.build()'],
    ["image", "remove", [{ platforms: "linux/arm64" }], 'a list of texts such as ["linux/arm64"]'],
    ["images", "import", [{ url: 5 }], '"url" of images.import() must be text'],
    ["system", "df", [{ type: 5 }], '"image", not a number'],
    ["plugin", "enable", [{ timeout: "30" }], "a whole number"],
    ["plugins", "install", ["sshfs", { grant: "some" }], '"grant" of plugins.install()'],
  ])("%s.%s of %j", async (what, method, given, message) => {
    const error = await failure(what, method, given);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as TypeError).message).toContain(message);
  });
});

test.each<[keyof typeof of, string, readonly unknown[], string]>([
  ["container", "stop", [{ timeout: NaN }], '"timeout" of container.stop() must be a whole number: NaN'],
  ["container", "stop", [{ timeout: 0.5 }], '"timeout" of container.stop() must be a whole number: 0.5'],
  ["containers", "run", [{ image: "a", cpus: NaN }], '"cpus" of containers.run() must be a number: NaN'],
  ["containers", "list", [{ limit: Infinity }], '"limit" of containers.list() must be a whole number: Inf'],
  [
    "container",
    "resize",
    [{ rows: NaN, columns: 80 }],
    '"rows" of container.resize() must be a whole number',
  ],
  ["service", "update", [NaN, {}], '"version" of service.update() must be a whole number such as 12: NaN'],
  [
    "images",
    "build",
    [{ context: ".", cpuQuota: -Infinity }],
    '"cpuQuota" of images.build() must be a whole',
  ],
  ["images", "build", [{ context: ".", memory: NaN }], 'Argument "memory" must be a number of bytes'],
  ["buildkit", "prune", [{ keepBytes: 1.5 }], '"keepBytes" of buildkit.prune() must be a whole number: 1.5'],
])("%s.%s of a number that is none: %j", async (what, method, given, message) => {
  const error = await failure(what, method, given);
  expect(error).toBeInstanceOf(RangeError);
  expect((error as RangeError).message).toContain(message);
});

test("the size of a terminal may be that of an object that has more, such as process.stdout", async () => {
  await using fake = await startFakeEngine((exchange) => exchange.send(200));
  await using docker = new Docker({ host: fake.host });
  const terminal = Object.assign(new EventTarget(), { rows: 24, columns: 80, isTTY: true });
  await docker.containers.get("web").resize(terminal);
  expect(String(fake.calls[0]?.query)).toBe("h=24&w=80");
});

test("a signal of another realm is one", async () => {
  await using fake = await startFakeEngine((exchange) => exchange.json(200, []));
  await using docker = new Docker({ host: fake.host });
  const foreign = Object.assign(new EventTarget(), { aborted: false, throwIfAborted: () => undefined });
  await expect(untyped(docker.containers)["list"]?.({ signal: foreign })).resolves.toEqual([]);
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

test("docker.call takes parameters by their places", async () => {
  await using fake = await startFakeEngine((exchange) => exchange.json(201, { Id: "c1" }));
  await using docker = new Docker({ host: fake.host });
  const call = untyped(docker)["call"]?.bind(docker);
  await expect(call?.("ContainerList", { qeury: { all: true } })).rejects.toThrow(
    'docker.call("ContainerList") has no option "qeury": did you mean "query"?',
  );
  await expect(call?.("ContainerInspect", { path: "web" })).rejects.toThrow('"path" of docker.call(');
  await expect(call?.("ContainerCreate", { body: {}, query: undefined })).resolves.toEqual({ Id: "c1" });
});
