import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect, promisify } from "node:util";
import { describe, expect, test } from "vitest";
import {
  BuildError,
  ConfigError,
  ContextError,
  Docker,
  EngineGoneError,
  UnsupportedError,
  type BuildEvent,
  type BuildOptions,
  type Image,
  type Operation,
} from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { proxyTo } from "test-support/engine-proxy";
import { hostileTree } from "test-support/hostile-tree";
import { removedAfter } from "test-support/removed-after";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { rejection } from "test-support/rejection";

const docker = new Docker({ host: engine.host, credentials: {} });
const labels = { [label]: "buildkit" };
const from = `FROM ${engine.image}\n`;
const unique = (): string => randomBytes(8).toString("hex");
const { hasContainerdStore } = engine;
const isOld = engine.version.startsWith("20.");

async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<TempDir> {
  const folder = await tempDir();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(folder.join(name, ".."), { recursive: true });
    await writeFile(folder.join(name), content);
  }
  return folder;
}

function start(options: BuildOptions, client = docker): Operation<BuildEvent, Image> {
  return client.images.build({ builder: "buildkit", labels, ...options });
}

async function built(options: BuildOptions, client = docker): Promise<Image & AsyncDisposable> {
  return removedAfter(await start(options, client));
}

function build(text: string, options: Partial<BuildOptions> = {}): Operation<BuildEvent, Image> {
  return start({ context: "none", dockerfile: { text: from + text }, ...options });
}

async function printed(image: Image, ...command: string[]): Promise<string> {
  return (await docker.containers.run({ image: image.id, command, labels })).stdout;
}

async function eventsOf(operation: AsyncIterable<BuildEvent>): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  for await (const event of operation) events.push(event);
  return events;
}

function steps(events: readonly BuildEvent[], state: string): string[] {
  return events.flatMap((event) =>
    event.type === "step" && event.state === state && event.step.number !== undefined
      ? [event.step.name]
      : [],
  );
}

function output(events: readonly BuildEvent[], stream: "stdout" | "stderr"): string {
  return events
    .flatMap((event) => (event.type === "log" && event.stream === stream ? [event.text] : []))
    .join("");
}

describe.concurrent("a build with BuildKit", () => {
  test("tells its steps, output and image; the second time from the cache", async () => {
    const name = `buildkit-${unique()}:1`;
    const run = `RUN echo out ${unique()}; echo err >&2`;
    await using folder = await folderWith({ Dockerfile: `${from}${run}\nCOPY a /a\n`, a: "content" });
    const options = { context: folder.path, tags: [name] };
    const first = start(options);
    const events = await eventsOf(first);
    await using image = removedAfter(await first);
    expect(steps(events, "started")).toEqual([expect.stringMatching(/^FROM /), run, "COPY a /a"]);
    expect(steps(events, "completed")).toContain("COPY a /a");
    expect(output(events, "stdout")).toMatch(/^out [0-9a-f]{16}\n$/);
    expect(output(events, "stderr")).toBe("err\n");
    expect(events).toContainEqual({ type: "image", id: image.id });
    expect((await docker.images.get(name).inspect()).Id).toBe(image.id);
    expect(await printed(image, "cat", "/a")).toBe("content");

    let { id } = image;
    for (let isCached = false; !isCached;) {
      const again = start(options);
      const cached = steps(await eventsOf(again), "cached");
      const repeated = await again;
      // While builds of others fail on the same base image, BuildKit may run a step that it has.
      isCached = cached.includes(run) && cached.includes("COPY a /a");
      if (isCached) expect(repeated.id).toBe(id);
      ({ id } = repeated);
    }
    const third = steps(await eventsOf(start({ ...options, noCache: true })), "cached");
    expect(third).not.toContain(run);
  });

  test("arguments, labels, target, network and hosts arrive; stages have names", async () => {
    const text = `${from.replace("\n", " AS first\n")}ARG WHO=nobody
ARG OTHER=default
RUN echo "$WHO $OTHER" > /who; cat /etc/hosts > /hosts-seen; ip link > /links
FROM first AS second
RUN false
`;
    const operation = start({
      context: "none",
      dockerfile: { text },
      target: "first",
      buildArgs: { WHO: "me & you", OTHER: null },
      labels: { ...labels, "with space": 'a "quoted" value' },
      network: "none",
      extraHosts: { "db.example": "10.1.2.3" },
    });
    const events = await eventsOf(operation);
    await using image = removedAfter(await operation);
    const { Config } = await image.inspect();
    expect(Config?.Labels).toMatchObject({ ...labels, "with space": 'a "quoted" value' });
    expect(await printed(image, "cat", "/who")).toBe("me & you default\n");
    expect(await printed(image, "cat", "/hosts-seen")).toContain("10.1.2.3\tdb.example");
    expect(await printed(image, "cat", "/links")).not.toContain("eth0");
    const stages = events.flatMap((event) => (event.type === "step" ? [event.step.stage] : []));
    expect(stages).toContain("first");
  });

  test("output that the engine clips is said to be clipped", async () => {
    const events = await eventsOf(build(`RUN yes ${unique()} | head -c 6000000\n`));
    const warnings = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
    expect(warnings).toEqual([expect.stringMatching(/left out output of RUN yes .*output clipped/s)]);
  });

  test("options of the classic builder are refused", async () => {
    await expect(build("RUN true\n", { memory: "64m" })).rejects.toBeInstanceOf(UnsupportedError);
    await expect(build("RUN true\n", { network: "some-network" })).rejects.toThrow(/network/);
    const secrets = { a: { value: "x" } };
    await expect(build("RUN true\n", { secrets, builder: "classic" })).rejects.toThrow(/needs BuildKit/);
    await expect(build("RUN true\n", { secrets, builder: "auto", squash: true })).rejects.toThrow(/squash/);
  });
});

async function listing(image: Image, path = "/context"): Promise<string[]> {
  const text = await printed(image, "sh", "-c", `cd ${path}; find . -mindepth 1 | sort`);
  return text.split("\n").filter((line) => line !== "");
}

/** A client whose bytes to the engine are counted, sessions included. */
async function countingClient(): Promise<{ client: Docker; sent: () => number } & AsyncDisposable> {
  const folder = await tempDir();
  const { connect } = await import("node:net");
  let sent = 0;
  const server = createServer((socket) => {
    const upstream = connect(engine.socketPath ?? "");
    socket.on("data", (chunk: Buffer) => (sent += chunk.length));
    socket.pipe(upstream).pipe(socket);
    socket.on("error", () => upstream.destroy());
    upstream.on("error", () => socket.destroy());
  }).listen(folder.join("s"));
  const client = new Docker({ host: `unix://${folder.join("s")}`, credentials: {} });
  return {
    client,
    sent: () => sent,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      server.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe.concurrent("the context", () => {
  const content = `${from}COPY . /context/\n`;

  test("travels once: after a change only what was changed", async () => {
    const big = randomBytes(8 * 1024 * 1024);
    await using folder = await folderWith({ Dockerfile: content, big, small: "1" });
    await using counting = await countingClient();
    await using first = await built({ context: folder.path }, counting.client);
    const whole = counting.sent();
    expect(whole).toBeGreaterThan(big.length);
    await writeFile(folder.join("small"), "2");
    await using second = await built({ context: folder.path }, counting.client);
    expect(counting.sent() - whole).toBeLessThan(10_000);
    expect(await printed(second, "cat", "/context/small")).toBe("2");
    expect(first.id).not.toBe(second.id);
    await rm(folder.join("small"));
    await using third = await built({ context: folder.path }, counting.client);
    expect(await listing(third)).toEqual(["./Dockerfile", "./big"]);
    const hash = createHash("sha256").update(big).digest("hex");
    expect(await printed(third, "sha256sum", "/context/big")).toContain(hash);
  });

  test("of what COPY does not name nothing travels", async () => {
    await using folder = await folderWith({
      Dockerfile: `${from}COPY wanted/*.txt link /context/\n`,
      "wanted/a.txt": "a",
      "wanted/b.md": randomBytes(1024 * 1024),
      other: randomBytes(4 * 1024 * 1024),
      "deep/target": "through a link",
    });
    await symlink("deep/target", folder.join("link"));
    await using counting = await countingClient();
    await using image = await built({ context: folder.path }, counting.client);
    expect(counting.sent()).toBeLessThan(100_000);
    expect(await listing(image)).toEqual(["./a.txt", "./link"]);
    expect(await printed(image, "cat", "/context/link")).toBe("through a link");
  });

  test(".dockerignore, with exceptions, and one for the Dockerfile", async () => {
    await using folder = await folderWith({
      Dockerfile: content,
      "my.Dockerfile": content,
      "my.Dockerfile.dockerignore": "*\n!only\n",
      ".dockerignore": "# comment\n/sub\n!sub/keep/me\n*.log\n**/deep\nDockerfile\n.dockerignore\nmy.*\n",
      "sub/a": "1",
      "sub/keep/me": "1",
      "sub/keep/not": "1",
      "x.log": "1",
      "y/x.log": "1",
      "y/deep/z": "1",
      only: "1",
    });
    await using image = await built({ context: folder.path });
    expect(await listing(image)).toEqual([
      "./only",
      "./sub",
      "./sub/keep",
      "./sub/keep/me",
      "./y",
      "./y/x.log",
    ]);
    await using own = await built({ context: folder.path, dockerfile: "my.Dockerfile" });
    expect(await listing(own)).toEqual(["./only"]);
  });

  test("a .dockerignore of 5,000 lines", async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `no/such, file-${index}`);
    await using folder = await folderWith({
      Dockerfile: content,
      ".dockerignore": `${lines.join("\n")}\nsecret, with comma\nünï*\n`,
      "secret, with comma": "1",
      "with comma": "1",
      ünïcode: "1",
    });
    await using image = await built({ context: folder.path });
    expect(await listing(image)).toEqual(["./.dockerignore", "./Dockerfile", "./with comma"]);
  });

  test("a Dockerfile outside, through a symlink, in a folder, as text, excluded", async () => {
    await using folder = await folderWith({
      "ctx/a": "1",
      "ctx/.dockerignore": "sub\n.dockerignore\nlink\n",
      "ctx/sub/Dockerfile": content,
      "other/My.Dockerfile": content,
    });
    await symlink("../other/My.Dockerfile", folder.join("ctx/link"));
    const context = folder.join("ctx");
    for (const dockerfile of ["../other/My.Dockerfile", "link", "sub/Dockerfile", { text: content }]) {
      await using image = await built({ context, dockerfile });
      expect(await listing(image)).toEqual(["./a"]);
    }
    // Of the same length, within a millisecond: the engine must not take one for the other.
    const texts = ["AAA", "BBB", "CCC"].map((mark) => `${from}RUN echo ${mark} > /mark\n`);
    for (const text of texts) {
      await using image = await built({ context, dockerfile: { text } });
      expect(text).toContain((await printed(image, "cat", "/mark")).trim());
    }
    expect(await rejection(start({ context }))).toMatchObject({ path: folder.join("ctx/Dockerfile") });
    expect(await rejection(start({ context: folder.join("nope") }))).toBeInstanceOf(ContextError);
  });

  test("files, a tar, and none", async () => {
    await using files = await built({
      context: { files: { "d/Dockerfile": content, a: "1", b: "2", ".dockerignore": "b\n.dockerignore\n" } },
      dockerfile: "d/Dockerfile",
    });
    expect(await listing(files)).toEqual(["./a", "./d", "./d/Dockerfile"]);
    await using box = removedAfter(await docker.containers.create({ Image: files.id, Labels: labels }));
    const tar = await box.archive("/context/.");
    await using again = await built({ context: { tar }, dockerfile: "d/Dockerfile" });
    expect(await listing(again)).toEqual(["./a", "./d", "./d/Dockerfile"]);
    await using none = await built({ context: "none", dockerfile: { text: `${from}RUN echo hi > /hi\n` } });
    expect(await printed(none, "cat", "/hi")).toBe("hi\n");
  });

  test("everything that is hard to send arrives as it is", async () => {
    await using tree = await hostileTree();
    await using twin = await tempDir();
    // Names that are no UTF-8 have no place in the protocol. BuildKit makes block devices character devices,
    // and two links of two names of one; that of engines before 23 makes files of special files.
    await promisify(execFile)("sh", [
      "-c",
      `LC_ALL=C; cp -a "$0" "$1/t"; cd "$1/t"; rm -rf folder* not*utf8* socket loop0 linked-link`,
      tree.path,
      twin.path,
    ]);
    const context = twin.join("t");
    await using image = await built({
      context,
      dockerfile: { text: `${from}COPY . /context/\n` },
    });
    const script = `cd "$0"; find . -mindepth 1 -exec stat -c '%n|%f|%s|%h|%Y|%t:%T|%N' {} + | LC_ALL=C sort`;
    const here = await promisify(execFile)("busybox", ["sh", "-c", script, context]);
    const there = await docker.containers.run({
      image: image.id,
      command: ["sh", "-c", script, "/context"],
      labels,
    });
    const facts = (text: string): string[] =>
      text
        .split("\n")
        .filter((line) => line !== "" && !(isOld && /^\.\/(null|pipe)\|/.test(line)))
        // The containerd store knows no time before 1970.
        .map((line) => (hasContainerdStore ? line.replace(/\|-\d+\|/, "|0|") : line))
        // A folder's size depends on its file system. Engines before 23 give folders the time of the build.
        .map((line) =>
          line.replace(/\|(4[0-9a-f]{3})\|\d+\|\d+\|(-?\d+)\|/, (_, mode: string, time: string) =>
            ["", mode, isOld ? "" : time, ""].join("|"),
          ),
        );
    expect(facts(there.stdout).length).toBeGreaterThan(300);
    expect(facts(there.stdout)).toEqual(
      facts(here.stdout).map((line) => line.replaceAll(context, "/context")),
    );
  });

  test("a file that changes while it is sent", async () => {
    await using folder = await folderWith({ Dockerfile: content, "0": "1" });
    const file = folder.join("changing");
    const changing = async (signal: AbortSignal): Promise<void> => {
      while (!signal.aborted) {
        await writeFile(file, randomBytes(200_000));
        await rm(file);
        await writeFile(file, "short");
      }
    };
    const buildMeanwhile = async (): Promise<void> => {
      for (let index = 0; index < 50; index++) await writeFile(folder.join(`f${index}`), randomBytes(20_000));
      const over = new AbortController();
      const changes = changing(over.signal);
      try {
        await using _image = await built({ context: folder.path });
      } finally {
        over.abort();
        await changes;
      }
    };
    // Which build meets a change between the look at the file and the reading of it is chance: one of them does.
    const buildUntilItFails = async (): Promise<void> => {
      for (;;) await buildMeanwhile();
    };
    const error = await rejection(buildUntilItFails());
    expect(error).toBeInstanceOf(ContextError);
    expect(error).toHaveProperty("message", expect.stringMatching(/changing/));
  });

  // As many take a minute and more, and mostly the client's: one engine will do.
  const [folders, count] = isOld ? [100, "100000\n"] : [10, "10000\n"];

  test(`${folders},000 files`, async () => {
    await using folder = await tempDir();
    const script = `cd "$0"; for d in $(seq ${folders}); do mkdir $d; (cd $d; seq 1000 | xargs touch); done`;
    await promisify(execFile)("sh", ["-c", script, folder.path]);
    const text = `${from}COPY 7/7 /x/\nCOPY . /y/\nRUN find /y -type f | wc -l\n`;
    const operation = start({ context: folder.path, dockerfile: { text } });
    const events = await eventsOf(operation);
    await using image = removedAfter(await operation);
    expect(image.id).toMatch(/^sha256:/);
    expect(output(events, "stdout")).toBe(count);
  });
});

describe.concurrent("secrets", () => {
  test("from a file, a variable, bytes and a function, early and late; and nowhere else", async () => {
    const marks = Array.from({ length: 4 }, () => `s3cret-${unique()}`);
    const [a = "", b = "", c = "", d = ""] = marks;
    await using folder = await folderWith({ token: a });
    const client = new Docker({ host: engine.host, credentials: {}, env: { ...process.env, MY_TOKEN: b } });
    const mounts = ["a", "b", "c", "d"].map((id) => `--mount=type=secret,id=${id}`).join(" ");
    const text = `${from}RUN ${mounts} cat /run/secrets/* | md5sum > /sum
RUN sleep 8
RUN ${mounts} cat /run/secrets/* | md5sum > /later
RUN --mount=type=secret,id=optional test ! -e /run/secrets/optional
`;
    const operation = start(
      {
        context: "none",
        dockerfile: { text },
        noCache: true,
        secrets: {
          a: { file: folder.join("token") },
          b: { env: "MY_TOKEN" },
          c: { value: Buffer.from(c) },
          d: async () => d,
        },
      },
      client,
    );
    const events = await eventsOf(operation);
    await using image = removedAfter(await operation);
    const sum = createHash("md5").update(marks.join("")).digest("hex");
    expect(await printed(image, "cat", "/sum")).toBe(`${sum}  -\n`);
    expect(await printed(image, "cat", "/later")).toBe(`${sum}  -\n`);
    const saved = Buffer.from(await (await image.save()).bytes());
    const told = JSON.stringify([events, await image.history(), await image.inspect()]);
    for (const mark of marks) {
      expect(saved.includes(mark)).toBe(false);
      expect(told).not.toContain(mark);
    }
  });

  test("missing ones", async () => {
    // Not what the engine has in its cache, into which secrets do not go.
    const mount = `RUN --mount=type=secret,id=nope,required=true true # ${unique()}\n`;
    const error = await rejection(build(mount));
    expect(error).toBeInstanceOf(BuildError);
    expect(String(error)).toMatch(/nope.*not found|secret.*not found/);
    const gone = await rejection(build(mount, { secrets: { nope: { file: "/no/such/file" } } }));
    expect(gone).toBeInstanceOf(ConfigError);
    expect(gone).toMatchObject({ path: "/no/such/file" });
    const unset = await rejection(build(mount, { secrets: { nope: { env: "NO_SUCH_VARIABLE" } } }));
    expect(unset).toMatchObject({ path: "NO_SUCH_VARIABLE" });
    const reason = new Error("the vault is closed");
    const failing = build(mount, {
      secrets: {
        nope: () => {
          throw reason;
        },
      },
    });
    expect(await rejection(failing)).toBe(reason);
  });

  test("one of 500 KiB arrives whole; one of 4 MiB does too, or the engine's limit is said", async () => {
    const run = (size: number): [Operation<BuildEvent, Image>, string] => {
      const value = randomBytes(size);
      const text = `RUN --mount=type=secret,id=big md5sum < /run/secrets/big > /sum # ${unique()}\n`;
      return [build(text, { secrets: { big: { value } } }), createHash("md5").update(value).digest("hex")];
    };
    const [small, smallSum] = run(500 * 1024);
    await using image = removedAfter(await small);
    expect(await printed(image, "cat", "/sum")).toContain(smallSum);
    const [large, largeSum] = run(4 * 1024 * 1024);
    if (isOld) {
      expect(String(await rejection(large))).toMatch(/larger than max/);
    } else {
      await using other = removedAfter(await large);
      expect(await printed(other, "cat", "/sum")).toContain(largeSum);
    }
  });
});

describe.concurrent("ssh agents", () => {
  /** An agent that has one identity and knows what it is asked. */
  async function fakeAgent(): Promise<{ path: string; asked: () => number } & AsyncDisposable> {
    const folder = await tempDir();
    let asked = 0;
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("data", (data: Buffer) => {
        asked++;
        socket.write(data.toString("latin1").toUpperCase(), "latin1");
      });
      socket.on("end", () => socket.end());
      socket.on("error", () => undefined);
    }).listen(folder.join("agent"));
    return {
      path: folder.join("agent"),
      asked: () => asked,
      async [Symbol.asyncDispose]() {
        server.close();
        await folder[Symbol.asyncDispose]();
      },
    };
  }

  test("answer a RUN, by SSH_AUTH_SOCK and by path", async () => {
    await using agent = await fakeAgent();
    const env = { ...process.env, SSH_AUTH_SOCK: agent.path };
    const client = new Docker({ host: engine.host, credentials: {}, env });
    // The image has no program that speaks to such sockets.
    const { stdout } = await promisify(execFile)("ldd", ["/usr/bin/perl"]);
    const libraries = [...stdout.matchAll(/(\/\S+)/g)].map(([path]) => path);
    const copies = await Promise.all(
      ["/usr/bin/perl", ...libraries].map(async (path) => {
        return [path.slice(1), { content: await readFile(path), mode: 0o755 }] as const;
      }),
    );
    const script =
      "socket(S,1,1,0)&&connect(S,pack('Sa108',1,$ENV{SSH_AUTH_SOCK}))||die;" +
      "syswrite S,qq(hello\\n);shutdown S,1;print while <S>";
    const ask = `/usr/bin/perl -e "$ASK"`;
    const text = `${from}COPY . /
ENV ASK="${script.replaceAll("$", "\\$")}"
RUN --mount=type=ssh ${ask} > /default
RUN --mount=type=ssh,id=other ${ask} > /other # ${unique()}
RUN --mount=type=ssh,id=absent test ! -S "$SSH_AUTH_SOCK"
`;
    await using image = await built(
      {
        context: { files: Object.fromEntries(copies) },
        dockerfile: { text },
        ssh: { default: true, other: { agent: agent.path } },
      },
      client,
    );
    expect(await printed(image, "cat", "/default", "/other")).toBe("HELLO\nHELLO\n");
    expect(agent.asked()).toBe(2);
  });

  test("that refuse fail the step and nothing else", async () => {
    const text = "RUN --mount=type=ssh echo hello | nc local:$SSH_AUTH_SOCK | grep -q .\n";
    const error = await rejection(build(text, { ssh: { default: { agent: "/no/such/agent" } } }));
    expect(error).toBeInstanceOf(BuildError);
    const env = { ...process.env, SSH_AUTH_SOCK: undefined };
    const client = new Docker({ host: engine.host, credentials: {}, env });
    const unset = start({ context: "none", dockerfile: { text: from }, ssh: { default: true } }, client);
    expect(await rejection(unset)).toMatchObject({ path: "SSH_AUTH_SOCK", code: "CONFIG" });
  });
});

describe.concurrent("a build with BuildKit that fails", () => {
  test("in a RUN: its step, exit code and output; parallel stages do not hide it", async () => {
    const text = `FROM ${engine.image} AS slow
RUN sleep 30 # ${unique()}
FROM ${engine.image}
RUN echo before
RUN echo out; echo err >&2; exit 7
COPY --from=slow /bin /b
`;
    const operation = start({ context: "none", dockerfile: { text } });
    const events: BuildEvent[] = [];
    const reading = (async () => {
      for await (const event of operation) events.push(event);
    })();
    const error = await rejection(reading);
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({
      code: "BUILD_FAILED",
      operation: "ImageBuild",
      step: "RUN echo out; echo err >&2; exit 7",
      exitCode: 7,
      line: isOld ? undefined : 5,
    });
    const { log } = error as BuildError; // just checked
    expect(log).toContain("out\n");
    expect(log).toContain("err\n");
    expect(log).not.toContain("before");
    expect(steps(events, "failed")).toEqual(["RUN echo out; echo err >&2; exit 7"]);
    expect(await rejection(operation)).toBe(error);
  });

  test.each([
    ["a command that is not there", "RUN nosuchcommand\n", { exitCode: 127, step: "RUN nosuchcommand" }],
    ["a file that is not there", "COPY nope /\n", { exitCode: undefined, step: "COPY nope /" }],
    ["a user that is not there", "USER nobody-here\nRUN true\n", { step: "RUN true" }],
  ])("%s", async (_, text, expected) => {
    const error = await rejection(build(text));
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject(expected);
  });

  test.each([
    ["FORM x\n", 1],
    [`# comment\n\n${from}FORM x\n`, 4],
    [`${from}COPY onlyone\n`, 2],
    ["RUN no stage\n", undefined],
  ])("a faulty Dockerfile: %j", async (text, line) => {
    const error = await rejection(start({ context: "none", dockerfile: { text } }));
    expect(error).toBeInstanceOf(BuildError);
    if (line !== undefined) expect(error).toMatchObject({ line, step: undefined });
  });

  test("with a Dockerfile too long for what BuildKit says of it", async () => {
    const comments = Array.from({ length: 9000 }, () => `# ${randomBytes(6).toString("hex")}`).join("\n");
    const faulty = { text: `${comments}\n${from}FORM x\n` };
    const error = await rejection(start({ context: "none", dockerfile: faulty }));
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({ line: 9002 });
    // Where only BuildKit's own API will do, it is told as well as can be.
    const exported = docker.images.build({ context: "none", dockerfile: faulty, output: "none" });
    expect(await rejection(exported)).toBeInstanceOf(BuildError);
    const failing = { text: `${comments}\n${from}RUN exit 5\n` };
    const failed = await rejection(start({ context: { files: { Dockerfile: failing.text } } }));
    expect(failed).toMatchObject({ step: "RUN exit 5", exitCode: 5 });
  });

  test("a base image and a target that are not there", async () => {
    const text = `FROM ${engine.registry}/nope:1\n`;
    const error = await rejection(start({ context: "none", dockerfile: { text } }));
    expect(error).toBeInstanceOf(BuildError);
    expect(String(error)).toContain("not found");
    expect(await rejection(build("RUN true\n", { target: "nope" }))).toBeInstanceOf(BuildError);
  });
});

async function running(mark: string): Promise<boolean> {
  // BuildKit's containers are not listed; their processes are seen from one that shares the engine's.
  const { stdout } = await docker.containers.run({
    image: engine.image,
    command: ["sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"],
    create: { HostConfig: { PidMode: "host" } },
    labels,
  });
  return stdout.includes(`sleep ${mark}`);
}

describe("a build with BuildKit that is stopped", () => {
  async function sleeping(
    client: Docker,
    signal?: AbortSignal,
  ): Promise<{
    events: AsyncIterator<BuildEvent, Image>;
    mark: string;
    operation: Operation<BuildEvent, Image>;
  }> {
    const mark = `1000.${Date.now()}${Math.floor(Math.random() * 1e6)}`;
    const text = `${from}RUN echo begun; sleep ${mark}\n`;
    const operation = start({ context: "none", dockerfile: { text }, signal }, client);
    const events = operation[Symbol.asyncIterator]();
    for (let next = await events.next(); next.done !== true; next = await events.next()) {
      if (next.value.type === "log") break;
    }
    while (!(await running(mark))) await sleep(20);
    return { events, mark, operation };
  }

  test.each(["its signal", "leaving the loop"])(
    "by %s: the process is gone, all sockets are closed",
    async (how) => {
      await using proxy = await proxyTo(engine.host);
      const client = new Docker({ host: proxy.host, credentials: {} });
      const controller = new AbortController();
      const { events, mark, operation } = await sleeping(client, controller.signal);
      const reason = new Error("stop it");
      const since = performance.now();
      if (how === "its signal") {
        controller.abort(reason);
        expect(await rejection(events.next())).toBe(reason);
        expect(await rejection(operation)).toBe(reason);
      } else {
        await events.return?.();
        expect(await rejection(operation)).toMatchObject({ name: "AbortError" });
      }
      expect(performance.now() - since).toBeLessThan(2000);
      while (await running(mark)) await sleep(20);
      await proxy.closed(/ \/v[\d.]+\/(session|build|grpc)/);
    },
  );

  test("by the end of its engine", async () => {
    await using own = await engine.startPrivate();
    const client = new Docker({ host: own.host, credentials: {} });
    const text = `FROM ${engine.image}\nRUN echo begun; sleep 1000\n`;
    const operation = client.images.build({ builder: "buildkit", context: "none", dockerfile: { text } });
    const dying = (async () => {
      for await (const event of operation) if (event.type === "log") await own.kill();
    })();
    expect(await rejection(dying)).toBeInstanceOf(EngineGoneError);
  });

  test("not by a blocked event loop", async () => {
    const secret = `RUN sleep 9\nRUN --mount=type=secret,id=s cat /run/secrets/s > /got # ${unique()}\n`;
    const operation = build(secret, { secrets: { s: { value: "still here" } } });
    const events = operation[Symbol.asyncIterator]();
    for (let next = await events.next(); next.done !== true; next = await events.next()) {
      if (next.value.type !== "step" || next.value.step.name !== "RUN sleep 9") continue;
      if (next.value.state === "started") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 8000);
    }
    await using image = removedAfter(await operation);
    expect(await printed(image, "cat", "/got")).toBe("still here");
  });
});

test("credentials reach a registry with accounts, by option, client and helper; nobody's are denied", async () => {
  await using own = await engine.startPrivate();
  const { address, credentials } = await own.startRegistry({ port: 5001, htpasswd: true });
  if (credentials === undefined) throw new Error("the registry was started with accounts");
  const name = `${address}/private/app:1`;
  await using anonymous = new Docker({ host: own.host, credentials: {} });
  await anonymous.images.get(own.image).tag(name);
  await anonymous.images.push(name, { auth: credentials });
  await anonymous.images.get(name).remove();
  const options = (): BuildOptions => ({
    builder: "buildkit",
    context: "none",
    dockerfile: { text: `FROM ${name}\nRUN echo ${unique()} > /x\n` },
  });

  const denied = await rejection(anonymous.images.build(options()));
  expect(denied).toBeInstanceOf(BuildError);
  const wrong = { username: credentials.username, password: "wrong secret" };
  const mistaken = await rejection(anonymous.images.build({ ...options(), auth: { [address]: wrong } }));
  expect(mistaken).toBeInstanceOf(BuildError);
  expect(inspect(mistaken, { depth: 9, showHidden: true })).not.toContain("wrong secret");

  const given = await anonymous.images.build({ ...options(), auth: { [address]: credentials } });
  expect((await given.inspect()).Os).toBe("linux");
  await using folder = await tempDir();
  await writeFile(
    folder.join("docker-credential-test"),
    `#!/bin/sh\n[ "$(cat)" = "${address}" ] && printf %s '${JSON.stringify({
      ServerURL: address,
      Username: credentials.username,
      Secret: credentials.password,
    })}'\n`,
    { mode: 0o755 },
  );
  await writeFile(folder.join("config.json"), JSON.stringify({ credHelpers: { [address]: "test" } }));
  const PATH = `${folder.path}:${process.env["PATH"] ?? ""}`;
  const helped = new Docker({ host: own.host, env: { DOCKER_CONFIG: folder.path, PATH } });
  expect((await (await helped.images.build(options())).inspect()).Os).toBe("linux");
});
