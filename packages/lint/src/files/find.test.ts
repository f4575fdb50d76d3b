import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { isDockerfileName } from "./dockerfile-name.ts";
import { findDockerfiles } from "./find.ts";
import { pathPatterns } from "./glob.ts";

function write(folder: TempDir, ...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(folder.join(name)), { recursive: true });
    writeFileSync(folder.join(name), "FROM x\n");
  }
}

async function find(
  folder: TempDir,
  target: string,
  exclude: readonly string[] = [],
  include: readonly string[] = [],
): Promise<string[]> {
  const found = await findDockerfiles([folder.join(target)], {
    include: [pathPatterns(folder.path, include)],
    exclude: [pathPatterns(folder.path, exclude)],
  });
  expect(found.errors).toEqual([]);
  return found.paths.map((path) => relative(folder.path, path));
}

describe("names", () => {
  it.each([
    ["Dockerfile", true],
    ["dockerfile", true],
    ["Dockerfile.dev", true],
    ["app.Dockerfile", true],
    ["app.dockerfile", true],
    ["Containerfile", true],
    ["Containerfile.base", true],
    ["Dockerfile.dockerignore", false],
    ["Dockerfile.j2", false],
    ["Dockerfile.md", false],
    ["Dockerfile~", false],
    ["MyDockerfile", false],
    ["Dockerfiles", false],
    ["docker-compose.yml", false],
  ])("%s: %s", (name, expected) => {
    expect(isDockerfileName(name)).toBe(expected);
  });
});

describe("a folder outside of a repository", () => {
  it("is walked, other people's folders left out, dot-folders kept", async () => {
    await using folder = await tempDir();
    write(
      folder,
      "Dockerfile",
      "a/b/x.Dockerfile",
      ".devcontainer/Dockerfile",
      "node_modules/x/Dockerfile",
      "a/other.txt",
    );
    expect(await find(folder, ".")).toEqual([".devcontainer/Dockerfile", "Dockerfile", "a/b/x.Dockerfile"]);
  });

  it("takes what is included and leaves out what is excluded", async () => {
    await using folder = await tempDir();
    write(folder, "Dockerfile", "vendor/Dockerfile", "a/image.build");
    expect(await find(folder, ".", ["vendor/"], ["*.build"])).toEqual(["Dockerfile", "a/image.build"]);
  });

  it("has ignore files of its own: those that no Dockerfile beside them stands for", async () => {
    await using folder = await tempDir();
    write(
      folder,
      ".dockerignore",
      "docker/Dockerfile",
      "docker/.dockerignore",
      "docker/Dockerfile.dockerignore",
    );
    write(folder, "docker/old.Dockerfile.dockerignore", "node_modules/x/.dockerignore");
    expect(await find(folder, ".")).toEqual([
      ".dockerignore",
      "docker/Dockerfile",
      "docker/old.Dockerfile.dockerignore",
    ]);
    expect(await find(folder, ".", ["*.dockerignore"])).toEqual(["docker/Dockerfile"]);
  });

  it("goes into a folder that is called Dockerfile", async () => {
    await using folder = await tempDir();
    write(folder, "Dockerfile/base.Dockerfile");
    expect(await find(folder, "Dockerfile")).toEqual(["Dockerfile/base.Dockerfile"]);
    expect(await find(folder, ".")).toEqual(["Dockerfile/base.Dockerfile"]);
  });
});

describe("a folder in a repository", () => {
  it("is what git lists: new files too, ignored and deleted ones not", async () => {
    await using folder = await tempDir();
    execFileSync("git", ["init", "-q", folder.path]);
    write(folder, "Dockerfile", "new/Dockerfile", "ignored/Dockerfile", "gone/Dockerfile", ".ci/Dockerfile");
    writeFileSync(folder.join(".gitignore"), "ignored/\n");
    execFileSync("git", ["-C", folder.path, "add", "Dockerfile", "gone/Dockerfile", ".ci/Dockerfile"]);
    rmSync(folder.join("gone"), { recursive: true });
    expect(await find(folder, ".")).toEqual([".ci/Dockerfile", "Dockerfile", "new/Dockerfile"]);
    expect(await find(folder, "new")).toEqual(["new/Dockerfile"]);
  });
});

describe("globs and paths", () => {
  it("match any name, and only what they match", async () => {
    await using folder = await tempDir();
    write(folder, "docker/a.txt", "docker/b/c.txt", "Dockerfile");
    expect(await find(folder, "docker/*.txt")).toEqual(["docker/a.txt"]);
    expect(await find(folder, "**/*.txt")).toEqual(["docker/a.txt", "docker/b/c.txt"]);
  });

  it("that are named are taken whatever their name, once", async () => {
    await using folder = await tempDir();
    write(folder, "odd.name");
    const path = folder.join("odd.name");
    expect((await findDockerfiles([path, path], { include: [], exclude: [] })).paths).toEqual([path]);
  });

  it("that hold nothing, and paths that do not exist, are told apart", async () => {
    await using folder = await tempDir();
    symlinkSync("nowhere", folder.join("dangling"));
    const targets = [folder.path, folder.join("*.x"), folder.join("missing"), folder.join("dangling")];
    const found = await findDockerfiles(targets, { include: [], exclude: [] });
    expect(found.empty).toEqual(targets.slice(0, 2));
    expect(found.errors).toEqual([
      `${targets[2]}: cannot be read: no such file.`,
      `${targets[3]}: the symbolic link points at nothing.`,
    ]);
  });
});

describe("what is no file", () => {
  it("is left out where a folder or a pattern was named: nobody may ever write into a pipe", async () => {
    await using folder = await tempDir();
    write(folder, "a/Dockerfile");
    execFileSync("mkfifo", [folder.join("Dockerfile")]);
    expect(await find(folder, ".")).toEqual(["a/Dockerfile"]);
    expect(await find(folder, "**/Dockerfile")).toEqual(["a/Dockerfile"]);
    expect(await find(folder, "Dockerfile")).toEqual(["Dockerfile"]);
  });

  it("is told, and the rest found", async () => {
    await using folder = await tempDir();
    write(folder, "a/Dockerfile");
    const named = Buffer.concat([
      Buffer.from(folder.join("a/")),
      Buffer.from([0xff]),
      Buffer.from(".Dockerfile"),
    ]);
    writeFileSync(named, "FROM x\n");
    symlinkSync("loop.Dockerfile", folder.join("loop.Dockerfile"));
    const found = await findDockerfiles([folder.path, ""], { include: [], exclude: [] });
    expect(found.errors).toEqual([
      `${folder.join("a/\ufffd.Dockerfile")}: cannot be read: the name is no UTF-8.`,
      "An empty argument names no file.",
    ]);
    expect(found.paths).toEqual([folder.join("a/Dockerfile"), folder.join("loop.Dockerfile")]);
  });
});
