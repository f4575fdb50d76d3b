import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";
import { tarEntries } from "test-support/tar-entries";
import { tempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { ContextError } from "../errors.ts";
import type { BuildContext } from "./build-context.ts";
import { prepareContext, type PrepareContextOptions } from "./context.ts";

/** The Dockerfile's name in the tar, and content by path. */
async function packed(options: PrepareContextOptions): Promise<[string, Record<string, string>]> {
  const prepared = await prepareContext(options);
  if ("remote" in prepared) throw new Error("expected a tar");
  const entries = await tarEntries(await buffer(prepared.stream));
  return [
    prepared.dockerfile,
    Object.fromEntries(entries.map(({ name, content }) => [name, content.toString()])),
  ];
}

async function tarOf(files: Record<string, string>): Promise<Buffer> {
  const prepared = await prepareContext({ context: { files: { Dockerfile: "in the tar", ...files } } });
  if ("remote" in prepared) throw new Error("expected a tar");
  return buffer(prepared.stream);
}

function failure(options: PrepareContextOptions): Promise<unknown> {
  return packed(options).catch((caught: unknown) => caught);
}

describe("prepareContext with a folder", () => {
  it("takes the Dockerfile from the folder, by a path in it", async () => {
    await using folder = await tempDir();
    await mkdir(folder.join("d"));
    await writeFile(folder.join("d/Other"), "other");
    await symlink("d/Other", folder.join("Dockerfile"));
    const files = { Dockerfile: "", "d/": "", "d/Other": "other" };
    expect(await packed({ context: folder.path, dockerfile: "d/Other" })).toEqual(["d/Other", files]);
    expect(await packed({ context: folder.path, dockerfile: folder.join("d/Other") })).toEqual([
      "d/Other",
      files,
    ]);
    // A symlink stands for what it leads to, as with the docker CLI.
    expect(await packed({ context: folder.path })).toEqual(["d/Other", files]);
  });

  it("sends the text of a Dockerfile under a name that .dockerignore hides", async () => {
    await using folder = await tempDir();
    await writeFile(folder.join("Dockerfile"), "in the folder");
    const [name, files] = await packed({ context: folder.path, dockerfile: { text: "FROM text" } });
    expect(name).toMatch(/^\.dockerfile\.[0-9a-f]{20}$/);
    expect(files).toEqual({
      Dockerfile: "in the folder",
      [name]: "FROM text",
      ".dockerignore": `.dockerignore\n${name}\n`,
    });
  });

  it("says which path is missing or of the wrong kind", async () => {
    await using folder = await tempDir();
    const missing = folder.join("missing");
    expect(await failure({ context: missing })).toMatchObject({ name: "ContextError", path: missing });
    expect(await failure({ context: folder.path })).toMatchObject({ path: folder.join("Dockerfile") });
    expect(await failure({ context: folder.path, dockerfile: "../x" })).toMatchObject({
      path: join(folder.path, "../x"),
    });
    await writeFile(folder.join("Dockerfile"), "");
    const file = folder.join("Dockerfile");
    expect(String(await failure({ context: file }))).toContain("is not a folder");
    const below = join(file, "below");
    const fault = {
      name: "ContextError",
      path: below,
      message: `Cannot read ${below}: its path leads through a file.`,
    };
    expect(await failure({ context: below })).toMatchObject(fault);
    expect(await failure({ context: "none", dockerfile: below })).toMatchObject(fault);
    const isFolder = { path: folder.path, message: `Cannot read ${folder.path}: it is a folder.` };
    expect(await failure({ context: folder.path, dockerfile: "." })).toMatchObject(isFolder);
    expect(await failure({ context: "none", dockerfile: folder.path })).toMatchObject(isFolder);
    expect(await failure({ context: { tar: folder.path } })).toMatchObject(isFolder);
    await symlink("loop", folder.join("loop"));
    const path = folder.join("loop");
    const message = `Cannot read ${path}: its symlinks lead in a circle.`;
    expect(await failure({ context: folder.path, dockerfile: path })).toMatchObject({ path, message });
    expect(await failure({ context: { tar: path } })).toMatchObject({ path, message });
  });

  it.each(["b[", "[b-a]"])("says which line of .dockerignore is wrong: %s", async (pattern) => {
    await using folder = await tempDir();
    await writeFile(folder.join("Dockerfile"), "");
    await writeFile(folder.join(".dockerignore"), `a\n\n${pattern}\n`);
    const error = await failure({ context: folder.path });
    expect(error).toBeInstanceOf(ContextError);
    expect(error).toMatchObject({ path: folder.join(".dockerignore"), cause: { line: 3, pattern } });
  });

  it("reports a .dockerignore that is a folder", async () => {
    await using folder = await tempDir();
    await mkdir(folder.join(".dockerignore"));
    expect(await failure({ context: folder.path })).toMatchObject({ path: folder.join(".dockerignore") });
  });
});

describe("prepareContext with files", () => {
  it("packs them sorted, with the folders above them", async () => {
    const prepared = await prepareContext({
      context: {
        files: {
          "b/c/x": Buffer.from("x"),
          Dockerfile: "FROM scratch",
          "b/run": { content: "r", mode: 0o755 },
        },
      },
    });
    if ("remote" in prepared) throw new Error("expected a tar");
    const entries = await tarEntries(await buffer(prepared.stream));
    expect(entries.map(({ name, mode, content }) => [name, mode, content.toString()])).toEqual([
      ["Dockerfile", 0o644, "FROM scratch"],
      ["b/", 0o755, ""],
      ["b/c/", 0o755, ""],
      ["b/c/x", 0o644, "x"],
      ["b/run", 0o755, "r"],
    ]);
  });

  it("adds a Dockerfile given as text", async () => {
    const [name, files] = await packed({
      context: { files: { ".dockerignore": "x" } },
      dockerfile: { text: "T" },
    });
    expect(files).toEqual({ [name]: "T", ".dockerignore": `x\n${name}\n` });
  });

  it("needs the Dockerfile it is told of", async () => {
    expect(await failure({ context: { files: { other: "" } } })).toBeInstanceOf(ContextError);
    expect(await packed({ context: { files: { other: "" } }, dockerfile: "other" })).toEqual([
      "other",
      { other: "" },
    ]);
  });

  it.each(["", "/a", "../a", "a/../b", "./a", "a/", "a//b", "a\0b"])("refuses the path %j", async (path) => {
    expect(await failure({ context: { files: { Dockerfile: "", [path]: "" } } })).toBeInstanceOf(TypeError);
  });

  it("refuses a path that is both a file and a folder", async () => {
    expect(await failure({ context: { files: { Dockerfile: "", a: "", "a/b": "" } } })).toBeInstanceOf(
      TypeError,
    );
  });
});

describe("prepareContext with a tar", () => {
  it("passes it on from memory, a stream or a file", async () => {
    await using folder = await tempDir();
    const tar = await tarOf({ a: "1" });
    await writeFile(folder.join("context.tar"), tar);
    for (const source of [
      tar,
      Readable.from([tar.subarray(0, 3), tar.subarray(3)]),
      folder.join("context.tar"),
    ]) {
      const prepared = await prepareContext({ context: { tar: source }, dockerfile: "d/File" });
      if ("remote" in prepared) throw new Error("expected a tar");
      expect(prepared.dockerfile).toBe("d/File");
      expect((await buffer(prepared.stream)).equals(tar)).toBe(true);
    }
  });

  it.each([
    ["plain", (tar: Buffer): Buffer => tar, (tar: Buffer): Buffer => tar],
    ["gzip", gzipSync, gunzipSync],
  ])("adds a Dockerfile's text to a %s one", async (_, compress, extract) => {
    const tar = compress(await tarOf({ a: "1" }));
    // Byte by byte, since nobody promises that the first chunk tells the format.
    const bytes = Readable.from([...tar].map((byte) => Buffer.of(byte)));
    const prepared = await prepareContext({ context: { tar: bytes }, dockerfile: { text: "T" } });
    if ("remote" in prepared) throw new Error("expected a tar");
    const entries = await tarEntries(extract(await buffer(prepared.stream)));
    expect(entries.map(({ name, content }) => [name, content.toString()])).toEqual([
      [prepared.dockerfile, "T"],
      [".dockerignore", `.dockerignore\n${prepared.dockerfile}\n`],
      ["Dockerfile", "in the tar"],
      ["a", "1"],
    ]);
  });

  it("refuses to add to formats that Node cannot write", async () => {
    const context = { tar: Buffer.from("BZh91AY&SY") };
    expect(await failure({ context, dockerfile: { text: "T" } })).toBeInstanceOf(TypeError);
  });

  it("names a file that is missing", async () => {
    await using folder = await tempDir();
    const path = folder.join("missing.tar");
    const message = `Cannot read ${path}: no such file.`;
    expect(await failure({ context: { tar: path } })).toMatchObject({ name: "ContextError", path, message });
  });
});

it("sends only the Dockerfile when the context is none", async () => {
  await using folder = await tempDir();
  await writeFile(folder.join("D"), "from a file");
  expect(await packed({ context: "none", dockerfile: { text: "T" } })).toEqual([
    "Dockerfile",
    { Dockerfile: "T" },
  ]);
  expect(await packed({ context: "none", dockerfile: folder.join("D") })).toEqual([
    "Dockerfile",
    { Dockerfile: "from a file" },
  ]);
  expect(await failure({ context: "none" })).toBeInstanceOf(TypeError);
});

it("leaves a remote context to the engine", async () => {
  const context: BuildContext = { remote: "https://example.test/repository.git#main:dir" };
  expect(await prepareContext({ context })).toEqual({ remote: context.remote, dockerfile: undefined });
  expect(await prepareContext({ context, dockerfile: "d/File" })).toEqual({
    remote: context.remote,
    dockerfile: "d/File",
  });
  expect(await failure({ context, dockerfile: { text: "T" } })).toBeInstanceOf(TypeError);
});

it("throws the reason of a signal that was aborted before", async () => {
  const reason = new Error("too late");
  expect(await failure({ context: "/", signal: AbortSignal.abort(reason) })).toBe(reason);
});
