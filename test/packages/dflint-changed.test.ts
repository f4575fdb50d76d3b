/** `--changed-since` in real repositories: what counts is what was not there before. */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, symlinkSync } from "node:fs";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { dflint, writeFiles, type Run } from "./dflint-run.ts";
import { git } from "./repository-snapshot.ts";

const GOOD = 'FROM alpine:3.20\nUSER 1000\nCMD ["true"]\n';
const BAD = `${GOOD}MAINTAINER Ada\n`;
const ONLY = ["--only", "DFL810,DFL501", "-o", "compact", "--changed-since"];

function commit(folder: TempDir, files: Readonly<Record<string, string>>, name = "c"): void {
  writeFiles(folder, files);
  git(folder.path, "add", "--all");
  git(folder.path, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "-q", "-m", name);
}

async function repository(files: Readonly<Record<string, string>>): Promise<TempDir> {
  const folder = await tempDir();
  git(folder.path, "init", "-q", "-b", "main");
  commit(folder, files);
  return folder;
}

async function since(folder: TempDir, revision: string, ...args: readonly string[]): Promise<Run> {
  return await dflint([...ONLY, revision, ...args], { folder: folder.path });
}

/** The places of the findings. */
function places({ out }: Run): string[] {
  return out.split("\n").flatMap((line) => /^(.*?:\d+):\d+: /.exec(line)?.[1] ?? []);
}

describe("--changed-since", () => {
  it("says nothing of what was there, wherever it has moved", async () => {
    await using folder = await repository({ Dockerfile: BAD, "b/Dockerfile": BAD });
    expect(await since(folder, "HEAD")).toEqual({
      code: 0,
      out: "",
      err: "dflint: No Dockerfile has changed since HEAD.\n",
    });
    writeFiles(folder, { Dockerfile: `# new\n\n${BAD}` });
    expect(await since(folder, "HEAD")).toEqual({ code: 0, out: "", err: "" });
    writeFiles(folder, { Dockerfile: `${BAD}MAINTAINER Eve\n` });
    expect(places(await since(folder, "HEAD"))).toEqual(["Dockerfile:5"]);
  });

  it("tells what a removal brings, though no line of it is new", async () => {
    await using folder = await repository({ Dockerfile: GOOD });
    writeFiles(folder, { Dockerfile: GOOD.replace("USER 1000\n", "") });
    expect((await since(folder, "HEAD")).out).toContain("DFL501");
  });

  it("looks at the work tree, the index and untracked files, against the merge base", async () => {
    await using folder = await repository({ Dockerfile: GOOD, "b/Dockerfile": GOOD });
    git(folder.path, "checkout", "-q", "-b", "work");
    commit(folder, { "b/Dockerfile": BAD });
    git(folder.path, "checkout", "-q", "main");
    commit(folder, { "main/Dockerfile": BAD });
    git(folder.path, "checkout", "-q", "work");
    writeFiles(folder, { "new/Dockerfile": BAD, "staged/Dockerfile": BAD });
    git(folder.path, "add", "staged");
    expect(places(await since(folder, "main"))).toEqual([
      "b/Dockerfile:4",
      "new/Dockerfile:4",
      "staged/Dockerfile:4",
    ]);
    expect(places(await since(folder, "main", "new"))).toEqual(["new/Dockerfile:4"]);
    // From a folder below the root, too.
    const below = await dflint([...ONLY, "main", "."], { folder: folder.join("b") });
    expect(places(below)).toEqual(["Dockerfile:4"]);
  });

  it("follows renames, links and names with blanks", async () => {
    await using folder = await repository({ Dockerfile: BAD, "real file": BAD });
    git(folder.path, "mv", "Dockerfile", "ü b.Dockerfile");
    symlinkSync("real file", folder.join("link.Dockerfile"));
    expect(places(await since(folder, "HEAD"))).toEqual([]);
    writeFiles(folder, { "ü b.Dockerfile": `${BAD}MAINTAINER Eve\n`, "real file": `${BAD}MAINTAINER Eve\n` });
    expect(places(await since(folder, "HEAD"))).toEqual(["link.Dockerfile:5", "ü b.Dockerfile:5"]);
  });

  it("sees what a changed ignore file means for a Dockerfile that did not change", async () => {
    await using folder = await repository({
      Dockerfile: `${GOOD}COPY . .\n`,
      ".dockerignore": ".git\nnode_modules\n",
      "node_modules/x.js": "",
    });
    const args = ["--only", "DFL602", "-o", "compact", "--changed-since", "HEAD"];
    expect((await dflint(args, { folder: folder.path })).out).toBe("");
    writeFiles(folder, { ".dockerignore": "node_modules\n" });
    expect((await dflint(args, { folder: folder.path })).out).toContain("DFL602");
    rmSync(folder.join(".dockerignore"));
    expect((await dflint([...args.with(1, "DFL601,DFL602")], { folder: folder.path })).out).toContain(
      "DFL60",
    );
  });

  it("takes what was muted and no longer is for new", async () => {
    await using folder = await repository({
      Dockerfile: BAD.replace("MAINT", "# dflint ignore=DFL810\nMAINT"),
    });
    writeFiles(folder, { Dockerfile: BAD });
    expect(places(await since(folder, "HEAD"))).toEqual(["Dockerfile:4"]);
  });

  it("compares standard input with the file it is called by", async () => {
    await using folder = await repository({ Dockerfile: BAD });
    const lint = (input: string): Promise<Run> =>
      dflint([...ONLY, "HEAD", "-", "--stdin-filename", "Dockerfile"], { folder: folder.path, input });
    expect(places(await lint(BAD))).toEqual([]);
    expect(places(await lint(`${BAD}MAINTAINER Eve\n`))).toEqual(["Dockerfile:5"]);
  });

  it.each([
    ["nothing", 'there is no commit "nothing"'],
    ["--all", 'there is no commit "--all"'],
    ["HEAD~5", 'there is no commit "HEAD~5"'],
    ["orphan", '"orphan" and HEAD have no commit in common'],
  ])("refuses %s", async (revision, message) => {
    await using folder = await repository({ Dockerfile: BAD });
    git(folder.path, "checkout", "-q", "--orphan", "orphan");
    commit(folder, { Dockerfile: GOOD }, "other");
    git(folder.path, "checkout", "-q", "main");
    const { code, err } = await dflint([`--changed-since=${revision}`], { folder: folder.path });
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) });
    expect(err).not.toMatch(/\n\s+at /);
  });

  it("says what to do in a shallow clone, and where there is no repository", async () => {
    await using folder = await repository({ Dockerfile: BAD });
    commit(folder, { Dockerfile: GOOD });
    await using clone = await tempDir();
    execFileSync("git", ["clone", "-q", "--depth", "1", `file://${folder.path}`, clone.join("c")]);
    const shallow = await dflint(["--changed-since", "HEAD~1"], { folder: clone.join("c") });
    expect({ code: shallow.code, err: shallow.err }).toEqual({
      code: 2,
      err: expect.stringContaining("This clone is shallow: fetch more history"),
    });
    writeFiles(clone, { Dockerfile: BAD });
    const none = await dflint(["--changed-since", "HEAD", "Dockerfile"], { folder: clone.path });
    expect({ code: none.code, err: none.err }).toEqual({
      code: 2,
      err: expect.stringContaining("is in no git repository"),
    });
    expect(readFileSync(clone.join("Dockerfile"), "utf8")).toBe(BAD);
  });
});
