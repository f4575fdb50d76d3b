/** Baselines on real files: what is known does not count, what is new does. */
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { dflint, writeFiles, type Run } from "./dflint-run.ts";

const BAD = 'FROM alpine:3.20\nMAINTAINER Ada\nUSER 1000\nCMD ["true"]\n';
const CONFIG = "rules: { maintainer-deprecated: error }\n";
const DEFAULT = ".dflint-baseline.json";

function read(folder: TempDir, name = DEFAULT): string {
  return readFileSync(folder.join(name), "utf8");
}

async function run(folder: TempDir, ...args: readonly string[]): Promise<Run> {
  return await dflint(args, { folder: folder.path });
}

async function summary(folder: TempDir, ...args: readonly string[]): Promise<unknown> {
  const { out } = await run(folder, "-o", "json", ...args);
  return (JSON.parse(out) as { summary: unknown }).summary;
}

describe("dflint baseline", () => {
  it("lets what is known pass, wherever it moves, and nothing else", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD, "b/Dockerfile": BAD, ".dflint.yaml": CONFIG });
    expect((await run(folder)).code).toBe(1);
    expect(await run(folder, "baseline", "create")).toEqual({
      code: 0,
      out: `Wrote ${DEFAULT}: 2 known findings.\n`,
      err: "",
    });
    expect(JSON.parse(read(folder))).toMatchObject({
      schemaVersion: 1,
      files: { Dockerfile: [{ rule: "DFL810" }], "b/Dockerfile": [{ rule: "DFL810" }] },
    });
    expect(await run(folder)).toEqual({
      code: 0,
      out: "No findings in 2 files, 2 in the baseline.\n",
      err: "",
    });
    writeFiles(folder, { Dockerfile: `# a\n\n${BAD.replace("MAINTAINER", "\n\nMAINTAINER")}` });
    expect((await run(folder)).code).toBe(0);
    writeFiles(folder, { Dockerfile: `${BAD}MAINTAINER Ada\n` });
    expect(await summary(folder)).toMatchObject({ error: 1, baselined: 2, suppressed: 0, exitCode: 1 });
    const { out: sarif } = await run(folder, "-o", "sarif");
    expect(sarif.match(/"suppressions": \[\s+\{\s+"kind": "external"/g)).toHaveLength(2);
    expect((await run(folder, "--no-baseline", "b")).code).toBe(1);
  });

  it("is written to and read from the file that is named, on the command line or in the configuration", async () => {
    await using folder = await tempDir();
    mkdirSync(folder.join("base"));
    writeFiles(folder, { "a/Dockerfile": BAD });
    expect((await run(folder, "baseline", "create", "--baseline", "base/x.json", "a")).code).toBe(0);
    expect(Object.keys((JSON.parse(read(folder, "base/x.json")) as { files: object }).files)).toEqual([
      "../a/Dockerfile",
    ]);
    expect((await run(folder, "a")).code).toBe(1);
    expect((await run(folder, "a", "--baseline", "base/x.json")).code).toBe(0);
    writeFiles(folder, { "a/.dflint.yaml": "baseline: ../base/x.json\n" });
    expect((await run(folder, "a")).code).toBe(0);
    const shown = await run(folder, "config", "--show", "a/Dockerfile");
    expect(shown.out).toMatch(/^baseline: "base\/x\.json" +# a\/\.dflint\.yaml:1:1$/m);
    expect((await dflint(["Dockerfile"], { folder: folder.join("a") })).code).toBe(0);
  });

  it("says when something in it is gone, and prune removes that alone", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD, "b/Dockerfile": BAD, "c/Dockerfile": `${BAD}MAINTAINER Ada\n` });
    await run(folder, "baseline", "create");
    writeFiles(folder, { Dockerfile: BAD.replace("Ada", "Eve"), "c/Dockerfile": BAD });
    rmSync(folder.join("b"), { recursive: true });
    const stale = await run(folder);
    expect(stale.code).toBe(1);
    expect(stale.err).toBe(
      `dflint: ${DEFAULT}: 3 known findings are gone; "dflint baseline prune" removes what is gone.\n`,
    );
    // Neither of these is a reason to take anything for gone.
    expect((await run(folder, "--ignore", "DFL810", "c", "--quiet")).err).toBe("");
    expect(await run(folder, "baseline", "prune", "c")).toMatchObject({
      code: 0,
      out: `${DEFAULT}: 2 gone, 2 known findings left.\n`,
    });
    expect(await run(folder, "baseline", "prune")).toMatchObject({
      out: `${DEFAULT}: 1 gone, 1 known finding left.\n`,
    });
    expect((await run(folder)).code).toBe(1);
    expect(await run(folder, "baseline", "update")).toMatchObject({
      out: `Wrote ${DEFAULT}: 2 known findings. It had 1.\n`,
    });
    expect((await run(folder)).code).toBe(0);
    const before = read(folder);
    await run(folder, "baseline", "update");
    expect(read(folder)).toBe(before);
  });

  it("knows findings in an ignore file that two Dockerfiles share", async () => {
    await using folder = await tempDir();
    const ignore = "# x\n  # no comment of Docker's\n";
    writeFiles(folder, { Dockerfile: BAD, "b.Dockerfile": BAD, ".dockerignore": ignore, ".git/HEAD": "" });
    expect((await run(folder, "baseline", "create", ".")).code).toBe(0);
    expect(await run(folder, ".")).toMatchObject({ code: 0, err: "" });
    expect((JSON.parse(read(folder)) as { files: object }).files).toHaveProperty([".dockerignore"]);
    writeFiles(folder, { ".dockerignore": ".git\n" });
    expect((await run(folder, ".")).err).toContain("gone");
    await run(folder, "baseline", "prune", ".");
    expect((JSON.parse(read(folder)) as { files: object }).files).not.toHaveProperty([".dockerignore"]);
  });

  it.each([
    [["baseline"], "Say what to do"],
    [["baseline", "crate"], 'Did you mean "create"?'],
    [["baseline", "prune"], `Baseline ${DEFAULT}: cannot be read: no such file.`],
    [["--baseline", "none.json"], '"dflint baseline create" writes one.'],
    [["--baseline", "bad.json"], "Baseline bad.json cannot be used: it is no JSON"],
    [["--baseline", "newer.json"], "its schemaVersion is 2"],
    [["baseline", "create", "--baseline", "bad.json"], "bad.json is there already"],
    [["baseline", "create", "--baseline", "no/folder/x.json"], "there is no folder no/folder"],
  ])("refuses %j", async (args, message) => {
    await using folder = await tempDir();
    const newer = JSON.stringify({ schemaVersion: 2, files: {} });
    writeFiles(folder, { Dockerfile: BAD, "bad.json": "{", "newer.json": newer });
    const { code, out, err } = await run(folder, ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it("writes nothing where a file cannot be read, or where there is none", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD, "empty/x": "" });
    expect((await run(folder, "baseline", "create", "Dockerfile", "none")).code).toBe(2);
    expect((await run(folder, "baseline", "create", "empty")).code).toBe(3);
    expect(() => read(folder)).toThrow("ENOENT");
  });
});
