import { randomBytes } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { ConfigError, Docker, UnsupportedError, type BuildEvent, type BuildOptions } from "docker-engine-sdk";
import { containerdArgs } from "test-support/engine/versions";
import { startEngine, type PrivateEngine } from "test-support/engine";
import { engine, label } from "test-support/engine-under-test";
import { tempDir } from "test-support/temp-dir";
import { rejection } from "test-support/rejection";

const unique = (): string => randomBytes(8).toString("hex");
const step = (mark: string): string => `RUN echo expensive ${mark} > /work`;

interface Outcome {
  readonly cached: readonly string[];
  readonly completed: readonly string[];
  readonly warnings: readonly string[];
}

async function build(docker: Docker, options: BuildOptions): Promise<Outcome> {
  const operation = docker.images.build(options);
  const events: BuildEvent[] = [];
  for await (const event of operation) events.push(event);
  await operation;
  const steps = (state: string): string[] =>
    events.flatMap((event) => (event.type === "step" && event.state === state ? [event.step.name] : []));
  return {
    cached: steps("cached"),
    completed: steps("completed"),
    warnings: events.flatMap((event) => (event.type === "warning" ? [event.message] : [])),
  };
}

/** Takes from the engine all that a build could reuse. */
async function forget(docker: Docker, own: PrivateEngine): Promise<void> {
  for (const { RepoTags, Id } of await docker.images.list({ all: true })) {
    if (RepoTags?.includes(own.image) === true) continue;
    await docker.images.get(Id).remove({ force: true });
  }
  await docker.buildkit.prune({ all: true });
}

const options = (own: PrivateEngine, mark: string): BuildOptions => ({
  context: "none",
  dockerfile: {
    text: `FROM ${own.image} AS first\n${step(mark)}\nFROM ${own.image}\nCOPY --from=first /work /work\n`,
  },
});

test("a cache in a folder, in a registry and in the image serve an engine that knows nothing", async () => {
  await using own = await engine.startPrivate();
  await using docker = new Docker({ host: own.host, credentials: {} });
  await using folder = await tempDir();

  const image = `${own.registry}/inline-${unique()}:1`;
  const mark = unique();
  const text = `FROM ${own.image}\n${step(mark)}\n`;
  const inline = { context: "none", dockerfile: { text }, tags: image } as const;
  await build(docker, { ...inline, cacheTo: "inline" });
  await docker.images.push(image);
  await forget(docker, own);
  const entry = { type: "registry", attrs: { ref: image } };
  expect((await build(docker, { ...inline, cacheFrom: entry })).cached).toContain(step(mark));
  await forget(docker, own);
  expect((await build(docker, { ...inline, cacheFrom: image })).cached).toContain(step(mark));

  const ref = `${own.registry}/cache-${unique()}:1`;
  const places = [
    [
      { type: "registry", attrs: { ref, mode: "max" } },
      { type: "registry", attrs: { ref } },
    ],
    [
      { type: "local", attrs: { dest: folder.join("cache"), mode: "max" } },
      { type: "local", attrs: { src: folder.join("cache") } },
    ],
  ] as const;
  for (const [cacheTo, cacheFrom] of places) {
    await forget(docker, own);
    const one = options(own, unique());
    if (!engine.hasContainerdStore) {
      expect(await rejection(build(docker, { ...one, cacheTo }))).toBeInstanceOf(UnsupportedError);
      continue;
    }
    const first = await build(docker, { ...one, cacheTo });
    const run = /RUN .*/.exec(JSON.stringify(one))?.[0].split("\\n")[0] ?? "";
    expect(first.cached).not.toContain(run);
    await forget(docker, own);
    expect((await build(docker, { ...one, cacheFrom })).cached).toContain(run);
    await forget(docker, own);
    expect((await build(docker, one)).cached).not.toContain(run);
  }
});

test("a folder that another engine has left is taken where the engine can", async () => {
  await using maker = await startEngine({ version: "28.5.2", daemonArgs: containerdArgs });
  await using folder = await tempDir();
  // Keys are made of contents here: what an engine says of its base images depends on its store.
  const context = { files: { Dockerfile: "FROM scratch\nCOPY a /a\nCOPY b /b\n", a: unique(), b: unique() } };
  await using making = new Docker({ host: maker.host, credentials: {} });
  await build(making, { context, cacheTo: { type: "local", attrs: { dest: folder.path, mode: "max" } } });
  await using own = await engine.startPrivate();
  await using docker = new Docker({ host: own.host, credentials: {} });
  const cacheFrom = { type: "local", attrs: { src: folder.path } };
  const { cached, completed } = await build(docker, { context, cacheFrom });
  expect(completed).toContainEqual(expect.stringMatching(/^importing cache manifest from local/));
  // Engines before 23 compute other keys.
  expect(cached).toEqual(engine.version.startsWith("20.") ? [] : ["COPY a /a", "COPY b /b"]);
});

test("a folder without a cache is no fault; one that is damaged is, and so is none at all", async () => {
  await using folder = await tempDir();
  const docker = new Docker({ host: engine.host, credentials: {} });
  const from = (attrs: Record<string, string>): Promise<Outcome> =>
    build(docker, {
      context: { files: { Dockerfile: "FROM scratch\nCOPY Dockerfile /\n" } },
      cacheFrom: { type: "local", attrs },
      labels: { [label]: "buildkit-cache" },
    });
  const nothing = await from({ src: folder.join("nope") });
  expect(nothing.warnings).toEqual([`There is no cache "latest" in ${folder.join("nope")}.`]);
  await writeFile(folder.join("index.json"), '{"manifests": [');
  const damaged = await rejection(from({ src: folder.path }));
  expect(damaged).toBeInstanceOf(ConfigError);
  expect(damaged).toMatchObject({ path: folder.path });
  expect(await rejection(from({}))).toBeInstanceOf(TypeError);
});

test("an image or cache that is not there is no fault, and is not blamed for one", async () => {
  const docker = new Docker({ host: engine.host, credentials: {} });
  const name = `${engine.registry}/nope-${unique()}:1`;
  for (const cacheFrom of [name, [{ type: "registry", attrs: { ref: name } }]]) {
    const step = `RUN echo ${unique()}; exit 6`;
    const build = docker.images.build({
      context: "none",
      dockerfile: { text: `FROM ${engine.image}\n${step}\n` },
      builder: "buildkit",
      cacheFrom,
    });
    expect(await rejection(build)).toMatchObject({ code: "BUILD_FAILED", step, exitCode: 6 });
  }
});

test.runIf(engine.hasContainerdStore)("caches have names; the layout is that of OCI", async () => {
  await using own = await engine.startPrivate();
  await using docker = new Docker({ host: own.host, credentials: {} });
  await using folder = await tempDir();
  const dest = folder.path;
  const context = (a: string): BuildOptions["context"] => ({
    files: { Dockerfile: "FROM scratch\nCOPY a /a\n", a },
  });
  const [one, two] = [unique(), unique()];
  for (const [tag, a] of [
    ["one", one],
    ["two", two],
    ["one", one],
  ] as const) {
    await build(docker, {
      context: context(a),

      cacheTo: ["inline", { type: "local", attrs: { dest, tag } }],
    });
  }
  const index = JSON.parse(await readFile(folder.join("index.json"), "utf8")) as { manifests: object[] };
  expect(index.manifests).toHaveLength(2);
  expect(JSON.parse(await readFile(folder.join("oci-layout"), "utf8"))).toEqual({
    imageLayoutVersion: "1.0.0",
  });
  expect((await readdir(folder.path)).toSorted()).toEqual(["blobs", "index.json", "ingest", "oci-layout"]);
  await forget(docker, own);
  const importing = (tag: string, a: string): Promise<Outcome> =>
    build(docker, { context: context(a), cacheFrom: { type: "local", attrs: { src: dest, tag } } });
  expect((await importing("two", one)).cached).toEqual([]);
  await forget(docker, own);
  expect((await importing("two", two)).cached).toEqual(["COPY a /a"]);
  expect((await importing("nope", two)).warnings).toEqual([expect.stringContaining('no cache "nope"')]);
});
