import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { sentBelow } from "../linter/facts/context-facts.ts";
import { ContextFolders } from "./context.ts";

function write(folder: TempDir, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(folder.join(name)), { recursive: true });
    writeFileSync(folder.join(name), text);
  }
}

describe("a context", () => {
  it("is none where a path leads through a file or has too long a name", async () => {
    await using folder = await tempDir();
    write(folder, { Dockerfile: "" });
    for (const path of ["Dockerfile", "Dockerfile/x", "x".repeat(300)]) {
      expect(new ContextFolders().facts(folder.join(path), folder.join("Dockerfile"))).toBe(undefined);
    }
  });

  it("has no ignore file where that is a link to itself", async () => {
    await using folder = await tempDir();
    write(folder, { Dockerfile: "" });
    for (const name of [".dockerignore", "Dockerfile.dockerignore"]) symlinkSync(name, folder.join(name));
    const facts = new ContextFolders().facts(folder.path, folder.join("Dockerfile"));
    expect(facts?.entries.map(({ path }) => path)).toContain("Dockerfile");
    expect(facts?.ignoreFile).toBe(undefined);
  });

  it("lists what is in it and what the ignore file keeps out", async () => {
    await using folder = await tempDir();
    write(folder, {
      Dockerfile: "",
      ".dockerignore": "node_modules\n*.log\n",
      "node_modules/a/b.js": "12345",
      "src/a.js": "123",
      "src/x.log": "1",
    });
    symlinkSync("a.js", folder.join("src/link"));
    const facts = new ContextFolders().facts(folder.path, folder.join("Dockerfile"));
    expect(facts?.ignoreFile?.path).toBe(".dockerignore");
    expect(facts?.entries.map(({ path, type, size, ignored }) => [path, type, size, ignored])).toEqual([
      [".dockerignore", "file", 19, false],
      ["Dockerfile", "file", 0, false],
      ["node_modules", "directory", 0, true],
      ["src", "directory", 0, false],
      ["src/a.js", "file", 3, false],
      ["src/link", "link", 0, false],
      ["src/x.log", "file", 1, false],
    ]);
    expect(facts && sentBelow(facts, "src")).toEqual({ files: 3, bytes: 4 });
    expect(facts?.exists("node_modules/a")).toBe(true);
    expect(facts?.exists("nothing")).toBe(false);
    expect(facts?.truncated).toBe(false);
  });

  it("has the ignore file that is named after the Dockerfile, if there is one", async () => {
    await using folder = await tempDir();
    write(folder, {
      ".dockerignore": "a\n",
      "docker/x.Dockerfile": "",
      "docker/x.Dockerfile.dockerignore": "b\n",
    });
    const folders = new ContextFolders();
    expect(folders.facts(folder.path, folder.join("docker/x.Dockerfile"))?.ignoreFile).toEqual({
      path: "docker/x.Dockerfile.dockerignore",
      text: "b\n",
    });
    expect(folders.facts(folder.path, folder.join("docker/y.Dockerfile"))?.ignoreFile?.path).toBe(
      ".dockerignore",
    );
  });

  it("is looked at once for all Dockerfiles that share it", async () => {
    await using folder = await tempDir();
    const folders = new ContextFolders();
    expect(folders.facts(folder.path, folder.join("a"))).toBe(folders.facts(folder.path, folder.join("b")));
  });

  it("tells an ignore file that the docker CLI refuses", async () => {
    await using folder = await tempDir();
    write(folder, { ".dockerignore": "a\n!\n" });
    const facts = new ContextFolders().facts(folder.path, undefined);
    expect(facts?.ignoreProblem?.line).toBe(2);
    expect(facts?.entries).toHaveLength(1);
  });

  it("is unknown where there is no such folder", () => {
    expect(new ContextFolders().facts("/no/such/folder", undefined)).toBeUndefined();
  });
});
