/** The hook as its users have it: pre-commit clones this repository, builds it, and runs it on each commit. */
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensurePackages } from "test-support/engine";
import { tempDir } from "test-support/temp-dir";
import { beforeAll, describe, expect, it } from "vitest";
import { git, snapshotRepository } from "./repository-snapshot.ts";

const BAD = "FROM alpine:latest\nMAINTAINER ada@example.org\n";
const GOOD = 'FROM alpine:3.20\nUSER 1000\nCMD ["true"]\n';

beforeAll(async () => {
  // One from elsewhere, e.g. from pip, will do.
  if (spawnSync("pre-commit", ["--version"]).status !== 0) await ensurePackages(["git", "pre-commit"]);
});

describe("the pre-commit hook", () => {
  it("refuses a commit with a bad Dockerfile, and lets it pass once it is mended", async () => {
    await using folder = await tempDir();
    const hooks = folder.join("hooks");
    const home = folder.join("cache");
    const project = folder.join("project");
    for (const path of [hooks, project]) mkdirSync(path);
    const revision = snapshotRepository(hooks);

    const run = (command: string, ...args: readonly string[]): SpawnSyncReturns<string> =>
      spawnSync(command, args, {
        cwd: project,
        encoding: "utf8",
        env: { ...process.env, PRE_COMMIT_HOME: home },
      });
    const commit = (): SpawnSyncReturns<string> =>
      run(
        "git",
        "-c",
        "user.name=Ada",
        "-c",
        "user.email=ada@example.org",
        "commit",
        "-q",
        "-m",
        "Add an image",
      );

    git(project, "init", "-q");
    writeFileSync(
      join(project, ".pre-commit-config.yaml"),
      `repos:\n  - repo: ${hooks}\n    rev: ${revision}\n    hooks:\n      - id: dflint\n      - id: dflint-fix\n        stages: [manual]\n`,
    );
    writeFileSync(join(project, "Dockerfile"), BAD);
    writeFileSync(join(project, "notes.txt"), "MAINTAINER of these notes\n");
    git(project, "add", "--all");
    const installed = run("pre-commit", "install", "--install-hooks");
    expect(`${installed.stdout}${installed.stderr}${installed.error ?? ""}`).toContain(
      "pre-commit installed",
    );
    expect(installed.status).toBe(0);

    const refused = commit();
    const said = `${refused.stdout}${refused.stderr}`;
    expect(refused.status).toBe(1);
    expect(said).toMatch(/dflint\.+Failed/);
    expect(said).toMatch(/^Dockerfile:2:1 warning DFL810 maintainer-deprecated/m);
    expect(said).not.toContain("notes.txt");
    expect(spawnSync("git", ["-C", project, "rev-parse", "-q", "--verify", "HEAD"]).status).toBe(1);

    writeFileSync(join(project, "Dockerfile"), GOOD);
    writeFileSync(join(project, ".dockerignore"), ".git\n");
    git(project, "add", "--all");
    const passed = commit();
    expect(`${passed.stdout}${passed.stderr}`).toMatch(/dflint\.+Passed/);
    expect(passed.status).toBe(0);
    expect(git(project, "log", "--format=%s").trim()).toBe("Add an image");

    // The other hook mends what is safe to mend, and pre-commit wants that looked at.
    writeFileSync(join(project, "Dockerfile"), `${GOOD}MAINTAINER Ada\n`);
    const fixed = run("pre-commit", "run", "dflint-fix", "--hook-stage", "manual", "--all-files");
    expect(fixed.stdout).toContain("files were modified by this hook");
    expect(fixed.status).toBe(1);
    expect(readFileSync(join(project, "Dockerfile"), "utf8")).toBe(
      `${GOOD}LABEL org.opencontainers.image.authors="Ada"\n`,
    );
    expect(run("pre-commit", "run", "dflint-fix", "--hook-stage", "manual", "--all-files").status).toBe(0);

    // What the hook installed is the program and nothing that was needed to build it.
    const environment = readdirSync(home, { recursive: true, encoding: "utf8" }).find((path) =>
      path.endsWith("lib/node_modules/docker-engine-workspace"),
    );
    const packed = join(home, environment ?? "");
    const manifest = JSON.parse(readFileSync(join(packed, "package.json"), "utf8")) as Record<
      string,
      unknown
    >;
    expect(Object.keys(manifest).filter((key) => /dependencies/i.test(key))).toEqual([]);
    const files = readdirSync(packed, { recursive: true, encoding: "utf8" });
    expect(files.filter((path) => path.includes("node_modules"))).toEqual([]);
    expect(files).toContain("packages/lint/dist/cli.mjs");
    expect(files.filter((path) => path.endsWith(".ts"))).toEqual([]);
  });
});
