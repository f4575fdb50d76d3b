/** `dflint fix` on real files: what is written, what is only shown, and what an interruption leaves. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { ensurePackages } from "test-support/engine";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { beforeAll, describe, expect, it } from "vitest";
import { CLI, dflint, writeFiles, type Run } from "./dflint-run.ts";

const REST = 'USER 1000\nCMD ["true"]\n';
const BAD = `FROM alpine:3.20\nMAINTAINER Ada <ada@example.org>\nRUN apk add curl\n${REST}`;
const FIXED = `FROM alpine:3.20\nLABEL org.opencontainers.image.authors="Ada <ada@example.org>"\nRUN apk add --no-cache curl\n${REST}`;
/** Only these rules, so that the tests stand on their own. */
const TWO = ["--only", "DFL810,DFL401"];

function read(folder: TempDir, name = "Dockerfile"): string {
  return readFileSync(folder.join(name), "utf8");
}

beforeAll(async () => {
  if (spawnSync("patch", ["--version"]).status !== 0) await ensurePackages(["patch"]);
});

describe("dflint fix", () => {
  it("writes what is safe, and fails for what is left", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD });
    const run = await dflint(["fix", ...TWO], { folder: folder.path });
    expect(run).toEqual({ code: 0, out: "No findings in 1 file, 2 fixed.\n", err: "" });
    expect(read(folder)).toBe(FIXED);
    expect(await dflint(["fix", ...TWO], { folder: folder.path })).toEqual({
      code: 0,
      out: "No findings in 1 file.\n",
      err: "",
    });
    writeFiles(folder, { Dockerfile: "FROM alpine:latest\n" });
    expect((await dflint(["fix", "--only", "DFL202"], { folder: folder.path })).code).toBe(1);
  });

  it.each([
    [
      "--select names",
      ["fix", ...TWO, "--select", "DL3019"],
      "",
      FIXED.replace(/LABEL.*/, "MAINTAINER Ada <ada@example.org>"),
    ],
    [
      "fix.never leaves",
      ["fix", ...TWO],
      "fix: { never: [maintainer-deprecated] }\n",
      FIXED.replace(/LABEL.*/, "MAINTAINER Ada <ada@example.org>"),
    ],
    ["check --fix has all of", ["--fix", ...TWO], "", FIXED],
  ])("fixes what %s", async (_, args, config, expected) => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD, ".dflint.yaml": config });
    await dflint(args, { folder: folder.path });
    expect(read(folder)).toBe(expected);
  });

  it.each([
    [["fix"], "", false],
    [["fix", "--unsafe"], "", true],
    [["--fix-unsafe"], "", true],
    [["fix"], "fix: { unsafe: true }\n", true],
  ])("%j with %j applies unsafe fixes: %s", async (args, config, expected) => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: 'FROM alpine:3.20\nCMD ["true"]\n', ".dflint.yaml": config });
    await dflint([...args, "--only", "DFL501"], { folder: folder.path });
    expect(read(folder).includes("USER")).toBe(expected);
  });

  it.each([
    ["CRLF", BAD.replaceAll("\n", "\r\n"), FIXED.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\ufeff${BAD}`, `\ufeff${FIXED}`],
    ["no final line break", BAD.trimEnd(), FIXED.trimEnd()],
    ["another escape character", `# escape=\`\n${BAD}`, `# escape=\`\n${FIXED}`],
  ])("keeps %s, and the mode of the file", async (_, text, expected) => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: text });
    chmodSync(folder.join("Dockerfile"), 0o751);
    await dflint(["fix", ...TWO], { folder: folder.path });
    expect(read(folder)).toBe(expected);
    expect(statSync(folder.join("Dockerfile")).mode & 0o777).toBe(0o751);
  });

  it("writes through a link, and refuses what it would spoil", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { "real/File": BAD, "latin.Dockerfile": Buffer.from(`${BAD}# \xe9\n`, "latin1") });
    symlinkSync("real/File", folder.join("Dockerfile"));
    const run = await dflint(["fix", ...TWO], { folder: folder.path });
    expect(lstatSync(folder.join("Dockerfile")).isSymbolicLink()).toBe(true);
    expect(read(folder, "real/File")).toBe(FIXED);
    expect(run.code).toBe(2);
    expect(run.err).toBe("dflint: latin.Dockerfile: cannot be fixed: it holds bytes that are no UTF-8.\n");
  });
});

describe("--diff", () => {
  it("needs fixes to show", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD });
    const run = await dflint(["--diff"], { folder: folder.path });
    expect(run).toMatchObject({ code: 2, out: "" });
    expect(run.err).toContain('write "dflint fix --diff"');
  });

  it.each(["git", "patch"] as const)("is what %s applies, and changes nothing itself", async (program) => {
    await using folder = await tempDir();
    // Two Dockerfiles share one ignore file, which does not exist yet; a third one is a link.
    const files = {
      Dockerfile: `${BAD}COPY . .\n`,
      "b c.Dockerfile": `${BAD}COPY . .\n`.replaceAll("\n", "\r\n"),
      "real/File": BAD.trimEnd(),
      "node_modules/x/index.js": "",
      ".git/HEAD": "",
    };
    writeFiles(folder, files);
    symlinkSync("real/File", folder.join("z.Dockerfile"));
    const args = [...TWO, "--select", "DFL602,DFL604", "Dockerfile", "b c.Dockerfile", "z.Dockerfile"];
    const run = await dflint(["check", "--fix", "--diff", ...args], { folder: folder.path });
    expect(run.code).toBe(1);
    for (const [name, text] of Object.entries(files)) expect(read(folder, name)).toBe(text);
    const apply = program === "git" ? ["apply", "--whitespace=nowarn"] : ["-p1", "--binary", "--silent"];
    execFileSync(program, apply, { cwd: folder.path, input: run.out });
    const again = await dflint(["check", "--fix", "--diff", ...args], { folder: folder.path });
    expect({ code: again.code, out: again.out }).toEqual({ code: 0, out: "" });
    expect(read(folder)).toBe(`${FIXED}COPY . .\n`);
    expect(read(folder, "b c.Dockerfile")).toBe(`${FIXED}COPY . .\n`.replaceAll("\n", "\r\n"));
    expect(read(folder, "real/File")).toBe(FIXED.trimEnd());
    expect(lstatSync(folder.join("z.Dockerfile")).isSymbolicLink()).toBe(true);
  });

  it("fails for changes alone with fix, and for what is left as well with check", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: "FROM alpine:latest\n" });
    const only = ["--only", "DFL202"];
    const fixed = await dflint(["fix", "--diff", ...only], { folder: folder.path });
    expect(fixed).toEqual({ code: 0, out: "", err: "dflint: Would apply 0 fixes in 0 files.\n" });
    expect((await dflint(["--fix", "--diff", ...only], { folder: folder.path })).code).toBe(1);
  });

  it("shows standard input, too", async () => {
    await using folder = await tempDir();
    const run = await dflint(["fix", "--diff", ...TWO, "-", "--stdin-filename", "a/Dockerfile"], {
      folder: folder.path,
      input: BAD,
    });
    expect(run.code).toBe(1);
    expect(run.out).toMatch(/^--- a\/a\/Dockerfile\n\+\+\+ b\/a\/Dockerfile\n@@ -1,5 \+1,5 @@\n/);
  });

  it("is of the nearest folder that holds all changed files, and says which one that is", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { "a/Dockerfile": BAD, "b/Dockerfile": BAD, "a/..x/Dockerfile": BAD });
    const inside = await dflint(["fix", "--diff", ...TWO], { folder: folder.join("a") });
    expect(inside.err).toBe("dflint: Would apply 4 fixes in 2 files.\n");
    const run = await dflint(["fix", "--diff", ...TWO, ".", "../b"], { folder: folder.join("a") });
    expect(run.err).toContain(`The diff is to be applied in ${realpathSync(folder.path)}.`);
    execFileSync("git", ["apply"], { cwd: folder.path, input: run.out });
    for (const name of ["a/Dockerfile", "b/Dockerfile", "a/..x/Dockerfile"])
      expect(read(folder, name)).toBe(FIXED);
  });

  it("prints nothing but the diff, whatever the format; reports to files are written", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD });
    const args = ["fix", "--diff", ...TWO, "-o", "json", "-o", "json=r.json"];
    const run = await dflint(args, { folder: folder.path });
    expect(run.out).toMatch(/^--- a\/Dockerfile\n/);
    expect(run.out).not.toContain("schemaVersion");
    expect(JSON.parse(read(folder, "r.json"))).toMatchObject({ schemaVersion: 1 });
  });
});

describe("--verify", () => {
  it("needs fixes to verify, and an engine; without one nothing is written", async () => {
    await using folder = await tempDir();
    const text = "FROM busybox:1\nENV A b\n";
    writeFiles(folder, { Dockerfile: text });
    const alone = await dflint(["--verify", "Dockerfile"], { folder: folder.path });
    expect(alone).toMatchObject({ code: 2, out: "" });
    expect(alone.err).toContain('write "dflint fix --verify", or "dflint verify"');
    const host = `unix://${folder.join("none.sock")}`;
    for (const args of [
      ["fix", "--verify"],
      ["--fix", "--verify"],
      ["fix", "--verify", "--diff"],
      ["verify"],
    ]) {
      const run = await dflint([...args, "--host", host, "Dockerfile"], { folder: folder.path });
      expect(run).toMatchObject({ code: 4, out: "" });
      expect(run.err).toContain(host);
    }
    expect(readFileSync(folder.join("Dockerfile"), "utf8")).toBe(text);
    // What there is not is told before an engine is looked for.
    mkdirSync(folder.join("empty"));
    for (const [code, ...operands] of [
      [2, "--compose", "nope.yaml"],
      [2, "--bake", "nope.json"],
      [2, "nope"],
      [3, "empty"],
    ] as const) {
      for (const command of [["fix", "--verify"], ["fix", "--verify", "--diff"], ["verify"], ["measure"]]) {
        const run = await dflint([...command, "--host", host, ...operands], { folder: folder.path });
        expect({ command, operands, code: run.code }).toEqual({ command, operands, code });
        expect(run.err).toMatch(/nope|No Dockerfile found in empty/);
      }
    }
  });

  it("refuses secrets and builders that it does not know before it looks for an engine", async () => {
    await using folder = await tempDir();
    const run = (...args: readonly string[]): Promise<Run> =>
      dflint(["verify", "--host", "unix:///none.sock", ...args], { folder: folder.path });
    expect(await run("--secret", "npm")).toMatchObject({ code: 2 });
    expect(await run("--builder", "docker")).toMatchObject({ code: 2 });
  });
});

describe("an interrupted run", () => {
  it("leaves every file old or new, wherever it is killed", async () => {
    await using folder = await tempDir();
    const names = Array.from({ length: 40 }, (_, index) => `${index}.Dockerfile`);
    const padding = "# padding\n".repeat(2000);
    for (let delay = 150; delay < 600; delay += 50) {
      for (const name of names) writeFileSync(folder.join(name), `${BAD}${padding}`);
      const child = spawn(process.execPath, [CLI, "fix", ...TWO], { cwd: folder.path, stdio: "ignore" });
      const timer = setTimeout(() => child.kill("SIGKILL"), delay);
      await once(child, "close");
      clearTimeout(timer);
      for (const name of names)
        expect([`${BAD}${padding}`, `${FIXED}${padding}`]).toContain(read(folder, name));
    }
    expect(readdirSync(folder.path).filter((name) => names.includes(name))).toHaveLength(names.length);
  });

  it("ends with 130 in the middle of one very long file", async () => {
    await using folder = await tempDir();
    writeFiles(folder, {
      Dockerfile: `FROM alpine:3.20\n${"RUN apt-get install -y a && cd /x\n".repeat(400_000)}`,
    });
    // A shell tells the status as users see it; exec would hide it.
    const command = `"${process.execPath}" "${CLI}" fix & pid=$!; echo $pid; wait $pid; echo "status $?"`;
    const child = spawn("bash", ["-c", command], { cwd: folder.path, stdio: ["ignore", "pipe", "ignore"] });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    await once(child.stdout, "data");
    const pid = Number(out.trim());
    // It is at work once it has used far more time than starting takes, and no longer waits for anything.
    const ticks = (): number =>
      Number(
        readFileSync(`/proc/${pid}/stat`, "utf8")
          .replace(/^.*\) /, "")
          .split(" ")[11],
      );
    while (ticks() < 100) await new Promise((resolve) => setTimeout(resolve, 20));
    process.kill(pid, "SIGINT");
    await once(child, "close");
    expect(out).toMatch(/\nstatus 130\n$/);
    expect(read(folder)).toContain("RUN apt-get install -y a && cd /x\n");
  });
});
