/** What the built program loads: it is started by every commit and every save. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, join } from "node:path";
import { tempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { CLI, writeFiles } from "./dflint-run.ts";

const FOLDER = join(dirname(CLI), "cli");

/** Whatever a built file imports or requires, at once or later on. */
function importsOf(path: string): string[] {
  const code = readFileSync(path, "utf8");
  const calls = /\b(?:import|require|getBuiltinModule)\(\s*(["'`])([^"'`\n]+)\1/g;
  const statements = /(?:^|;)\s*(?:import|export)\b(?:[^"'`;()]*\bfrom)?\s*(["'])([^"'\n]+)\1/g;
  return [...code.matchAll(calls), ...code.matchAll(statements)].map((match) => match[2] ?? "");
}

/** The files of ours that a run really loads, by name, and those of others. */
async function loadedBy(...args: readonly string[]): Promise<string[]> {
  await using folder = await tempDir();
  writeFiles(folder, {
    Dockerfile: "FROM alpine:3.20\nRUN echo a | tee b\n",
    "list.cjs": `process.on("exit", () => require("fs").writeFileSync("loaded.json", JSON.stringify(Object.keys(require.cache))));`,
  });
  spawnSync(process.execPath, ["--require", folder.join("list.cjs"), CLI, ...args], { cwd: folder.path });
  const paths = JSON.parse(readFileSync(folder.join("loaded.json"), "utf8")) as string[];
  return paths
    .filter((path) => path !== folder.join("list.cjs"))
    .map((path) => (dirname(path) === FOLDER ? basename(path) : path))
    .toSorted();
}

const USUAL = ["core.cjs", "program.cjs", "rolldown-runtime.cjs"];

describe("the built program", () => {
  it("loads nothing but Node's own modules for --version", async () => {
    expect(importsOf(CLI).filter((name) => !name.startsWith("node:") && !name.startsWith("./"))).toEqual([]);
    expect(await loadedBy("--version")).toEqual([]);
  });

  it("loads its core for a usual run, and no YAML, no other format, no other command", async () => {
    expect(await loadedBy()).toEqual(USUAL);
    expect(await loadedBy("Dockerfile")).toEqual(USUAL);
  });

  it("loads the rest when it is asked for", async () => {
    expect(await loadedBy("-o", "json")).toEqual(["core.cjs", "json.cjs", ...USUAL.slice(1)]);
    expect(await loadedBy("explain", "DFL810")).toEqual([
      "core.cjs",
      "documented-rules.cjs",
      "explain.cjs",
      "program.cjs",
      "rolldown-runtime.cjs",
      "rule-page.cjs",
    ]);
  });

  it("needs nothing from outside, so that the hook installs nothing; but the SDK, where an engine is asked for", () => {
    const files = [
      CLI,
      ...readdirSync(FOLDER)
        .filter((name) => name.endsWith(".cjs"))
        .map((name) => join(FOLDER, name)),
    ];
    const names = files.flatMap(importsOf);
    expect(names.filter((name) => !name.startsWith("./") && !isBuiltin(name))).toEqual(["docker-engine-sdk"]);
    expect(
      importsOf(join(FOLDER, "core.cjs")).filter((name) => !isBuiltin(name) && !name.startsWith("./")),
    ).toEqual([]);
    expect(names.filter((name) => name.startsWith("node:")).length).toBeGreaterThan(5);
    expect(names).toContain("./read-yaml.cjs");
  });

  it("carries no prose and no examples of rules but for explain and SARIF; their marks tell them", () => {
    const marked = readdirSync(FOLDER).filter(
      (name) => name.endsWith(".cjs") && readFileSync(join(FOLDER, name), "utf8").includes("⟦"),
    );
    expect(marked).toEqual(["documented-rules.cjs", "rule-page.cjs"]);
  });

  it("runs without its compiled code, and with one that is not of this Node", async () => {
    await using folder = await tempDir();
    const copy = (...names: readonly string[]): void => {
      for (const name of names) writeFiles(folder, { [name]: readFileSync(join(dirname(CLI), name)) });
    };
    copy("cli.mjs", ...readdirSync(FOLDER).map((name) => `cli/${name}`));
    const cache = folder.join("cli/core.cjs.cache");
    expect(existsSync(cache)).toBe(true);
    const version = (): string =>
      execFileSync(process.execPath, [folder.join("cli.mjs"), "explain", "DFL810"], { encoding: "utf8" });
    expect(version()).toMatch(/^# DFL810/);
    writeFileSync(cache, "of another Node");
    expect(version()).toMatch(/^# DFL810/);
    execFileSync("rm", [cache]);
    expect(version()).toMatch(/^# DFL810/);
  });
});
