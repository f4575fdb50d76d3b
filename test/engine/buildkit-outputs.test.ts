import { randomBytes, randomInt } from "node:crypto";
import { lstat, mkdir, readFile, readdir, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack as tarPack } from "tar-stream";
import { describe, expect, test } from "vitest";
import { BuildError, Docker, UnsupportedError, type BuildEvent, type SolveExporter } from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { removedAfter } from "test-support/removed-after";
import { tarEntries } from "test-support/tar-entries";
import { tempDir } from "test-support/temp-dir";
import { rejection } from "test-support/rejection";

const docker = new Docker({ host: engine.host, credentials: {} });
const labels = { [label]: "buildkit-outputs" };
const from = `FROM ${engine.image}\n`;
const unique = (): string => randomBytes(8).toString("hex");
const api = Number(engine.apiVersion.split(".")[1]);

/** A tar of these files. */
function pack(files: Readonly<Record<string, string | Buffer>>): Readable {
  const tar = tarPack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
  tar.finalize();
  return Readable.from(tar);
}

async function eventsOf(operation: AsyncIterable<BuildEvent>): Promise<BuildEvent[]> {
  const events: BuildEvent[] = [];
  for await (const event of operation) events.push(event);
  return events;
}

const files = `${from.replace("\n", " AS b\n")}RUN mkdir -p /o/sub /o/dir && echo hi > /o/sub/f && chmod 4750 /o/sub/f \\
 && ln -s sub/f /o/link && ln /o/sub/f /o/hard && mkdir -m 500 /o/closed && echo x > /o/closed/y \\
 && ln -s /etc /o/elsewhere && dd if=/dev/zero of=/o/big bs=1M count=9 2>/dev/null && touch -d '2001-02-03' /o/dir
FROM scratch
COPY --from=b /o /
`;

describe.concurrent("the result of a build goes", () => {
  test("to a folder, and nowhere outside of it", async () => {
    await using folder = await tempDir();
    const local = folder.join("out");
    await mkdir(folder.join("victim"));
    await mkdir(local);
    await writeFile(folder.join("out/kept"), "kept");
    // What is in the way gives way, and nothing is written through it.
    await symlink("../victim", folder.join("out/sub"));
    const result = await docker.images.build({
      context: "none",
      dockerfile: { text: files },
      output: { local },
    });
    expect(result).toBeUndefined();
    expect((await readdir(local)).sort()).toEqual(
      ["big", "closed", "dir", "elsewhere", "hard", "kept", "link", "sub"].sort(),
    );
    expect(await readdir(folder.join("victim"))).toEqual([]);
    expect(await readFile(`${local}/sub/f`, "utf8")).toBe("hi\n");
    expect((await stat(`${local}/sub/f`)).mode & 0o7777).toBe(0o4750);
    expect((await stat(`${local}/hard`)).ino).toBe((await stat(`${local}/sub/f`)).ino);
    expect(await readlink(`${local}/link`)).toBe("sub/f");
    expect((await lstat(`${local}/elsewhere`)).isSymbolicLink()).toBe(true);
    expect((await stat(`${local}/closed`)).mode & 0o777).toBe(0o500);
    expect((await stat(`${local}/big`)).size).toBe(9 * 1024 * 1024);
  });

  test("to a tar, by path and by stream", async () => {
    await using folder = await tempDir();
    const build = async (tar: string | PassThrough): Promise<void> => {
      await docker.images.build({ context: "none", dockerfile: { text: files }, output: { tar } });
    };
    await build(folder.join("out.tar"));
    const entries = await tarEntries(await readFile(folder.join("out.tar")));
    expect(entries.find(({ name }) => name === "sub/f")).toMatchObject({ mode: 0o4750 });
    const stream = new PassThrough();
    const [bytes] = await Promise.all([buffer(stream), build(stream)]);
    expect((await tarEntries(bytes)).map(({ name }) => name)).toEqual(entries.map(({ name }) => name));
    const nowhere = folder.join("no/such/folder.tar");
    expect(await rejection(build(nowhere))).toMatchObject({ code: "ENOENT" });
  });

  test("nowhere: only into the cache", async () => {
    const before = (await docker.images.list({ all: true })).length;
    const mark = unique();
    const build = (): Promise<BuildEvent[]> =>
      eventsOf(
        docker.images.build({
          context: "none",
          dockerfile: { text: `${from}RUN echo ${mark}\n` },
          output: "none",
        }),
      );
    const events = await build();
    expect(events.some((event) => event.type === "log" && event.text.includes(mark))).toBe(true);
    expect(events.some(({ type }) => type === "image")).toBe(false);
    expect(before).toBeGreaterThan(0);
  });
});

describe.concurrent("through BuildKit's own API", () => {
  test("an image with names, arguments, labels, hosts and one stage built anew", async () => {
    const name = `outputs-${unique()}`;
    const text = `${from.replace("\n", " AS one\n")}RUN cat /proc/sys/kernel/random/uuid > /uuid
FROM one AS two
ARG WHO
RUN echo $WHO > /who; cat /etc/hosts > /hosts-seen
FROM two
RUN false
`;
    const build = () =>
      docker.images.build({
        context: "none",
        dockerfile: { text },
        target: "two",
        noCache: "one",
        buildArgs: { WHO: "me" },
        labels,
        extraHosts: { "db.example": "10.1.2.3" },
        tags: [`${name}:1`, `${name}:2`],
      });
    await using first = removedAfter(await build());
    await using second = removedAfter(await build());
    expect(second.id).not.toBe(first.id);
    const { RepoTags, Config } = await second.inspect();
    expect(RepoTags?.toSorted()).toEqual([`${name}:1`, `${name}:2`]);
    expect(Config?.Labels).toMatchObject(labels);
    const { stdout } = await docker.containers.run({
      image: second.id,
      command: ["cat", "/who", "/hosts-seen"],
      labels,
    });
    expect(stdout).toContain("me\n");
    expect(stdout).toContain("10.1.2.3\tdb.example");
  });

  test("named contexts", async () => {
    await using folder = await tempDir();
    await writeFile(folder.join("file"), "from a named context");
    const build = docker.images.build({
      context: "none",
      dockerfile: { text: "FROM base\nCOPY --from=extra file /file\n" },
      contexts: { extra: folder.path, base: `docker-image://${engine.image}` },
      labels,
    });
    if (api < 42) {
      expect(await rejection(build)).toBeInstanceOf(UnsupportedError);
      return;
    }
    await using image = removedAfter(await build);
    const { stdout } = await docker.containers.run({ image: image.id, command: ["cat", "/file"], labels });
    expect(stdout).toBe("from a named context");
  });

  test("a failed step: its code and, where the engine tells, its line", async () => {
    const dockerfile = { text: `${from}\nRUN echo out; exit 9\n` };
    const error = await rejection(docker.images.build({ context: "none", dockerfile, output: "none" }));
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({
      step: "RUN echo out; exit 9",
      exitCode: 9,
      log: "out\n",
      line: api < 42 ? undefined : 3,
    });
  });

  test("a failure that says too much for the connection does not hang", async () => {
    const comments = Array.from({ length: 9000 }, () => `# ${randomBytes(6).toString("hex")}`).join("\n");
    const dockerfile = { text: `${comments}\n${from}RUN exit 5\n` };
    const error = await rejection(docker.images.build({ context: "none", dockerfile, output: "none" }));
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({ step: "RUN exit 5", exitCode: 5 });
  });

  test("an inline cache is in the image", async () => {
    const name = `${engine.registry}/outputs-${unique()}:1`;
    const image = await docker.images.build({
      context: "none",
      dockerfile: { text: `${from}RUN echo ${unique()} > /x\n` },
      cacheTo: "inline",
      tags: name,
      labels,
    });
    await using cleaned = removedAfter(image);
    expect(cleaned.id).toMatch(/^sha256:/);
    await docker.images.push(name);
    const again = docker.images.build({
      context: "none",
      dockerfile: { text: `${from}RUN true\n` },
      cacheFrom: { type: "registry", attrs: { ref: name } },
      labels,
    });
    await using cached = removedAfter(await again);
    expect(cached.id).toMatch(/^sha256:/);
  });
});

describe.concurrent("docker.buildkit", () => {
  test("workers, cache and builds", async () => {
    const [worker] = await docker.buildkit.listWorkers();
    expect(worker?.platforms).toContain("linux/amd64");
    const mark = unique();
    const { ref, response } = await docker.buildkit.solve({
      context: "none",
      dockerfile: { text: `${from}RUN echo ${mark}\n` },
      attributes: { [`label:${label}`]: "buildkit-outputs" },
      exporters: [{ type: "moby", attrs: { name: `docker.io/library/outputs-${mark}:1` } }],
    });
    await using image = removedAfter(docker.images.get(response["image.name"] ?? `outputs-${mark}:1`));
    expect((await image.inspect()).Id).toBe(response["containerimage.digest"]);
    const usage = await docker.buildkit.diskUsage();
    expect(usage.some(({ description, size }) => description.includes(mark) && size >= 0)).toBe(true);
    const history = docker.buildkit.history();
    if (api < 42) {
      expect(await rejection(history)).toBeInstanceOf(UnsupportedError);
    } else {
      const record = (await history).find((one) => one.ref === ref);
      expect(record?.completedAt?.getTime()).toBeGreaterThan(0);
      expect(record?.totalSteps).toBeGreaterThan(0);
    }
  });

  test("a faulty Dockerfile", async () => {
    const dockerfile = { text: `${from}FORM x\n` };
    const asking = docker.buildkit.targets({ context: "none", dockerfile });
    expect(await rejection(asking)).toMatchObject(api < 42 ? {} : { code: "BUILD_FAILED", line: 2 });
  });

  test("an exporter that is not there is said to be so at once", async () => {
    const solving = docker.buildkit.solve({
      context: "none",
      dockerfile: { text: from },
      exporters: [{ type: "nosuch" }],
    });
    await expect(solving).rejects.toThrow(/exporter "nosuch" could not be found/);
  });

  test("several exporters at a time, to this side too, where the engine can", async () => {
    await using folder = await tempDir();
    const mark = unique();
    const solve = (exporters: SolveExporter[]) =>
      docker.buildkit.solve({
        context: "none",
        dockerfile: { text: `${from}RUN echo ${mark} > /mark\nFROM scratch\nCOPY --from=0 /mark /\n` },
        attributes: { [`label:${label}`]: "buildkit-outputs" },
        exporters,
      });
    const name = `docker.io/library/outputs-${mark}:1`;
    const solving = solve([
      { type: "local", to: { local: folder.join("out") } },
      { type: "moby", attrs: { name } },
      { type: "tar", to: { tar: folder.join("out.tar") } },
    ]);
    if (api < 42) {
      expect(await rejection(solving)).toBeInstanceOf(UnsupportedError);
      await solve([{ type: "local", to: { local: folder.join("out") } }]);
    } else {
      await solving;
      await using image = removedAfter(docker.images.get(name));
      expect((await image.inspect()).Os).toBe("linux");
      expect((await tarEntries(await readFile(folder.join("out.tar")))).map((one) => one.name)).toEqual([
        "mark",
      ]);
    }
    expect(await readFile(folder.join("out/mark"), "utf8")).toBe(`${mark}\n`);

    const archived = solve([{ type: "oci", attrs: { name }, to: { tar: folder.join("oci.tar") } }]);
    if (engine.hasContainerdStore) {
      await archived;
      const names = (await tarEntries(await readFile(folder.join("oci.tar")))).map((one) => one.name);
      expect(names).toContain("oci-layout");
    } else {
      await expect(archived).rejects.toThrow(/exporter "oci" could not be found/);
    }
    for (const wrong of [
      { type: "local" },
      { type: "tar", to: { local: "." } },
      { type: "moby", to: { tar: "x" } },
    ]) {
      expect(await rejection(solve([wrong]))).toBeInstanceOf(TypeError);
    }
    const cacheExports = [{ type: "registry", attrs: { ref: `${engine.registry}/cache-${mark}` } }];
    const exporting = docker.buildkit.solve({ context: "none", dockerfile: { text: from }, cacheExports });
    if (engine.hasContainerdStore) await exporting;
    else expect(await rejection(exporting)).toBeInstanceOf(UnsupportedError);
  });

  test("prune removes what it says, on an engine of its own", async () => {
    await using own = await engine.startPrivate();
    const client = new Docker({ host: own.host, credentials: {} });
    await client.images.build({ context: "none", dockerfile: { text: `FROM ${own.image}\nRUN true\n` } });
    const removed = await client.buildkit.prune({ all: true });
    expect(removed.length).toBeGreaterThan(0);
    const left = await client.buildkit.diskUsage();
    expect(left.length).toBeLessThan(removed.length + left.length);
  });

  test("lint, outline and targets, where the engine has them", async () => {
    const text = `${from.replace("\n", " as Foo\n")}MAINTAINER x\nARG WHO=me\nRUN --mount=type=secret,id=s,required=true true\nFROM foo AS bar\n`;
    const asked = { context: "none", dockerfile: { text } } as const;
    const lint = docker.buildkit.lint(asked);
    if (engine.version.startsWith("28")) {
      const { warnings, error, text: words } = await lint;
      const rules = warnings.map(({ rule, ranges }) => [rule, ranges[0]?.start]);
      expect(rules).toContainEqual(["MaintainerDeprecated", 2]);
      expect(rules).toContainEqual(["FromAsCasing", 1]);
      expect(error).toBeUndefined();
      expect(words).toContain("MaintainerDeprecated");
      const broken = await docker.buildkit.lint({ context: "none", dockerfile: { text: "FORM x\n" } });
      expect(broken.error).toMatchObject({ ranges: [{ start: 1, end: 1 }] });
    } else {
      const error = await rejection(lint);
      expect(error).toBeInstanceOf(UnsupportedError);
      expect(error).toMatchObject({ needs: "Docker 27 (API 1.46)", has: `API ${await docker.apiVersion()}` });
      expect((error as UnsupportedError).message).toMatch(/Docker 27 .* docker\/dockerfile:1\.8 .* Upgrade/);
    }
    const targets = () => docker.buildkit.targets(asked);
    const outline = () => docker.buildkit.outline({ ...asked, target: "foo" });
    if (api < 42) {
      expect(await rejection(targets())).toBeInstanceOf(UnsupportedError);
      expect(await rejection(outline())).toBeInstanceOf(UnsupportedError);
      return;
    }
    expect((await targets()).targets).toMatchObject([{ name: "foo" }, { name: "bar", default: true }]);
    expect(await outline()).toMatchObject({
      args: [{ name: "WHO", value: "me" }],
      secrets: [{ name: "s", required: true }],
    });
  });
});

describe.concurrent("a tar as the context goes through the session", () => {
  const tarOf = async (): Promise<Uint8Array> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of pack({
      Dockerfile: "FROM scratch\nCOPY . /\n",
      "sub/note": "in a tar",
    }))
      chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  const results = async (folder: string): Promise<unknown> => [
    (await readdir(folder)).toSorted(),
    await readFile(`${folder}/sub/note`, "utf8"),
  ];

  test("to a folder: as bytes, a path, a stream, compressed, with another Dockerfile", async () => {
    await using folder = await tempDir();
    const bytes = await tarOf();
    await writeFile(folder.join("context.tar"), bytes);
    const tars = [
      bytes,
      folder.join("context.tar"),
      Readable.from([bytes.subarray(0, 99), bytes.subarray(99)]),
      gzipSync(bytes),
    ];
    for (const [index, tar] of tars.entries()) {
      const local = folder.join(`out${index}`);
      await docker.images.build({ context: { tar }, output: { local } });
      expect(await results(local)).toEqual([["Dockerfile", "sub"], "in a tar"]);
    }
    const local = folder.join("other");
    // Nothing of it gets into the context.
    const dockerfile = { text: "FROM scratch\nCOPY . /all\nCOPY sub/note /copy\n" };
    await docker.images.build({ context: { tar: bytes }, dockerfile, output: { local } });
    expect((await readdir(local)).toSorted()).toEqual(["all", "copy"]);
    expect((await readdir(`${local}/all`)).toSorted()).toEqual(["Dockerfile", "sub"]);
    await writeFile(folder.join("other.Dockerfile"), `${from}COPY . /all\nRUN ls -A /all > /list\n`);
    const build = docker.images.build({
      context: { tar: bytes },
      dockerfile: folder.join("other.Dockerfile"),
      labels,
    });
    await using image = removedAfter(await build);
    const { stdout } = await docker.containers.run({ image: image.id, command: ["cat", "/list"], labels });
    expect(stdout).toBe("Dockerfile\nsub\n");
  });

  test("a URL as the context, with its Dockerfile and with another", async () => {
    await using folder = await tempDir();
    await writeFile(folder.join("context.tar"), await tarOf());
    const port = String(randomInt(30_000, 32_000));
    const server = engine.inNamespace("busybox", [
      "httpd",
      "-f",
      "-p",
      `127.0.0.1:${port}`,
      "-h",
      folder.path,
    ]);
    try {
      const context = { remote: `http://127.0.0.1:${port}/context.tar` };
      const build = (local: string, dockerfile?: { text: string }): PromiseLike<void> =>
        docker.images.build({ context, dockerfile, output: { local } });
      // It takes a moment to listen.
      for (let isThere = false; !isThere;)
        isThere = await build(folder.join("a")).then(
          () => true,
          () => false,
        );
      expect(await results(folder.join("a"))).toEqual([["Dockerfile", "sub"], "in a tar"]);
      await build(folder.join("b"), { text: "FROM scratch\nCOPY sub /\n" });
      expect(await readdir(folder.join("b"))).toEqual(["note"]);
    } finally {
      server.kill();
    }
  });

  test("a large one, in constant pieces", async () => {
    const big = randomBytes(20_000_000);
    const tar = pack({ Dockerfile: "FROM scratch\nCOPY big /big\n", big });
    await using folder = await tempDir();
    await docker.images.build({ context: { tar }, output: { local: folder.path } });
    expect((await readFile(folder.join("big"))).equals(big)).toBe(true);
  });

  test("with named contexts, stages built anew, solve and questions", async () => {
    const tar = await tarOf();
    await using folder = await tempDir();
    await docker.images.build({ context: { tar }, noCache: ["stage"], output: { local: folder.join("a") } });
    expect(await results(folder.join("a"))).toEqual([["Dockerfile", "sub"], "in a tar"]);
    const { response } = await docker.buildkit.solve({ context: { tar }, attributes: {} });
    expect(response).toBeTypeOf("object");
    if (api < 42) return;
    await writeFile(folder.join("extra"), "extra");
    const dockerfile = { text: "FROM scratch\nCOPY sub /sub\nCOPY --from=more extra /extra\n" };
    const contexts = { more: folder.path };
    await docker.images.build({
      context: { tar },
      dockerfile,
      contexts,
      output: { local: folder.join("b") },
    });
    expect((await readdir(folder.join("b"))).toSorted()).toEqual(["extra", "sub"]);
    const { targets } = await docker.buildkit.targets({ context: { tar } });
    expect(targets).toHaveLength(1);
  });

  test("what breaks while it is read is thrown; what is no tar and no text fails the build", async () => {
    const reason = new Error("the source broke");
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield (await tarOf()).subarray(0, 1000);
      throw reason;
    };
    const build = (tar: AsyncIterable<Uint8Array> | Uint8Array) =>
      docker.images.build({ context: { tar }, output: "none" });
    expect(await rejection(build(broken()))).toBe(reason);
    expect(await rejection(build(randomBytes(3000)))).toBeInstanceOf(BuildError);
  });
});
