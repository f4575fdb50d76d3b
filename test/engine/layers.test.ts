import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Docker, NotFoundError, type Image, type ImageContents, type ImageFile } from "docker-engine-sdk";
import type { PrivateEngine } from "test-support/engine";
import { engine, label } from "test-support/engine-under-test";
import { defaultRelease } from "test-support/engine/versions";
import { removedAfter } from "test-support/removed-after";
import { tarEntries } from "test-support/tar-entries";
import { randomDockerfile } from "./layers-random.ts";

const docker = new Docker({ host: engine.host, credentials: {} });
const [major = 0] = engine.version.split(".").map(Number);
/** Random ones for each store: most on one engine, and some on the others, which save in another way. */
const images = engine.version === defaultRelease ? 14 : 6;

interface Found {
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly linkTarget: string | undefined;
  readonly digest: string | undefined;
  /** All names of the same file. */
  readonly names: string;
}

/** What the engine itself puts into a container. */
const ofTheEngine = /^\/(?:\.dockerenv|dev(?:\/.*)?|etc\/(?:hosts|hostname|resolv\.conf|mtab)|proc|sys)$/;

function withNames(
  entries: readonly (Omit<Found, "names"> & { path: string; first: string })[],
): Record<string, Found> {
  const names = new Map<string, string[]>();
  for (const { path, first } of entries) names.set(first, [...(names.get(first) ?? []), path]);
  return Object.fromEntries(
    entries
      .filter(({ path }) => !ofTheEngine.test(path))
      .map(({ path, first, ...rest }) => [
        path,
        { ...rest, names: (names.get(first) ?? []).sort().join("\n") },
      ]),
  );
}

/** The file system of a container, as the engine exports it. */
async function exported(client: Docker, image: Image): Promise<Record<string, Found>> {
  const container = await client.containers.create({
    Image: image.id,
    Labels: { [label]: "layers" },
    Cmd: ["true"],
  });
  await using _ = removedAfter(container);
  const tar = await (await container.export()).bytes();
  const files = new Map<string, Parameters<typeof withNames>[0][number]>();
  for (const { name, type, mode = 0, uid = 0, gid = 0, linkname, content, pax } of await tarEntries(tar)) {
    // The types say it is an object without keys.
    const records = (pax ?? {}) as Readonly<Record<string, string | undefined>>;
    // The reader of the tests takes header fields for latin1.
    const utf8 = (text: string): string =>
      records["path"] === text || records["linkpath"] === text
        ? text
        : Buffer.from(text, "latin1").toString("utf8");
    const path = posix.resolve("/", utf8(name));
    if (path === "/") continue;
    const target = linkname === null || linkname === undefined ? undefined : utf8(linkname);
    const same = type === "link" ? files.get(posix.resolve("/", target ?? "")) : undefined;
    const isFile = type === "file";
    files.set(
      path,
      same !== undefined
        ? { ...same, path }
        : {
            path,
            first: path,
            type: type ?? "",
            mode: mode & 0o7777,
            uid: Number(records["uid"] ?? uid),
            gid: Number(records["gid"] ?? gid),
            size: content.length,
            linkTarget: type === "symlink" ? target : undefined,
            digest: isFile ? `sha256:${createHash("sha256").update(content).digest("hex")}` : undefined,
          },
    );
  }
  return withNames([...files.values()]);
}

function seen(files: ReadonlyMap<string, ImageFile>): Record<string, Found> {
  return withNames(
    [...files.values()].map(({ path, type, mode, uid, gid, size, linkTarget, digest, hardLinkTo }) => ({
      path,
      first: hardLinkTo ?? path,
      type,
      mode,
      uid,
      gid,
      size,
      linkTarget,
      digest,
    })),
  );
}

/** What must hold between the lists of changes, the union and the waste. */
function expectConsistent({ layers, files, waste }: ImageContents): void {
  const paths = new Set<string>();
  for (const { added, changed, deleted } of layers) {
    for (const path of deleted) expect(paths.delete(path), `${path} was there`).toBe(true);
    for (const { path } of changed) expect(paths.has(path), `${path} was there`).toBe(true);
    for (const { path } of added) expect(paths.has(path), `${path} was not there`).toBe(false);
    for (const { path } of added) paths.add(path);
  }
  expect([...paths].sort()).toEqual([...files.keys()].sort());
  const stored = layers.reduce((sum, { size }) => sum + size, 0);
  const shown = [...files.values()].reduce(
    (sum, { size, hardLinkTo }) => sum + (hardLinkTo === undefined ? size : 0),
    0,
  );
  expect(stored - shown).toBe(waste.bytes);
  expect(waste.ownBytes + waste.baseBytes).toBe(waste.bytes);
}

async function build(client: Docker, image: string, seed: number): Promise<Image> {
  // They lay out layers and write history each in its way.
  const builder = seed % 5 === 0 ? "buildkit" : "classic";
  const text = randomDockerfile(image, label, seed);
  return await client.images.build({
    context: "none",
    dockerfile: { text },
    builder,
    // Images of other tests must not share parents with these: who removes theirs would remove them, too.
    noCache: true,
    tags: `layers-${process.pid}:${seed}`,
  });
}

async function check(image: Image, { layers, files, waste }: ImageContents): Promise<void> {
  expectConsistent({ layers, files, waste });
  expect(layers.map(({ digest }) => digest)).toEqual((await image.inspect()).RootFS.Layers);
  expect(waste.baseLayers).toBe(1);
  const instructions = layers.slice(1).map(({ instruction = "" }) => instruction);
  expect(instructions.every((instruction) => instruction.startsWith("RUN "))).toBe(true);
}

const seeds = Array.from({ length: images }, (_, index) => index + 1);

describe.concurrent("an image of random layers is what its container sees", () => {
  test.each(seeds)("seed %i", async (seed) => {
    await using image = removedAfter(await build(docker, engine.image, seed));
    const contents = await image.contents({ base: engine.image });
    expect(seen(contents.files)).toEqual(await exported(docker, image));
    await check(image, contents);
  });

  // It stores layers compressed and saves them in OCI's layout only.
  describe.runIf(major >= 28)("with the containerd image store", () => {
    let alone: PrivateEngine;
    let client: Docker;
    beforeAll(async () => {
      alone = await engine.startPrivate({ daemonArgs: ["--feature=containerd-snapshotter=true"] });
      client = new Docker({ host: alone.host, credentials: {} });
    });
    afterAll(async () => {
      await client.close();
      await alone.remove();
    });

    test.each(["gzip", "zstd", "uncompressed"])("stored as %s", async (compression) => {
      const name = `docker.io/library/layers-${compression}:1`;
      const text = `FROM ${alone.image}\nRUN seq 100000 > /numbers; ln /numbers /again\nRUN rm /numbers; mkdir /d\n`;
      const attrs = { name, compression, "force-compression": "true", push: "false", unpack: "true" };
      const context = { files: { Dockerfile: text } };
      await client.buildkit.solve({ context, exporters: [{ type: "moby", attrs }] });
      const image = client.images.get(name);

      // What the engine saves is OCI's layout, with layers of this kind and no other.
      const types = new Set<string>();
      const kinds: Readonly<Record<string, string>> = { "1f8b": "gzip", "28b5": "zstd" };
      for (const { name, content } of await tarEntries(await (await image.save()).bytes())) {
        if (!/^blobs\/.*[0-9a-f]$/.test(name) || /^\s*\{/.test(content.toString("latin1", 0, 8))) continue;
        types.add(kinds[content.toString("hex", 0, 2)] ?? "uncompressed");
      }
      expect(types).toEqual(new Set([compression]));

      const contents = await image.contents({ base: alone.image });
      expect(seen(contents.files)).toEqual(await exported(client, image));
      await check(image, contents);
      expect(contents.layers.at(-1)?.deleted).toEqual(["/numbers"]);
      expect(contents.waste.ownBytes).toBe(0);
    });

    test.each(seeds)("seed %i", async (seed) => {
      const image = await build(client, alone.image, seed);
      const contents = await image.contents({ base: alone.image });
      expect(seen(contents.files)).toEqual(await exported(client, image));
      await check(image, contents);
    });
  });
});

test("the base is found by the names in the history; a base that it is not built from is refused", async () => {
  const text = `FROM ${engine.image}\nLABEL ${label}=layers\nRUN echo 1234 > /f\nRUN rm /f /bin/busybox\n`;
  await using image = removedAfter(
    await docker.images.build({ context: "none", dockerfile: { text }, builder: "classic" }),
  );
  const waste = await image.waste();
  expect(waste).toMatchObject({ baseLayers: 1, ownBytes: 5 });
  expect(await image.waste({ base: docker.images.get(engine.image) })).toEqual(waste);
  await expect(docker.images.get(engine.image).waste({ base: image })).rejects.toThrow(RangeError);
});

test("an image without layers holds nothing", async () => {
  const text = `FROM scratch\nLABEL ${label}=layers-none\n`;
  const image = await docker.images.build({ context: "none", dockerfile: { text } });
  await using _ = removedAfter(image);
  const waste = { bytes: 0, ownBytes: 0, baseBytes: 0, baseLayers: 0, files: [] };
  expect(await image.contents()).toEqual({ layers: [], files: new Map(), waste });
});

test("an image that is not there, and an abort", async () => {
  const image = docker.images.get("layers-of-nothing");
  await expect(image.layers()).rejects.toThrow(NotFoundError);
  const signal = AbortSignal.abort("enough");
  await expect(docker.images.get(engine.image).files({ signal })).rejects.toBe("enough");
});

test("an image of 300 MiB is read in little memory", async () => {
  const text = `FROM ${engine.image}
LABEL ${label}=layers
RUN head -c 314572800 /dev/urandom > /large
RUN mkdir /many && cd /many && for i in $(seq 5000); do echo $i > $i; done
`;
  await using image = removedAfter(
    await docker.images.build({ context: "none", dockerfile: { text }, builder: "classic" }),
  );
  const program = fileURLToPath(new URL("./layers-memory-program.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    "-C",
    "source",
    program,
    engine.host,
    image.id,
  ]);
  const { sizes, rss } = JSON.parse(stdout) as {
    sizes: readonly { readonly size: number; readonly added: number }[];
    rss: number;
  };
  expect(sizes.slice(1)).toEqual([
    { size: 314572800, added: 1 },
    { size: expect.any(Number) as number, added: 5001 },
  ]);
  expect(rss).toBeLessThan(250 * 1024 ** 2);
});
