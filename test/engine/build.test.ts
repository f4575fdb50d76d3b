import { randomBytes } from "node:crypto";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  BuildError,
  ContextError,
  Docker,
  EngineGoneError,
  ServerError,
  type BuildEvent,
  type BuildOptions,
  type Image,
  type Operation,
} from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { removedAfter } from "test-support/removed-after";
import { pack } from "tar-stream";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { rejection } from "test-support/rejection";

const docker = new Docker({ host: engine.host, credentials: {} });
const labels = { [label]: "build" };
const from = `FROM ${engine.image}\n`;
const unique = (): string => randomBytes(8).toString("hex");

async function folderWith(files: Readonly<Record<string, string>>): Promise<TempDir> {
  const folder = await tempDir();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(folder.join(name, ".."), { recursive: true });
    await writeFile(folder.join(name), content);
  }
  return folder;
}

function start(options: BuildOptions): Operation<BuildEvent, Image> {
  return docker.images.build({ builder: "classic", labels, ...options });
}

async function built(options: BuildOptions): Promise<Image & AsyncDisposable> {
  return removedAfter(await start(options));
}

/** What a command prints in a container of the image. */
async function printed(image: Image, ...command: string[]): Promise<string> {
  return (await docker.containers.run({ image: image.id, command, labels })).stdout;
}

async function eventsOf(operation: AsyncIterable<BuildEvent>): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  for await (const event of operation) events.push(event);
  return events;
}

/** Steps as `started RUN x`. */
function steps(events: readonly BuildEvent[]): string[] {
  return events.flatMap((event) => (event.type === "step" ? [`${event.state} ${event.step.name}`] : []));
}

function output(events: readonly BuildEvent[], stream: "stdout" | "stderr"): string {
  return events
    .flatMap((event) => (event.type === "log" && event.stream === stream ? [event.text] : []))
    .join("");
}

/** A tar whose first file never ends. */
async function* endlessTar(): AsyncGenerator<Uint8Array> {
  const tar = pack();
  tar.entry({ name: "big", size: 2 ** 40 });
  const entries = tar[Symbol.asyncIterator]();
  yield (await entries.next()).value as Uint8Array; // the file's header
  for (;;) {
    yield new Uint8Array(64 * 1024);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe.concurrent("a build by the classic builder", () => {
  test("tells its steps, output and image; the second time from the cache", async () => {
    const name = `build-${unique()}:1`;
    const run = `RUN echo out ${unique()}; echo err >&2`;
    await using folder = await folderWith({ Dockerfile: `${from}${run}\nCOPY a /a\n`, a: "content" });
    const options = { context: folder.path, tags: [name] };
    const first = start(options);
    const events = await eventsOf(first);
    await using image = removedAfter(await first);
    const names = [from.trim(), run, "COPY a /a", `LABEL ${label}=build`];
    expect(steps(events)).toEqual(names.flatMap((step) => [`started ${step}`, `completed ${step}`]));
    expect(output(events, "stdout")).toMatch(/^out [0-9a-f]{16}\n$/);
    expect(output(events, "stderr")).toBe("err\n");
    expect(events).toContainEqual({ type: "image", id: image.id });
    expect(events[0]).toMatchObject({ step: { id: "1", number: 1, total: 4 } });
    expect((await docker.images.get(name).inspect()).Id).toBe(image.id);
    expect(await printed(image, "cat", "/a")).toBe("content");

    const second = start(options);
    const again = steps(await eventsOf(second));
    expect(again.filter((step) => step.startsWith("cached"))).toEqual(
      names.slice(1).map((step) => `cached ${step}`),
    );
    expect((await second).id).toBe(image.id);
    const third = steps(await eventsOf(start({ ...options, noCache: true })));
    expect(third.some((step) => step.startsWith("cached"))).toBe(false);
  });

  test("a RUN that imitates the builder's words is no step and no end", async () => {
    const fake = "Step 9/9 : RUN fake\\n ---> Using cache\\nSuccessfully built 123456789012\\n";
    const operation = start({
      context: "none",
      dockerfile: { text: `${from}RUN printf '${fake}'; exit 3\n` },
    });
    const error = await rejection(operation);
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({ exitCode: 3, log: fake.replaceAll("\\n", "\n") });
  });

  test("arguments, labels, target, network and hosts arrive", async () => {
    const text = `${from.replace("\n", " AS first\n")}ARG WHO=nobody
ARG OTHER=default
RUN echo "$WHO $OTHER" > /who; cat /etc/hosts > /hosts-seen; ip link > /links
FROM first AS second
RUN false
`;
    await using image = await built({
      context: "none",
      dockerfile: { text },
      target: "first",
      buildArgs: { WHO: "me & you", OTHER: null },
      labels: { ...labels, "with space": 'a "quoted" value' },
      network: "none",
      extraHosts: { "db.example": "10.1.2.3" },
      shmSize: "1m",
      memory: "64m",
      ulimits: [{ name: "nofile", soft: 100, hard: 200 }],
    });
    const { Config } = await image.inspect();
    expect(Config?.Labels).toMatchObject({ ...labels, "with space": 'a "quoted" value' });
    expect(await printed(image, "cat", "/who")).toBe("me & you default\n");
    expect(await printed(image, "cat", "/hosts-seen")).toContain("10.1.2.3\tdb.example");
    expect(await printed(image, "cat", "/links")).not.toContain("eth0");
  });

  test("an argument that nothing takes is a warning", async () => {
    const operation = start({
      context: "none",
      dockerfile: { text: `${from}RUN true\n` },
      buildArgs: { NOBODY: "1" },
    });
    expect(await eventsOf(operation)).toContainEqual({
      type: "warning",
      message: expect.stringContaining("NOBODY"),
    });
  });

  test("leaves no containers behind, whether it fails or not", async () => {
    const mark = unique();
    await using _ = await built({ context: "none", dockerfile: { text: `${from}RUN echo ${mark}\n` } });
    await rejection(start({ context: "none", dockerfile: { text: `${from}RUN echo ${mark} && exit 1\n` } }));
    const containers = await docker.containers.list({ all: true });
    expect(containers.filter(({ Command }) => Command.includes(mark))).toEqual([]);
  });
});

async function listing(image: Image): Promise<string[]> {
  return (await printed(image, "sh", "-c", "cd /context && find . -type f | sort")).trim().split("\n");
}

describe.concurrent("where the context and the Dockerfile come from", () => {
  const content = `${from}COPY . /context/\n`;
  test("a Dockerfile outside the context, through a symlink too", async () => {
    await using folder = await folderWith({ "ctx/a": "1", "other/My.Dockerfile": content });
    await symlink(folder.join("other/My.Dockerfile"), folder.join("ctx/link"));
    await using image = await built({ context: folder.join("ctx"), dockerfile: "../other/My.Dockerfile" });
    expect(await listing(image)).toContain("./a");
    await using linked = await built({ context: folder.join("ctx"), dockerfile: "link" });
    expect(await listing(linked)).toContain("./a");
  });

  test("a Dockerfile as text, and one that .dockerignore excludes", async () => {
    await using folder = await folderWith({
      Dockerfile: content,
      ".dockerignore": "Dockerfile\n.dockerignore\nsecret*\n",
      a: "1",
      secrets: "2",
    });
    await using excluded = await built({ context: folder.path });
    expect(await listing(excluded)).toEqual(["./a"]);
    await using text = await built({ context: folder.path, dockerfile: { text: content } });
    const files = await listing(text);
    expect(files).toContain("./a");
    expect(files).not.toContain("./secrets");
    expect(files).not.toContain("./Dockerfile");
  });

  test("files, a tar, and none", async () => {
    await using files = await built({
      context: { files: { "d/Dockerfile": content, a: "1" } },
      dockerfile: "d/Dockerfile",
    });
    expect(await listing(files)).toEqual(["./a", "./d/Dockerfile"]);
    await using box = removedAfter(await docker.containers.create({ Image: files.id, Labels: labels }));
    const tar = await box.archive("/context/.");
    await using again = await built({ context: { tar }, dockerfile: "d/Dockerfile" });
    expect(await listing(again)).toEqual(["./a", "./d/Dockerfile"]);
    await using none = await built({ context: "none", dockerfile: { text: `${from}RUN echo hi > /hi\n` } });
    expect(await printed(none, "cat", "/hi")).toBe("hi\n");
  });

  test("a URL that the engine fetches", async () => {
    await using folder = await folderWith({ Dockerfile: `${from}RUN echo remote > /x\n` });
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = engine.inNamespace("busybox", [
      "httpd",
      "-f",
      "-p",
      `127.0.0.1:${port}`,
      "-h",
      folder.path,
    ]);
    try {
      const context = { remote: `http://127.0.0.1:${port}/Dockerfile` };
      let image: (Image & AsyncDisposable) | undefined;
      while (image === undefined) {
        // The server needs a moment to listen.
        image = await built({ context }).catch(async (error: unknown) => {
          if (!String(error).includes("connection refused") || server.exitCode !== null) throw error;
          await sleep(50);
          return undefined;
        });
      }
      await using remote = image;
      expect(await printed(remote, "cat", "/x")).toBe("remote\n");
    } finally {
      server.kill();
    }
  });
});

function build(text: string, options: Partial<BuildOptions> = {}): Operation<BuildEvent, Image> {
  return start({ context: "none", dockerfile: { text }, ...options });
}

async function* garbage(): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < 3000; i++) yield randomBytes(64 * 1024);
}

describe.concurrent("a build that fails", () => {
  test("in a RUN: its step, exit code and output", async () => {
    const operation = build(`${from}RUN echo before\nRUN echo out; echo err >&2; exit 7\n`);
    const events: BuildEvent[] = [];
    const error = await rejection(
      (async () => {
        for await (const event of operation) events.push(event);
      })(),
    );
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({
      code: "BUILD_FAILED",
      operation: "ImageBuild",
      step: "RUN echo out; echo err >&2; exit 7",
      exitCode: 7,
      line: undefined,
    });
    const { log } = error as BuildError; // just checked
    expect(log).toContain("out\n");
    expect(log).toContain("err\n");
    expect(log).not.toContain("before");
    expect(steps(events).at(-1)).toBe("failed RUN echo out; echo err >&2; exit 7");
    expect(await rejection(operation)).toBe(error);
  });

  test("RUN exit 7 alone", async () => {
    expect(await rejection(build(`${from}RUN exit 7\n`))).toMatchObject({ exitCode: 7, step: "RUN exit 7" });
  });

  test.each([
    ["a command that is not there", "RUN nosuchcommand\n", { exitCode: 127, step: "RUN nosuchcommand" }],
    ["a file that is not there", "COPY nope /\n", { exitCode: undefined, step: "COPY nope /" }],
    ["a user that is not there", "USER nobody-here\nRUN true\n", { step: "RUN true" }],
    [
      "a stage that is not there",
      "COPY --from=127.0.0.1:1/x /a /b\n",
      { step: "COPY --from=127.0.0.1:1/x /a /b" },
    ],
  ])("%s", async (_, text, expected) => {
    const error = await rejection(build(from + text));
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject(expected);
  });

  test("a base image that is not there", async () => {
    const step = `FROM ${engine.registry}/nope:1`;
    const error = await rejection(build(`${step}\n`));
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({ step, exitCode: undefined });
    expect(String(error)).toContain("not found");
  });

  test.each([
    ["FORM x\n", 1],
    [`# comment\n\n${from}FORM x\n`, 4],
    [`${from}COPY onlyone\n`, 2],
    ["", undefined],
    ["RUN no stage\n", undefined],
  ])("a faulty Dockerfile: %j", async (text, line) => {
    const error = await rejection(build(text));
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({ line, step: undefined, cause: { status: 400 } });
  });

  test("a target that is not there", async () => {
    expect(await rejection(build(`${from}RUN true\n`, { target: "nope" }))).toBeInstanceOf(BuildError);
  });

  test("a Dockerfile that is not there, a context that is not there", async () => {
    await using folder = await folderWith({ a: "1", file: "no folder" });
    const missing = await rejection(start({ context: folder.path }));
    expect(missing).toBeInstanceOf(ContextError);
    expect(missing).toMatchObject({ path: folder.join("Dockerfile"), code: "CONTEXT" });
    const gone = await rejection(start({ context: folder.join("nope") }));
    expect(gone).toBeInstanceOf(ContextError);
    expect(gone).toMatchObject({ path: folder.join("nope") });
    expect(await rejection(start({ context: folder.join("file") }))).toBeInstanceOf(ContextError);
    expect(await rejection(start({ context: { files: { a: "1" } } }))).toBeInstanceOf(ContextError);
    await expect(start({ context: { tar: Buffer.alloc(1024) } })).rejects.toThrow(/Dockerfile/);
  });

  test("a broken tar, refused while it is sent", async () => {
    await expect(start({ context: { tar: garbage() } })).rejects.toThrow(/tar/);
  });

  test("a bad option, refused while a large context is in flight", async () => {
    const call = docker.call("ImageBuild", { query: { t: "Not A Tag" }, headers: {}, body: endlessTar() });
    const error = await rejection(call);
    expect(error).toBeInstanceOf(ServerError);
    expect(String(error)).toContain("invalid reference format");
  });

  test("a context whose source fails while it is sent", async () => {
    const reason = new Error("the disk is on fire");
    async function* failing(): AsyncGenerator<Uint8Array> {
      let sent = 0;
      for await (const chunk of endlessTar()) {
        yield chunk;
        if (++sent === 30) throw reason;
      }
    }
    expect(await rejection(start({ context: { tar: failing() } }))).toBe(reason);
  });
});

async function running(mark: string): Promise<boolean> {
  return (await docker.containers.list()).some(({ Command }) => Command.includes(mark));
}

/** A build that stays in its RUN, and the mark that tells its container. */
async function sleeping(signal?: AbortSignal): Promise<{
  operation: Operation<BuildEvent, Image>;
  mark: string;
  events: AsyncIterator<BuildEvent, Image>;
}> {
  const mark = `1000.${Date.now()}${Math.floor(Math.random() * 1e6)}`;
  const text = `${from}RUN echo begun; sleep ${mark}\n`;
  const operation = start({ context: "none", dockerfile: { text }, signal });
  const events = operation[Symbol.asyncIterator]();
  for (let next = await events.next(); next.done !== true; next = await events.next()) {
    if (next.value.type === "log") break;
  }
  // The engine lists a container a moment after its first output.
  while (!(await running(mark))) await sleep(20);
  return { operation, mark, events };
}

describe.concurrent("a build that is stopped", () => {
  test("by its signal: the process is gone, the reason is thrown", async () => {
    const controller = new AbortController();
    const { operation, mark, events } = await sleeping(controller.signal);
    const reason = new Error("stop it");
    controller.abort(reason);
    expect(await rejection(events.next())).toBe(reason);
    expect(await rejection(operation)).toBe(reason);
    while (await running(mark)) await sleep(20);
    // It would have slept on for a quarter of an hour, longer than any test may take.
    expect(await running(mark)).toBe(false);
  });

  test("by leaving its loop", async () => {
    const { operation, mark, events } = await sleeping();
    await events.return?.();
    expect(await rejection(operation)).toMatchObject({ name: "AbortError" });
    while (await running(mark)) await sleep(20);
    expect(await running(mark)).toBe(false);
  });

  test("while its context is sent: the source is let go", async () => {
    const controller = new AbortController();
    let release: (() => void) | undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let sent = 0;
    async function* watched(): AsyncGenerator<Uint8Array> {
      try {
        for await (const chunk of endlessTar()) {
          yield chunk;
          if (++sent === 100) controller.abort(new Error("stop it"));
        }
      } finally {
        release?.();
      }
    }
    const operation = start({ context: { tar: watched() }, signal: controller.signal });
    await expect(operation).rejects.toThrow("stop it");
    await released;
    expect(sent).toBeGreaterThanOrEqual(100);
  });

  test("by the end of its engine", async () => {
    await using alone = await engine.startPrivate();
    await using own = new Docker({ host: alone.host, credentials: {} });
    const operation = own.images.build({
      context: "none",
      dockerfile: { text: `${from}RUN echo begun; sleep 1000\n` },
    });
    const error = await rejection(
      (async () => {
        for await (const event of operation) if (event.type === "log") await alone.kill();
      })(),
    );
    expect(error).toBeInstanceOf(EngineGoneError);
    expect(await rejection(operation)).toBe(error);
  });
});
