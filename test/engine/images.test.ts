import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  ConflictError,
  Docker,
  InvalidRequestError,
  NotFoundError,
  ServerError,
  renderProgress,
  TransferError,
  type BuildOptions,
  type Image,
  type ProgressEvent,
} from "docker-engine-sdk";
import { engine, label } from "test-support/engine-under-test";
import { removedAfter } from "test-support/removed-after";
import { tempDir } from "test-support/temp-dir";
import { pack } from "tar-stream";
import { tarEntries } from "test-support/tar-entries";
import { rejection } from "test-support/rejection";

const docker = new Docker({ host: engine.host, credentials: {} });
const labels = { [label]: "images" };
const api = Number(engine.apiVersion.split(".")[1]);

let count = 0;
const newName = (): string => `images-${process.pid}-${count++}:1`;

/** An image nobody else has. */
async function built(options: Partial<BuildOptions> = {}): Promise<Image & AsyncDisposable> {
  const text = `FROM ${engine.image}\nRUN echo ${randomBytes(8).toString("hex")} > /unique\nENV A=b\n`;
  return removedAfter(
    // Its labels are in the history, and its layers in no cache.
    await docker.images.build({
      builder: "classic",
      context: "none",
      dockerfile: { text },
      labels,
      ...options,
    }),
  );
}

describe.concurrent("an image", () => {
  test("inspect tells configuration and layers", async () => {
    await using image = await built();
    const { Id, RootFS, Config, Size, Os } = await image.inspect();
    expect(Id).toBe(image.id);
    expect(RootFS.Layers).toHaveLength(2);
    expect(RootFS.Layers?.every((layer) => /^sha256:[0-9a-f]{64}$/.test(layer))).toBe(true);
    expect(Config?.Labels).toMatchObject(labels);
    expect(Config?.Env).toContain("A=b");
    expect(Size).toBeGreaterThan(1_000_000);
    expect(Os).toBe("linux");
  });

  test("history begins with the newest step", async () => {
    await using image = await built();
    const history = await image.history();
    expect(history[0]?.CreatedBy).toContain("LABEL");
    expect(history[1]?.CreatedBy).toContain("ENV A=b");
    expect(history[2]?.CreatedBy).toContain("/unique");
    expect(history[2]?.Size).toBeGreaterThan(0);
    expect(history.length).toBeGreaterThan(3);
  });

  test("lists it, by name and label", async () => {
    const name = newName();
    await using image = await built({ tags: name });
    const byName = await docker.images.list({ filters: { reference: name } });
    expect(byName.map(({ Id, RepoTags }) => [Id, RepoTags])).toEqual([[image.id, [name]]]);
    const byLabel = await docker.images.list({ filters: { label: `${label}=images` } });
    expect(byLabel.map(({ Id }) => Id)).toContain(image.id);
    expect(await docker.images.list({ filters: { reference: newName() } })).toEqual([]);
  });

  test("an unknown filter is refused in the engine's words", async () => {
    const error = await rejection(
      docker.images.list({
        // @ts-expect-error -- the API lists the names
        filters: { colour: "red" },
      }),
    );
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(String(error)).toMatch(/invalid filter.*colour/i);
  });

  test("a parameter that the engine is too old for is not sent", async () => {
    const outcome = await docker.images.list({ manifests: true }).then(
      () => "listed",
      (error: unknown) => String(error),
    );
    const tooOld = `UnsupportedError: ImageList parameter "manifests" needs API 1.47 or newer`;
    expect(outcome).toContain(api < 47 ? tooOld : "listed");
  });

  test("exists", async () => {
    await using image = await built();
    expect(await docker.images.exists(image)).toBe(true);
    expect(await docker.images.exists(engine.image)).toBe(true);
    expect(await docker.images.exists(newName())).toBe(false);
  });

  test("no such image, for every call that takes one", async () => {
    const name = newName();
    const image = docker.images.get(name);
    const calls: readonly (() => Promise<unknown>)[] = [
      () => image.inspect(),
      () => image.history(),
      () => image.tag(newName()),
      () => image.remove(),
      () => image.save(),
      () => docker.images.save([engine.image, name]),
    ];
    for (const call of calls) {
      const error = await rejection(call());
      expect(error).toBeInstanceOf(NotFoundError);
      expect(error).toMatchObject({ status: 404, what: "image" });
      expect(String(error)).toMatch(/no such image|does not exist/i);
    }
  });

  test("tag gives a second name, remove takes one away, the last deletes", async () => {
    const [first, second] = [newName(), newName()];
    await using image = await built({ tags: first });
    const tagged = await image.tag(second);
    expect((await tagged.inspect()).Id).toBe(image.id);
    expect((await image.inspect()).RepoTags?.toSorted()).toEqual([first, second].toSorted());
    expect(await docker.images.get(first).remove()).toEqual([{ Untagged: first }]);
    const removed = await tagged.remove();
    expect(removed).toContainEqual({ Untagged: second });
    expect(removed).toContainEqual({ Deleted: image.id });
    expect(await docker.images.exists(image)).toBe(false);
  });

  test("removing by id what has several names is a conflict, unless forced", async () => {
    await using image = await built({ tags: [newName(), newName()] });
    await expect(image.remove()).rejects.toThrow(ConflictError);
    await image.remove({ force: true });
    expect(await docker.images.exists(image)).toBe(false);
  });

  test("removing what a container uses is a conflict", async () => {
    await using image = await built();
    await using _ = removedAfter(await docker.containers.create({ Image: image.id, Labels: labels }));
    await expect(image.remove()).rejects.toThrow(ConflictError);
  });

  test("names reach no other endpoint", async () => {
    await using box = removedAfter(await docker.containers.create({ Image: engine.image, Labels: labels }));
    for (const name of [`../containers/${box.id}`, `x/../../containers/${box.id}`, "", "..", "."]) {
      await expect((async () => docker.images.get(name).remove({ force: true }))()).rejects.toThrow(
        TypeError,
      );
    }
    for (const name of [`..%2fcontainers%2f${box.id}`, `a?force=1`, "a#b", "a\r\nX-Injected: 1"]) {
      const error = await rejection(docker.images.get(name).inspect());
      expect(error).toMatchObject({ status: expect.toBeOneOf([400, 404, 500]) });
    }
    expect((await box.inspect()).Id).toBe(box.id);
  });
});

describe.concurrent("save and load", () => {
  test("an image saved by name comes back under it", async () => {
    const name = newName();
    await using image = await built({ tags: name });
    await using other = await built();
    const saved = await (await docker.images.save([name, other])).bytes();
    const manifest = (await tarEntries(saved)).find((entry) => entry.name === "manifest.json");
    const tags = (JSON.parse(String(manifest?.content)) as { RepoTags: string[] | null }[]).map(
      (one) => one.RepoTags,
    );
    expect(tags).toContainEqual([name]);
    expect(tags).toContainEqual(null);
    await image.remove({ force: true });
    await other.remove({ force: true });

    const operation = docker.images.load(saved);
    const events = [];
    for await (const event of operation) events.push(event);
    expect((await operation).map(({ id }) => id)).toContain(name);
    expect(events).toContainEqual({ type: "status", message: `Loaded image: ${name}` });
    expect((await docker.images.get(name).inspect()).Id).toBe(image.id);
    expect(await docker.images.exists(other)).toBe(true);
  });

  test("an image saved by id comes back without a name", async () => {
    await using image = await built({ tags: newName() });
    const saved = await (await image.save()).bytes();
    await image.remove({ force: true });
    // Engines save the unnamed parents of what they built, too.
    const loaded = await docker.images.load(saved);
    expect(loaded.map(({ id }) => id)).toContain(image.id);
    expect((await image.inspect()).RepoTags).toEqual([]);
  });

  test("through a file, compressed", async () => {
    await using folder = await tempDir();
    const name = newName();
    await using image = await built({ tags: name });
    const file = folder.join("image.tar");
    await pipeline((await image.save()).toReadable(), createWriteStream(file));
    await image.remove({ force: true });
    await docker.images.load(createReadStream(file));
    expect(await docker.images.exists(image)).toBe(true);
    await image.remove({ force: true });
    const bytes = await (await docker.images.save(engine.image)).bytes();
    const [loaded] = await docker.images.load(gzipSync(bytes, { level: 1 }));
    expect(loaded?.id).toMatch(/busybox:latest$/);
  });

  test("to a file, with progress; what fails or is left leaves what was there", async () => {
    await using folder = await tempDir();
    const file = folder.join("image.tar");
    const events: ProgressEvent[] = [];
    const operation = docker.images.get(engine.image).saveTo(file);
    for await (const event of operation) events.push(event);
    const { bytes } = await operation;
    expect((await operation).file).toBe(file);
    const saved = await readFile(file);
    expect(saved.length).toBe(bytes);
    expect((await tarEntries(saved)).map(({ name }) => name)).toContain("manifest.json");
    expect(events[0]).toMatchObject({ id: "image.tar", state: "Saving", current: 0 });
    expect(events.at(-1)).toMatchObject({ state: "Saved", current: bytes });
    expect(events.length).toBeGreaterThan(2);

    await expect(docker.images.saveTo("no-such:1", file)).rejects.toBeInstanceOf(NotFoundError);
    for await (const event of docker.images.saveTo(engine.image, file)) if (event.current) break;
    const reason = new Error("enough");
    const signal = AbortSignal.abort(reason);
    await expect(docker.images.saveTo(engine.image, file, { signal })).rejects.toBe(reason);
    expect((await readFile(file)).equals(saved)).toBe(true);
    expect(await readdir(folder.path)).toEqual(["image.tar"]);
    await expect(docker.images.saveTo(engine.image, folder.join("no/such"))).rejects.toThrow("ENOENT");

    let drawn = "";
    const output = new Writable({
      write(chunk, _, done) {
        drawn += String(chunk);
        done();
      },
    });
    await renderProgress(docker.images.saveTo([engine.image], file), output);
    expect(drawn).toBe("image.tar: Saving\nimage.tar: Saved\n");
  });

  test("from one stream to the other", async () => {
    const [loaded] = await docker.images.load(await docker.images.save(engine.image));
    expect((await loaded?.inspect())?.Id).toBe((await docker.images.get(engine.image).inspect()).Id);
  });

  test.each([
    ["garbage", async () => randomBytes(300_000)],
    ["a large body of garbage, refused while it is sent", async () => bigGarbage()],
    ["nothing", async () => Buffer.alloc(0)],
    ["a tar of something else", async () => oneFile("hello.txt", "hello")],
    ["a tar cut in the middle", async () => (await savedBusybox()).subarray(0, 100_000)],
    ["a tar cut near its end", async () => withoutEnd(await savedBusybox())],
  ])("load of %s raises", async (_, archive) => {
    const error = await rejection(docker.images.load(await archive()));
    expect(error).toBeInstanceOf(TransferError);
    expect(String(error)).toMatch(/./);
  });

  test("leaving a save early closes the connection", async () => {
    const stream = await docker.images.save(engine.image);
    for await (const chunk of stream) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect((await docker.images.get(engine.image).inspect()).Os).toBe("linux");
  });
});

describe.concurrent("import", () => {
  test("a tar of files becomes an image of one layer", async () => {
    const name = newName();
    const changes = ['CMD ["/hello.txt"]', `LABEL ${label}=images`];
    await using image = removedAfter(
      await docker.images.import(await oneFile("hello.txt", "hello"), {
        reference: name,
        message: "made",
        changes,
      }),
    );
    const { Id, Config, RootFS, Comment } = await docker.images.get(name).inspect();
    expect(Id).toBe(image.id);
    expect(Config?.Cmd).toEqual(["/hello.txt"]);
    expect(RootFS.Layers).toHaveLength(1);
    expect(Comment).toBe("made");
  });

  test("what a container exports runs again", async () => {
    await using box = removedAfter(await docker.containers.create({ Image: engine.image, Labels: labels }));
    const changes = [`LABEL ${label}=images`];
    await using image = removedAfter(await docker.images.import(await box.export(), { changes }));
    const { stdout } = await docker.containers.run({
      image: image.id,
      command: ["/bin/echo", "again"],
      labels,
    });
    expect(stdout).toBe("again\n");
  });

  test("garbage, an unreachable URL and a bad change raise", async () => {
    await expect(docker.images.import(randomBytes(100_000))).rejects.toThrow(ServerError);
    await expect(docker.images.import({ url: "http://127.0.0.1:1/x.tar" })).rejects.toThrow(
      /connection refused/,
    );
    const changes = ["FROM scratch"];
    await expect(docker.images.import(await oneFile("a", "b"), { changes })).rejects.toThrow(
      InvalidRequestError,
    );
  });
});

describe.concurrent("search and prune", () => {
  test("a search that cannot reach Docker Hub, or may not search so much, raises", async () => {
    await expect(docker.images.search("busybox", { limit: 1000 })).rejects.toMatchObject({
      operation: "ImageSearch",
    });
  });

  test("prune removes images without a name, or all that no container uses", async () => {
    await using alone = await engine.startPrivate();
    await using own = new Docker({ host: alone.host, credentials: {} });
    const text = `FROM ${alone.image}\nRUN true\n`;
    const dangling = await own.images.build({ context: "none", dockerfile: { text } });
    const named = await own.images.build({
      context: "none",
      dockerfile: { text: text.replace("true", "echo named") },
      labels: { a: "b" },
      tags: "named:1",
    });
    await using box = removedAfter(await own.containers.create({ Image: alone.image }));

    expect((await own.images.prune({ filters: { until: "1h" } })).ImagesDeleted).toBeNull();
    const { ImagesDeleted } = await own.images.prune();
    expect(ImagesDeleted).toContainEqual({ Deleted: dangling.id });
    expect(await own.images.exists(named)).toBe(true);
    await own.images.prune({ all: true, filters: { label: "a=c" } });
    expect(await own.images.exists(named)).toBe(true);
    await own.images.prune({ all: true });
    expect(await own.images.exists(named)).toBe(false);
    expect(await own.images.exists(alone.image)).toBe(true);
    expect((await box.inspect()).Config?.Image).toBe(alone.image);
    expect(await own.images.pruneBuildCache({ all: true })).toHaveProperty("SpaceReclaimed");
  });
});

async function oneFile(name: string, content: string): Promise<Uint8Array> {
  const tar = pack();
  tar.entry({ name }, content);
  tar.finalize();
  const parts: Uint8Array[] = [];
  for await (const part of tar as AsyncIterable<Uint8Array>) parts.push(part);
  return Buffer.concat(parts);
}

async function savedBusybox(): Promise<Uint8Array> {
  return await (await docker.images.save(engine.image)).bytes();
}

/** The two blocks of zeros and some of what comes before. */
function withoutEnd(tar: Uint8Array): Uint8Array {
  return tar.subarray(0, tar.length - 3000);
}

async function* bigGarbage(): AsyncGenerator<Uint8Array> {
  const piece = randomBytes(64 * 1024);
  for (let sent = 0; sent < 200 * 1024 * 1024; sent += piece.length) yield piece;
}
