import { once } from "node:events";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { startFakeEngine, type FakeEngine, type FakeHandler } from "test-support/fake-engine";
import { Docker } from "../../docker.ts";
import {
  BuildError,
  EngineGoneError,
  InvalidRequestError,
  ServerError,
  StreamTruncatedError,
  TransferError,
} from "../../errors.ts";
import type { Operation } from "../../operation.ts";

const id = `sha256:${"ab".repeat(32)}`;

async function withFake<T>(
  handler: FakeHandler,
  use: (docker: Docker, engine: FakeEngine) => Promise<T>,
): Promise<T> {
  await using engine = await startFakeEngine(handler, { apiVersion: "1.51" });
  await using docker = new Docker({ host: engine.host, credentials: {} });
  return await use(docker, engine);
}

const lines = (...values: readonly object[]): string =>
  values.map((value) => `${JSON.stringify(value)}\r\n`).join("");

interface Verb {
  readonly name: string;
  readonly start: (docker: Docker) => Operation<unknown, unknown>;
  readonly error: typeof BuildError | typeof TransferError;
  /** An answer without the line that says it is done. */
  readonly unfinished: string;
}

const verbs: readonly Verb[] = [
  {
    name: "build",
    start: (docker) =>
      docker.images.build({ builder: "classic", context: { files: { Dockerfile: "FROM a\n" } } }),
    error: BuildError,
    unfinished: lines({ stream: "Step 1/1 : FROM a" }, { aux: { ID: id } }),
  },
  {
    name: "pull",
    start: (docker) => docker.images.pull("a"),
    error: TransferError,
    unfinished: lines(
      { status: "Pulling from a", id: "1" },
      { status: "Pull complete", progressDetail: {}, id: "x" },
    ),
  },
  {
    name: "push",
    start: (docker) => docker.images.push("r.example/a:1"),
    error: TransferError,
    unfinished: lines({ status: "The push refers to repository [r.example/a]" }),
  },
  {
    name: "load",
    start: (docker) => docker.images.load(Buffer.alloc(1024)),
    error: TransferError,
    unfinished: lines({ status: "Loading layer", progressDetail: { current: 1, total: 2 }, id: "x" }),
  },
  {
    name: "import",
    start: (docker) => docker.images.import(Buffer.alloc(1024)),
    error: TransferError,
    unfinished: lines({ status: "Downloading" }),
  },
];

/** Answers with this stream. */
function answer(text: string): FakeHandler {
  return async (exchange) => {
    await exchange.body();
    exchange.send(200, text);
  };
}

function rejection(promise: PromiseLike<unknown>): PromiseLike<unknown> {
  return promise.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => error,
  );
}

async function drain(operation: AsyncIterable<unknown>): Promise<void> {
  for await (const event of operation) expect(event).toBeTypeOf("object");
}

function decodeHeader(header: unknown): unknown {
  return JSON.parse(Buffer.from(String(header), "base64url").toString());
}

describe.each(verbs)("$name", ({ start, error, unfinished }) => {
  /** What is thrown when the operation is awaited; iterating it has to throw the like. */
  async function failure(handler: FakeHandler): Promise<unknown> {
    return await withFake(handler, async (docker) => {
      const awaited = await rejection(start(docker));
      const operation = start(docker);
      const looped = await rejection(drain(operation));
      expect(await rejection(operation)).toBe(looped);
      expect(looped).toEqual(awaited);
      return awaited;
    });
  }

  test.each(["", unfinished])("an end without a result raises, after %j", async (text) => {
    expect(await failure(answer(text))).toBeInstanceOf(StreamTruncatedError);
  });

  test.each([
    lines({ error: "broke", errorDetail: { message: "broke" } }),
    lines({ error: "broke" }),
    lines({ errorDetail: { message: "broke" } }),
    '{"errorDetail":{"message":"broke"},"error":"broke"}',
  ])("an error in the stream raises: %j", async (text) => {
    const raised = await failure(answer(unfinished + text));
    expect(raised).toBeInstanceOf(error);
    expect(raised).toMatchObject({ message: "broke" });
  });

  test("an error without words still raises", async () => {
    const raised = await failure(answer(lines({ errorDetail: {} })));
    expect(raised).toBeInstanceOf(error);
    expect(raised).toHaveProperty("message", expect.stringMatching(/./));
  });

  test("a stream cut inside a line raises", async () => {
    const raised = await failure(answer(`${unfinished}{"status":"Stat`));
    expect(raised).toBeInstanceOf(StreamTruncatedError);
  });

  test("an engine that dies in the middle raises", async () => {
    const raised = await failure(async (exchange) => {
      await exchange.body();
      await exchange.cut(unfinished);
    });
    expect(raised).toBeInstanceOf(EngineGoneError);
  });

  test("a status raises with the engine's words", async () => {
    const raised = await failure(async (exchange) => {
      await exchange.body();
      exchange.refuse(500, "no space left on device");
    });
    expect(raised).toBeInstanceOf(ServerError);
    expect(raised).toMatchObject({ message: "no space left on device" });
  });

  test("abort throws the reason and closes the connection", async () => {
    let closed: Promise<void> | undefined;
    await withFake(
      async (exchange) => {
        await exchange.body();
        closed = exchange.closed;
        exchange.stall(unfinished);
      },
      async (docker) => {
        const operation = start(docker);
        const reason = { my: "reason" };
        for await (const event of operation) {
          expect(event).toBeTypeOf("object");
          break;
        }
        await expect(operation).rejects.toMatchObject({ name: "AbortError" });
        await closed;
        const second = start(docker);
        const thrown = rejection(second);
        await new Promise((resolve) => setImmediate(resolve));
        second.abort(reason);
        expect(await thrown).toBe(reason);
      },
    );
  });
});

const done = answer(
  lines({ aux: { ID: id } }, { stream: "Successfully built abababababab\n" }, { status: "Status: done" }),
);

describe("what is sent", () => {
  test("pull: registry, tag and platform; a digest wins over a tag", async () => {
    await withFake(done, async (docker, engine) => {
      await docker.images.pull("busybox");
      await docker.images.pull("ghcr.io/org/app:1.2", { platform: "linux/aarch64", auth: { username: "u" } });
      const pulled = await docker.images.pull(`docker.io/library/app:1@${id}`);
      expect(pulled.id).toBe(`app@${id}`);
      expect(engine.calls.map(({ query }) => Object.fromEntries(query))).toEqual([
        { fromImage: "busybox", tag: "latest" },
        { fromImage: "ghcr.io/org/app", tag: "1.2", platform: "linux/arm64" },
        { fromImage: "app", tag: id },
      ]);
      const auth = engine.calls.map(({ headers }) => headers["x-registry-auth"]);
      expect(auth[0]).toBe("e30=");
      expect(decodeHeader(auth[1])).toEqual({
        username: "u",
        serveraddress: "ghcr.io",
      });
    });
  });

  test("credentials of the client, for the registry of the image", async () => {
    await using engine = await startFakeEngine(done);
    const credentials = { "docker.io": { username: "hub" }, "r.example:5": { username: "r" } };
    await using docker = new Docker({ host: engine.host, credentials });
    await docker.images.pull("app");
    await docker.images.pull("r.example:5/app");
    await docker.images.pull("r.example:5/app", { auth: {} });
    await docker.images.build({
      builder: "classic",
      context: "none",
      dockerfile: { text: "FROM a\n" },
      auth: { "https://index.docker.io/v1/": { username: "given" }, "o.example": { username: "o" } },
    });
    const [hub, other, nobody, build] = engine.calls.map(({ headers }) =>
      decodeHeader(headers["x-registry-auth"] ?? headers["x-registry-config"]),
    );
    expect(hub).toMatchObject({ username: "hub" });
    expect(other).toMatchObject({ username: "r" });
    expect(nobody).not.toHaveProperty("username");
    expect(build).toMatchObject({
      "https://index.docker.io/v1/": { username: "given" },
      "r.example:5": { username: "r" },
      "o.example": { username: "o" },
    });
  });

  test("build: every option in its place", async () => {
    await withFake(done, async (docker, engine) => {
      const image = await docker.images.build({
        builder: "classic",
        context: { files: { "sub/Dockerfile": "FROM a\n" } },
        dockerfile: "sub/Dockerfile",
        tags: ["app", "ghcr.io/org/app:1"],
        buildArgs: { A: "1", B: null },
        labels: { l: "=" },
        target: "t",
        platform: "linux/amd64",
        network: "none",
        extraHosts: { db: "10.0.0.1", six: "::1" },
        noCache: true,
        pull: false,
        cacheFrom: "a:1",
        shmSize: "1m",
        memory: 10_000_000,
        memorySwap: -1,
        cpuShares: 2,
        cpusetCpus: "0-1",
        cpusetMems: "0",
        cpuPeriod: 1000,
        cpuQuota: 500,
        ulimits: [{ name: "nofile", soft: 10, hard: 20 }],
        cgroupParent: "/x",
        securityOpt: ["no-new-privileges"],
        squash: true,
        output: "image",
      });
      expect(image.id).toBe(id);
      const [call] = engine.calls;
      expect(call?.headers).toMatchObject({
        "content-type": "application/x-tar",
        "x-registry-config": "e30=",
      });
      expect([...(call?.query ?? [])]).toEqual(
        expect.arrayContaining([
          ["t", "app"],
          ["t", "ghcr.io/org/app:1"],
        ]),
      );
      expect(Object.fromEntries(call?.query ?? [])).toEqual({
        t: "ghcr.io/org/app:1",
        version: "1",
        rm: "true",
        forcerm: "true",
        dockerfile: "sub/Dockerfile",
        buildargs: '{"A":"1","B":null}',
        labels: '{"l":"="}',
        target: "t",
        platform: "linux/amd64",
        networkmode: "none",
        extrahosts: "six:::1",
        nocache: "true",
        pull: "false",
        cachefrom: '["a:1"]',
        shmsize: "1048576",
        memory: "10000000",
        memswap: "-1",
        cpushares: "2",
        cpusetcpus: "0-1",
        cpusetmems: "0",
        cpuperiod: "1000",
        cpuquota: "500",
        ulimits: '[{"Name":"nofile","Soft":10,"Hard":20}]',
        cgroupparent: "/x",
        securityopt: '["no-new-privileges"]',
        squash: "true",
      });
    });
  });

  test("a remote context has no body", async () => {
    await withFake(done, async (docker, engine) => {
      await docker.images.build({ builder: "classic", context: { remote: "https://a.example/x.git#main" } });
      expect(engine.calls[0]?.query.get("remote")).toBe("https://a.example/x.git#main");
      expect(engine.calls[0]?.body).toHaveLength(0);
    });
  });

  test("import from a URL, from bytes, and from a stream that has a url of its own", async () => {
    await withFake(answer(lines({ status: id })), async (docker, engine) => {
      const stream = Object.assign(Readable.from([Buffer.from("c")]), { url: "/not/this" });
      expect((await docker.images.import({ url: "http://a.example/x.tar" })).id).toBe(id);
      await docker.images.import(Buffer.from("b"), {
        reference: "x:1",
        changes: ["CMD a", "ENV b=c"],
        message: "m",
      });
      await docker.images.import(stream);
      expect(engine.calls.map(({ query, body }) => [query.get("fromSrc"), body?.toString()])).toEqual([
        ["http://a.example/x.tar", ""],
        ["-", "b"],
        ["-", "c"],
      ]);
      expect([...(engine.calls[1]?.query ?? [])]).toEqual([
        ["fromSrc", "-"],
        ["repo", "x"],
        ["tag", "1"],
        ["message", "m"],
        ["changes", "CMD a"],
        ["changes", "ENV b=c"],
      ]);
    });
  });

  test("push has the digest from the last line, with or without aux", async () => {
    const answers = [
      lines(
        { status: `1: digest: ${id} size: 735` },
        { progressDetail: {}, aux: { Tag: "1", Digest: id, Size: 735 } },
      ),
      // Engines with the containerd image store.
      lines({ status: `1: digest: ${id} size: 735` }),
    ];
    for (const text of answers) {
      await withFake(
        (exchange) => exchange.send(200, text),
        async (docker, engine) => {
          expect(await docker.images.get("localhost:5/a/b:1").push()).toEqual({
            reference: "localhost:5/a/b:1",
            tag: "1",
            digest: id,
            size: 735,
          });
          expect(engine.calls[0]?.path).toBe("/images/localhost%3A5/a/b/push");
          expect(engine.calls[0]?.headers["x-registry-auth"]).toBe("e30=");
        },
      );
    }
  });

  test("load names each image once, those without a name by id", async () => {
    const text = lines(
      { stream: "Loaded image: a:1\n" },
      { stream: `Loaded image ID: ${id}\n` },
      { stream: "Loaded image: a:1\nLoaded image: b:2\n" },
    );
    await withFake(
      async (exchange) => {
        await exchange.body();
        exchange.send(200, text);
      },
      async (docker) => {
        const images = await docker.images.load(Buffer.alloc(1));
        expect(images.map((image) => image.id)).toEqual(["a:1", id, "b:2"]);
      },
    );
  });

  test("lists, prunes and searches with filters", async () => {
    await withFake(
      (exchange) => exchange.json(200, []),
      async (docker, engine) => {
        await docker.images.list({ all: true, filters: { label: ["a", "b=c"], dangling: true } });
        await docker.images.prune({ all: true, filters: { until: "24h" } });
        await docker.images.prune();
        await docker.images.pruneBuildCache({ all: true, reservedSpace: "1k" });
        await docker.images.search("nginx", { limit: 3, filters: { "is-official": true } });
        expect(
          engine.calls.map(({ path, query }) => `${path} ${JSON.stringify(Object.fromEntries(query))}`),
        ).toEqual([
          `/images/json {"all":"true","filters":"{\\"label\\":[\\"a\\",\\"b=c\\"],\\"dangling\\":[\\"true\\"]}"}`,
          `/images/prune {"filters":"{\\"dangling\\":[\\"false\\"],\\"until\\":[\\"24h\\"]}"}`,
          `/images/prune {"filters":"{}"}`,
          `/build/prune {"all":"true","reserved-space":"1024"}`,
          `/images/search {"term":"nginx","limit":"3","filters":"{\\"is-official\\":[\\"true\\"]}"}`,
        ]);
      },
    );
  });
});

describe("bad input sends nothing", () => {
  test.each<[string, (docker: Docker) => unknown]>([
    ["tags", (docker) => docker.images.build({ context: "none", tags: "Bad Tag" })],
    ["tags", (docker) => docker.images.build({ context: "none", tags: [`a@${id}`] })],
    ["platform", (docker) => docker.images.build({ context: "none", platform: "../x" })],
    ["noCache", (docker) => docker.images.build({ context: "none", noCache: "" })],
    ["noCache", (docker) => docker.images.build({ context: "none", noCache: ["a", ""] })],
    ["memory", (docker) => docker.images.build({ context: "none", memory: "much" })],
    ["reference", (docker) => docker.images.pull("")],
    ["reference", (docker) => docker.images.pull("../images/x")],
    ["reference", (docker) => docker.images.pull(id)],
    ["reference", (docker) => docker.images.push(`a@${id}`)],
    ["reference", (docker) => docker.images.get(id).push()],
    ["reference", (docker) => docker.images.get("a").tag("B")],
    ["reference", (docker) => docker.images.import(Buffer.alloc(0), { reference: "B" })],
    ["images", (docker) => docker.images.save([])],
    ["name", (docker) => docker.images.get("").inspect()],
    ["name", (docker) => docker.images.get("..").remove()],
    ["name", (docker) => docker.images.get("../containers/x").remove()],
    ["name", (docker) => docker.images.get("a//b").history()],
  ])("%s: %s", async (argument, call) => {
    await withFake(
      () => expect.unreachable("nothing may be sent"),
      async (docker, engine) => {
        const failed = (async () => await call(docker))();
        await expect(failed).rejects.toThrow(`"${argument}"`);
        await expect(failed).rejects.toSatisfy(
          (error) => error instanceof TypeError || error instanceof RangeError,
        );
        expect(engine.requests).toEqual([]);
      },
    );
  });

  test("names that look like parts of a URL stay one name", async () => {
    await withFake(
      (exchange) => exchange.json(200, {}),
      async (docker, engine) => {
        await docker.images.get("a?b#c%2e\r\n:1").inspect();
        expect(engine.calls[0]?.path).toBe("/images/a%3Fb%23c%252e%0D%0A%3A1/json");
      },
    );
  });
});

describe("a refused build", () => {
  test.each([
    ["dockerfile parse error line 3: unknown instruction: FORM", 400, 3],
    ["dockerfile parse error on line 12: unknown instruction: FORM (did you mean FROM?)", 400, 12],
    ["failed to parse Dockerfile: file with no instructions", 400, undefined],
    ["the Dockerfile (Dockerfile) cannot be empty", 400, undefined],
    ["no build stage in current context", 400, undefined],
    ["failed to reach build target x in Dockerfile", 400, undefined],
    ['target stage "x" could not be found', 400, undefined],
    ["Cannot locate specified Dockerfile: x", 500, undefined],
  ])("%s", async (message, status, line) => {
    await withFake(
      async (exchange) => {
        await exchange.body();
        exchange.refuse(status, message);
      },
      async (docker) => {
        const error: unknown = await docker.images
          .build({ builder: "classic", context: { files: { Dockerfile: "x" } } })
          .catch((e) => e);
        expect(error).toBeInstanceOf(BuildError);
        expect(error).toMatchObject({ message, line, exitCode: undefined, cause: { status } });
      },
    );
  });

  test("for another reason is no BuildError", async () => {
    await withFake(
      async (exchange) => {
        await exchange.body();
        exchange.refuse(400, "error reading build args: invalid character");
      },
      async (docker) => {
        await expect(
          docker.images.build({ builder: "classic", context: { files: { Dockerfile: "x" } } }),
        ).rejects.toThrow(InvalidRequestError);
      },
    );
  });

  test("while a large context is in flight: the engine's answer, and the context is let go", async () => {
    let left = false;
    let closed: Promise<void> | undefined;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          yield new Uint8Array(64 * 1024);
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        left = true;
      }
    }
    await withFake(
      async (exchange) => {
        await once(exchange.incoming, "data");
        // Not the connection's end: an engine lets the client read before it closes.
        const body = '{"message":"dockerfile parse error line 1: unknown instruction: FORM"}';
        exchange.socket.write(`HTTP/1.1 400 Bad Request\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
        closed = exchange.closed;
      },
      async (docker) => {
        const error = await rejection(
          docker.images.build({ builder: "classic", context: { tar: endless() } }),
        );
        expect(error).toBeInstanceOf(BuildError);
        expect(error).toMatchObject({ line: 1 });
        await closed;
        expect(left).toBe(true);
      },
    );
  });

  test("by closing the connection: EngineGoneError that speaks of the upload", async () => {
    await withFake(
      async (exchange) => {
        await once(exchange.incoming, "data");
        exchange.socket.destroy();
      },
      async (docker) => {
        const body = Readable.from(
          (function* () {
            for (let i = 0; i < 10_000; i++) yield new Uint8Array(64 * 1024);
          })(),
        );
        const error = await rejection(docker.images.load(body));
        expect(error).toBeInstanceOf(EngineGoneError);
        expect(String(error)).toContain("during the upload");
      },
    );
  });
});

describe("a context that fails while it is sent", () => {
  test("its own error is thrown, and the engine gets no whole tar", async () => {
    const reason = new Error("disk on fire");
    let closed: Promise<void> | undefined;
    await withFake(
      async (exchange) => {
        closed = exchange.closed;
        await exchange.body().catch(() => undefined);
      },
      async (docker, engine) => {
        const tar = (async function* () {
          yield new Uint8Array(1024);
          throw reason;
        })();
        await expect(docker.images.load(tar)).rejects.toBe(reason);
        await closed;
        expect(engine.calls[0]?.body).toBeUndefined();
      },
    );
  });
});
