/** Report files: several in one run, each whole or not there. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { CLI, dflint, writeFiles } from "./dflint-run.ts";

const BAD = 'FROM alpine:3.20\nMAINTAINER Ada\nUSER 1000\nCMD ["true"]\n';
const ONE = ["--only", "DFL810"];
const FORMATS = [
  "tty",
  "compact",
  "json",
  "jsonl",
  "sarif",
  "github",
  "gitlab",
  "codeclimate",
  "checkstyle",
  "junit",
  "sonarqube",
  "markdown",
];

describe("report files", () => {
  it("are all written in one run, the same as what is printed, and never change the exit code", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD });
    const outputs = FORMATS.flatMap((format) => ["-o", `${format}=r.${format}`]);
    expect(await dflint([...ONE, ...outputs], { folder: folder.path })).toEqual({
      code: 1,
      out: "",
      err: "",
    });
    expect(readdirSync(folder.path).toSorted()).toEqual(
      ["Dockerfile", ...FORMATS.map((format) => `r.${format}`)].toSorted(),
    );
    for (const format of FORMATS) {
      const printed = await dflint([...ONE, "-o", format], { folder: folder.path });
      expect(printed).toEqual({ code: 1, out: readFileSync(folder.join(`r.${format}`), "utf8"), err: "" });
      const clean = await dflint([...ONE, "--fail-on", "error", "-o", format], { folder: folder.path });
      expect(clean.code).toBe(0);
    }
  });

  it("keep the link and the mode of what was there", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD, "real.json": "old" });
    chmodSync(folder.join("real.json"), 0o640);
    symlinkSync("real.json", folder.join("link.json"));
    await dflint([...ONE, "-o", "json=link.json"], { folder: folder.path });
    expect(lstatSync(folder.join("link.json")).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(folder.join("real.json"), "utf8"))).toMatchObject({ schemaVersion: 1 });
    expect(statSync(folder.join("real.json")).mode & 0o777).toBe(0o640);
  });

  it("are written even where another one cannot be", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD });
    mkdirSync(folder.join("taken"));
    const outputs = ["-o", "json=none/x", "-o", "sarif=taken", "-o", "json=good.json"];
    const run = await dflint([...ONE, ...outputs], { folder: folder.path });
    expect(run).toEqual({
      code: 2,
      out: "",
      err: expect.stringMatching(
        /none\/x: there is no folder none\.\n.*taken: cannot be written: it is a folder\.\n$/,
      ),
    });
    expect(readdirSync(folder.path).toSorted()).toEqual(["Dockerfile", "good.json", "taken"]);
  });

  it.each([
    [["-o", "json=x", "-o", "sarif=./x"], "Two reports cannot both be written to ./x."],
    [["-o", "json="], '"json=" names no file: write json=PATH.'],
  ])("are refused for %j before anything is linted", async (args, message) => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD });
    const run = await dflint(args, { folder: folder.path });
    expect(run).toEqual({ code: 2, out: "", err: `dflint: ${message}\n` });
  });

  it("are old, new or not there, wherever the run is killed", async () => {
    await using folder = await tempDir();
    writeFiles(folder, {
      Dockerfile: `FROM alpine:3.20\n${"MAINTAINER Ada\n".repeat(20_000)}`,
      "old.json": "old",
    });
    for (let delay = 200; delay < 2000; delay += 200) {
      rmSync(folder.join("new.json"), { force: true });
      writeFiles(folder, { "old.json": "old" });
      const args = [CLI, ...ONE, "-o", "json=new.json", "-o", "json=old.json"];
      const child = spawn(process.execPath, args, { cwd: folder.path, stdio: "ignore" });
      const timer = setTimeout(() => child.kill("SIGKILL"), delay);
      await once(child, "close");
      clearTimeout(timer);
      const texts = ["new.json", "old.json"].map((name) =>
        existsSync(folder.join(name)) ? readFileSync(folder.join(name), "utf8") : "old",
      );
      for (const text of texts.filter((one) => one !== "old")) {
        expect(JSON.parse(text)).toMatchObject({ summary: { warning: 20_000 } });
      }
    }
    await dflint([...ONE, "-o", "json=new.json"], { folder: folder.path });
    expect(JSON.parse(readFileSync(folder.join("new.json"), "utf8"))).toMatchObject({ schemaVersion: 1 });
  });
});
