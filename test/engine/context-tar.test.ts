import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { packContext } from "../../packages/sdk/src/build-context/folder-context.ts";
import { routes, startFakeEngine } from "test-support/fake-engine";
import { hostileTree } from "test-support/hostile-tree";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { extract, type Headers } from "tar-stream";

/** What the docker CLI sends with the classic builder, and the Dockerfile's name it asks for. */
async function sentByCli(
  directory: string,
  ...options: string[]
): Promise<{ tar: Buffer; dockerfile: string }> {
  await using config = await tempDir();
  let tar = Buffer.alloc(0);
  await using engine = await startFakeEngine(
    routes({
      async "POST /build"(exchange) {
        tar = await exchange.body();
        exchange.json(200, { stream: "Successfully built 0123456789ab\n" });
      },
    }),
  );
  await promisify(execFile)("docker", ["-H", engine.host, "build", ...options, directory], {
    env: { ...process.env, DOCKER_BUILDKIT: "0", DOCKER_CONFIG: config.path, DOCKER_CONTEXT: "" },
  });
  const build = engine.calls.find(({ path }) => path === "/build");
  return { tar, dockerfile: build?.query.get("dockerfile") ?? "" };
}

async function sentByUs(
  directory: string,
  dockerfile?: string,
): Promise<{ tar: Buffer; dockerfile: string }> {
  const packed = await packContext({ directory, dockerfile });
  return { tar: await buffer(packed.stream), dockerfile: packed.dockerfile };
}

type Entry = Omit<Headers, "mtime"> & { readonly mtime: number; readonly content: string };

async function entriesIn(tar: Buffer): Promise<Entry[]> {
  // As latin1, so that names that are no UTF-8 are compared byte by byte.
  const reader = extract({ filenameEncoding: "latin1" });
  reader.end(tar);
  const entries: Entry[] = [];
  for await (const entry of reader) {
    const { mtime, ...header } = entry.header;
    entries.push({
      ...header,
      mtime: mtime?.getTime() ?? 0,
      content: (await buffer(entry)).toString("base64"),
    });
  }
  return entries;
}

/** Equal in every byte; the lists are compared first because their difference can be read. */
async function expectSame(directory: string, options: string[] = [], dockerfile?: string): Promise<Entry[]> {
  const [cli, ours] = [await sentByCli(directory, ...options), await sentByUs(directory, dockerfile)];
  const entries = await entriesIn(ours.tar);
  expect(entries).toEqual(await entriesIn(cli.tar));
  expect(ours.tar.equals(cli.tar)).toBe(true);
  expect(ours.dockerfile).toBe(cli.dockerfile);
  return entries;
}

async function writeTree(folder: TempDir, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(folder.join(path, ".."), { recursive: true });
    await writeFile(folder.join(path), content);
  }
}

/** The entries without what is random or the time of the call: the CLI adds both files in the order of a Go map. */
async function comparable(tar: Buffer, dockerfile: string): Promise<unknown[]> {
  const entries = (await entriesIn(tar)).map(({ size: _, ...entry }) => {
    const isAdded = entry.name === dockerfile || entry.pax !== null || entry.mode === 0o600;
    const content = Buffer.from(entry.content, "base64").toString().replaceAll(dockerfile, "RANDOM");
    const name = entry.name.replace(dockerfile, "RANDOM");
    return { ...entry, name, content, ...(isAdded ? { mtime: 0, pax: null } : {}) };
  });
  const last = entries.splice(-2).sort((a, b) => (a.name < b.name ? -1 : 1));
  return [...entries, ...last];
}

describe("a context's tar equals the docker CLI's", () => {
  it("for a tree of everything that is hard to pack", async () => {
    await using tree = await hostileTree();
    const entries = await expectSame(tree.path);
    expect(entries.length).toBeGreaterThan(350);
    expect(entries.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["file", "directory", "link", "symlink", "fifo"]),
    );
  });

  it("for that tree, most of it ignored", async () => {
    await using tree = await hostileTree();
    await writeFile(`${tree.path}/.dockerignore`, "*\n!sub/deeper/1*\n!folder?\n!😀\nsub/deeper/?0\n");
    const entries = await expectSame(tree.path);
    expect(entries.length).toBeGreaterThan(100);
    expect(entries.map(({ name }) => name)).toContain("Dockerfile");
  });

  const tree = {
    Dockerfile: "FROM scratch\n",
    "docker/other.Dockerfile": "FROM scratch\n",
    "a/b/c.md": "c",
    "a/b.md": "b",
    "keep/x": "x",
    "keep.txt": "k",
    "node_modules/m/index.js": "m",
  };
  it.each([
    ["nothing ignored", ""],
    ["exceptions below an ignored folder", "a\n!a/b/c.md\nnode_modules\n"],
    ["a wildcard exception", "*\n!**/*.md\n"],
    ["everything ignored", "**\n"],
    [".dockerignore and Dockerfile ignored by name", ".dockerignore\nDockerfile\n"],
    ["folders only by wildcard", "*/*\n!keep\n"],
    ["the file with BOM, CRLF and blanks", "\ufeff  a  \r\n# comment\r\n\r\n !a/b \r\n"],
  ])("with %s", async (_, ignore) => {
    await using folder = await tempDir();
    await writeTree(folder, { ...tree, ".dockerignore": ignore });
    await expectSame(folder.path);
  });

  it("with another Dockerfile in an ignored folder", async () => {
    await using folder = await tempDir();
    await writeTree(folder, { ...tree, ".dockerignore": "docker\n*.txt\n" });
    await expectSame(folder.path, ["-f", folder.join("docker/other.Dockerfile")], "docker/other.Dockerfile");
  });

  it("without a Dockerfile but with a dockerfile", async () => {
    await using folder = await tempDir();
    const { Dockerfile: text, ...others } = tree;
    await writeTree(folder, { ...others, dockerfile: text });
    await expectSame(folder.path);
  });

  it("for an empty folder but for the Dockerfile, reached by a symlink", async () => {
    await using folder = await tempDir();
    await writeTree(folder, { "real/Dockerfile": "FROM scratch\n" });
    await promisify(execFile)("ln", ["-s", "real", folder.join("link")]);
    await expectSame(folder.join("link"));
  });

  it.each([
    ["and a .dockerignore", { ".dockerignore": "keep\n*.md" }],
    ["and no .dockerignore", {}],
    ["and everything ignored", { ".dockerignore": "*\n" }],
  ])("with a Dockerfile outside %s", async (_, more) => {
    await using folder = await tempDir();
    await writeTree(folder, { "outside.Dockerfile": "FROM scratch\n# outside\n" });
    for (const [path, content] of Object.entries({ ...tree, ...more })) {
      await writeTree(folder, { [`context/${path}`]: content });
    }
    await rm(folder.join("context/Dockerfile"));
    const cli = await sentByCli(folder.join("context"), "-f", folder.join("outside.Dockerfile"));
    const ours = await sentByUs(folder.join("context"), "../outside.Dockerfile");

    expect(ours.dockerfile).toMatch(/^\.dockerfile\.[0-9a-f]{20}$/);
    // This CLI leaves such a tar without its last padding and end.
    const whole = Buffer.concat([cli.tar, Buffer.alloc(1024 + 512 - (cli.tar.length % 512))]);
    expect(await comparable(ours.tar, ours.dockerfile)).toEqual(await comparable(whole, cli.dockerfile));
  });
});
