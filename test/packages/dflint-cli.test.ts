/** The built command line: what it prints, where, and how it ends. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { tempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { CLI, dflint, writeFiles, type Run } from "./dflint-run.ts";

const CLEAN = 'FROM alpine:3.20\nUSER 1000\nCMD ["true"]\n';
const BAD = `${CLEAN}MAINTAINER Ada <ada@example.org>\n`;
/** Only this rule, so that the tests stand on their own. */
const ONE = ["--only", "DFL810"];

interface JsonReport {
  readonly summary: Readonly<Record<string, unknown>>;
  readonly files: readonly {
    readonly path: string;
    readonly diagnostics: readonly Readonly<Record<string, unknown>>[];
  }[];
  readonly errors: readonly string[];
}

function readJson({ out }: Run): JsonReport {
  return JSON.parse(out) as JsonReport;
}

/** No mistake of a user is answered with the inside of the program. */
function expectNoStack({ out, err }: Run): void {
  expect(`${out}${err}`).not.toMatch(/\n\s+at |defect of dflint|node:internal/);
}

it("says what the README shows", async () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const shown = /held by a test -->\n```dockerfile\n([^]*?)```\n\n```text\n([^]*?)```/.exec(readme);
  await using folder = await tempDir();
  writeFiles(folder, { Dockerfile: shown?.[1] ?? "" });
  const { out } = await dflint(["--no-config", "Dockerfile"], { folder: folder.path });
  expect(out).toBe(shown?.[2]);
});

describe("exit codes", () => {
  it("are 0 for nothing, 1 for findings, 3 for no file", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD, "clean/Dockerfile": CLEAN, "empty/x.txt": "" });
    const code = async (...args: string[]): Promise<number | null> =>
      (await dflint([...ONE, ...args], { folder: folder.path })).code;
    expect(await code("clean")).toBe(0);
    expect(await code()).toBe(1);
    expect((await dflint(["check", ...ONE, "."], { folder: folder.path })).code).toBe(1);
    expect(await code("empty")).toBe(3);
    expect(await code("empty", "--allow-empty")).toBe(0);
    expect(await code("--fail-on", "error")).toBe(0);
    expect(await code("--fail-on", "never")).toBe(0);
    expect(await code("--fail-on", "error", "--severity", "DFL810=error")).toBe(1);
    expect(await code("--fail-on", "error", "--max-warnings", "0")).toBe(1);
    expect(await code("--fail-on", "error", "--max-warnings=1")).toBe(0);
  });

  it.each([
    [["--ouput", "json"], 'There is no option --ouput. Did you mean "--output"?'],
    [
      ["-o", "jsn"],
      'There is no format "jsn": use tty, compact, json, jsonl, sarif, github, gitlab, codeclimate, checkstyle, junit, sonarqube, markdown. Did you mean "json"?',
    ],
    [["--fail-on", "warnings"], 'Did you mean "warning"?'],
    [["--preset", "strickt"], 'Did you mean "strict"?'],
    [
      ["--only", "maintainer-deprecatd"],
      'There is no rule "maintainer-deprecatd". Did you mean "maintainer-deprecated"?',
    ],
    [["--severity", "DFL810=bad"], "--severity takes RULE=LEVEL"],
    [["--max-warnings", "many"], '--max-warnings takes a whole number, not "many".'],
    [["--config"], "--config needs a value: --config FILE."],
    [["--quiet=yes"], "--quiet takes no value."],
    [["--config", "missing.yaml"], "missing.yaml: cannot be read: no such file."],
    [["--zzzzzzzz"], 'There is no option --zzzzzzzz. "dflint --help" lists them.'],
    [[""], "An empty argument names no file."],
    [["rules", "--zzzzzzzz"], 'There is no option --zzzzzzzz. "dflint rules --help" lists them.'],
    [["-v"], 'There is no option -v. Did you mean "-V"?'],
    [["--context", "missing"], "--context: there is no folder missing."],
    [["--context", "Dockerfile"], "--context: there is no folder Dockerfile."],
    [["--only", ""], "--only needs a value, and got an empty one: --only RULE."],
    [["--only=,"], "--only needs a value"],
    [["help"], 'Did you mean the command "dflint --help"?'],
    [["missing"], "missing: cannot be read: no such file."],
    [["--no-config", "fix"], 'The command comes first: "dflint fix".'],
    [["--no-config", "fix", "--unsafe"], 'The command comes first: "dflint fix --unsafe".'],
    [["basline", "create"], 'Did you mean the command "dflint baseline"?'],
    [["explain"], "Name a rule"],
    [["explain", "nothing-like-it"], 'There is no rule "nothing-like-it"'],
    [["rules", "extra"], 'dflint rules takes no "extra".'],
    [["config"], "Name a file"],
    [["-o", "json=/no/such/folder/x"], "The report cannot be written to /no/such/folder/x"],
  ])("are 2 for %j", async (args, message) => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD });
    const run = await dflint(args, { folder: folder.path });
    expect({ code: run.code, out: run.out }).toEqual({ code: 2, out: "" });
    expect(run.err).toContain(message);
    expect(run.err).toMatch(/^dflint: /);
    expectNoStack(run);
  });

  it("are 130 when interrupted", async () => {
    const child = spawn(process.execPath, [CLI, "-"], { stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.write("FROM x\n");
    // It has started for sure once it has loaded its code, which it does before it reads.
    while (!readFileSync(`/proc/${child.pid}/status`, "utf8").includes("SigCgt:\t"))
      await once(child.stdout, "readable");
    const signalled = setInterval(() => child.kill("SIGINT"), 100);
    const [code, signal] = (await once(child, "close")) as [number | null, string | null];
    clearInterval(signalled);
    expect(code ?? (signal === "SIGINT" ? 130 : signal)).toBe(130);
  });
});

it("tells that there is no stage of the name that is to be built", async () => {
  await using folder = await tempDir();
  writeFiles(folder, { Dockerfile: 'FROM alpine:3.20 AS app\nUSER 1000\nCMD ["true"]\n' });
  for (const target of ["app", "APP", "0"])
    expect(await dflint(["--target", target], { folder: folder.path })).toMatchObject({ code: 0, err: "" });
  expect((await dflint(["--target", "ap"], { folder: folder.path })).err).toBe(
    'dflint: Dockerfile: there is no stage "ap", so it is judged as if its last one were built.\n',
  );
});

describe("formats", () => {
  it("tty shows the line, a caret below the word, and a summary", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD });
    const { out, err } = await dflint(ONE, { folder: folder.path });
    expect(err).toBe("");
    expect(out).toBe(`Dockerfile:4:1 warning DFL810 maintainer-deprecated (DL4000, MaintainerDeprecated)
  MAINTAINER is deprecated and shown by no registry; write LABEL org.opencontainers.image.authors instead.
  3 │ CMD ["true"]
  4 │ MAINTAINER Ada <ada@example.org>
    │ ^^^^^^^^^^
  safe fix Replace MAINTAINER with a label

1 finding (1 warning) in 1 file; 1 fixable by "dflint fix".
`);
  });

  it.each([
    [{}, [], false],
    [{ FORCE_COLOR: "1" }, [], true],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, [], true],
    [{ FORCE_COLOR: "0" }, [], false],
    [{ FORCE_COLOR: "1" }, ["--no-color"], false],
    [{ NO_COLOR: "1" }, [], false],
  ])("tty with %j and %j has colours: %s", async (environment, args, expected) => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD });
    const { out } = await dflint([...ONE, ...args], { folder: folder.path, environment });
    expect(out.includes("\u001b[")).toBe(expected);
  });

  it("tty lets no file steer the terminal", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: `${CLEAN}MAINTAINER \u001b[2J\u202e\n` });
    const { out } = await dflint(ONE, { folder: folder.path });
    expect(out).toContain("MAINTAINER \\u{1b}[2J\\u{202e}");
    expect(out).not.toContain("\u001b");
  });

  it("compact has a line for each finding and nothing else", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD, "b.Dockerfile": BAD, "c.Dockerfile": CLEAN });
    const { out } = await dflint([...ONE, "-o", "compact"], { folder: folder.path });
    expect(out.split("\n").map((line) => line.slice(0, 60))).toEqual([
      "Dockerfile:4:1: warning DFL810 maintainer-deprecated: MAINTA",
      "b.Dockerfile:4:1: warning DFL810 maintainer-deprecated: MAIN",
      "",
    ]);
  });

  it("github has annotations with escaped properties", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { "a,b:c.Dockerfile": BAD });
    const { out, code } = await dflint([...ONE, "--format", "github"], { folder: folder.path });
    expect(out).toMatch(
      /^::warning file=a%2Cb%3Ac\.Dockerfile,line=4,col=1,endLine=4,endColumn=11,title=DFL810 maintainer-deprecated::MAINTAINER is/,
    );
    expect(code).toBe(1);
  });

  it("json is the documented document", async () => {
    await using folder = await tempDir();
    writeFiles(folder, {
      Dockerfile: `FROM alpine:3.20 AS base\n# dflint ignore=DFL810 -- why\nMAINTAINER a\nFROM base\nMAINTAINER ü b\n`,
    });
    const run = await dflint([...ONE, "-o", "json"], { folder: folder.path });
    const { version } = JSON.parse(
      readFileSync(new URL("../../packages/lint/package.json", import.meta.url), "utf8"),
    ) as { version: string };
    const range = { start: { line: 5, column: 1 }, end: { line: 5, column: 11 } };
    expect(readJson(run)).toEqual({
      schemaVersion: 1,
      tool: { name: "dflint", version, ruleset: "2026-11", preset: "recommended" },
      summary: {
        files: 1,
        error: 0,
        warning: 1,
        info: 0,
        style: 0,
        suppressed: 1,
        baselined: 0,
        fixable: 1,
        failOn: "warning",
        exitCode: 1,
      },
      files: [
        {
          path: "Dockerfile",
          stages: [
            { index: 0, name: "base", shipped: true, base: { ref: "alpine:3.20" } },
            { index: 1, name: null, shipped: true, base: { ref: "base" } },
          ],
          diagnostics: [
            {
              rule: "DFL810",
              name: "maintainer-deprecated",
              aliases: ["DL4000", "MaintainerDeprecated"],
              severity: "warning",
              category: "labels",
              message: expect.stringContaining("MAINTAINER is deprecated"),
              range,
              offset: [78, 88],
              stage: 1,
              instruction: "MAINTAINER",
              related: [],
              fixes: [
                {
                  title: "Replace MAINTAINER with a label",
                  applicability: "safe",
                  edits: [
                    {
                      range: { start: range.start, end: { line: 5, column: 15 } },
                      newText: 'LABEL org.opencontainers.image.authors="ü b"',
                    },
                  ],
                  verification: null,
                },
              ],
              evidence: [],
              fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
              docs: "docs/rules/dfl810-maintainer-deprecated.md",
            },
          ],
        },
      ],
      errors: [],
    });
    expect(run.code).toBe(1);
  });

  it("can be several at once, some to files, which leave no trace of the writing", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD });
    const { out, code } = await dflint(
      [...ONE, "-o", "compact", "-o", "json=report.json", "-o", "tty=report.txt"],
      {
        folder: folder.path,
        environment: { FORCE_COLOR: "1" },
      },
    );
    expect(out.split("\n")).toHaveLength(2);
    expect(code).toBe(1);
    expect(readdirSync(folder.path).toSorted()).toEqual(["Dockerfile", "report.json", "report.txt"]);
    expect(JSON.parse(readFileSync(folder.join("report.json"), "utf8"))).toMatchObject({
      summary: { warning: 1 },
    });
    expect(readFileSync(folder.join("report.txt"), "utf8")).not.toContain("\u001b");
  });

  it("do not change the exit code, and --show and --quiet neither", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD });
    for (const args of [
      ["-o", "tty"],
      ["-o", "compact"],
      ["-o", "json"],
      ["-o", "github"],
      ["--show", "error"],
    ]) {
      expect((await dflint([...ONE, ...args], { folder: folder.path })).code).toBe(1);
    }
    const hidden = readJson(await dflint([...ONE, "--show", "error", "-o", "json"], { folder: folder.path }));
    expect(hidden.files[0]?.diagnostics).toEqual([]);
    const quiet = await dflint([...ONE, "--quiet", "--fail-on", "error", "-o", "json"], {
      folder: folder.path,
    });
    expect(quiet.code).toBe(0);
    expect(readJson(quiet).summary["warning"]).toBe(0);
  });
});

describe("standard input", () => {
  it("is linted under the name it is given, with that folder's configuration", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { "a/.dflint.yaml": "rules: {DFL810: error}\n" });
    const run = await dflint([...ONE, "-", "--stdin-filename", "a/Dockerfile", "-o", "compact"], {
      folder: folder.path,
      input: BAD,
    });
    expect(run.out).toMatch(/^a\/Dockerfile:4:1: error DFL810/);
    expect(run.code).toBe(1);
  });

  it("has a name of its own otherwise", async () => {
    await using folder = await tempDir();
    const run = await dflint([...ONE, "-", "-o", "compact"], { folder: folder.path, input: BAD });
    expect(run.out).toMatch(/^<stdin>:4:1: warning DFL810/);
  });

  it("comes back fixed with --fix, the report beside it", async () => {
    await using folder = await tempDir();
    const run = await dflint([...ONE, "-", "--fix"], { folder: folder.path, input: BAD });
    expect(run.out).toBe(`${CLEAN}LABEL org.opencontainers.image.authors="Ada <ada@example.org>"\n`);
    expect(run.err).toBe("No findings in 1 file, 1 fixed.\n");
    expect(run.code).toBe(0);
  });
});

describe("fixing", () => {
  it("changes files, and reports what is left", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD });
    const run = await dflint([...ONE, "--fix"], { folder: folder.path });
    expect({ code: run.code, out: run.out }).toEqual({ code: 0, out: "No findings in 1 file, 1 fixed.\n" });
    expect(readFileSync(folder.join("Dockerfile"), "utf8")).toContain(
      "LABEL org.opencontainers.image.authors=",
    );
  });
});

describe("which files", () => {
  it("are those of the repository, of folders, of globs, each once", async () => {
    await using folder = await tempDir();
    writeFiles(folder, {
      Dockerfile: BAD,
      "a/x.Dockerfile": BAD,
      "a/y.txt": BAD,
      "ignored/Dockerfile": BAD,
      ".gitignore": "ignored\n",
    });
    execFileSync("git", ["init", "-q"], { cwd: folder.path });
    const paths = async (...args: string[]): Promise<string[]> =>
      readJson(await dflint([...ONE, "-o", "json", ...args], { folder: folder.path })).files.map(
        ({ path }) => path,
      );
    expect(await paths()).toEqual(["Dockerfile", "a/x.Dockerfile"]);
    expect(await paths("a", "./a/x.Dockerfile")).toEqual(["a/x.Dockerfile"]);
    expect(await paths("a/*.txt")).toEqual(["a/y.txt"]);
    expect(await paths("ignored")).toEqual([]);
    expect(await paths("ignored/Dockerfile")).toEqual(["ignored/Dockerfile"]);
    expect(await paths("--exclude", "a/")).toEqual(["Dockerfile"]);
    expect(await dflint(["--exclude", ""], { folder: folder.path })).toMatchObject({
      code: 2,
      err: 'dflint: --exclude "": the pattern is empty.\n',
    });
  });

  it("are looked at by the configuration nearest to them", async () => {
    await using folder = await tempDir();
    writeFiles(folder, {
      ".dflint.yaml": "rules: {DFL810: off}\noverrides: [{files: b/**, rules: {DFL810: info}}]\n",
      Dockerfile: BAD,
      "b/Dockerfile": BAD,
      "c/.dflint.yaml": "rules: {DFL810: error}\n",
      "c/d/Dockerfile": BAD,
    });
    const run = await dflint(["-o", "compact"], { folder: folder.path });
    const lines = run.out.split("\n").filter((line) => line.includes("DFL810"));
    expect(lines.map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
      "b/Dockerfile:4:1: info",
      "c/d/Dockerfile:4:1: error",
    ]);
  });
});

describe("bad input", () => {
  it.each([
    [
      "a list",
      "- a\n",
      /^dflint: .*\.dflint\.yaml:1:1: A configuration is a mapping of keys, not a list\.$/m,
    ],
    [
      "an unknown key",
      "failon: error\n",
      /\.dflint\.yaml:1:1: Unknown key "failon"\. Did you mean "fail-on"\?/,
    ],
    [
      "an unknown rule",
      "rules:\n  maintainer-depricated: off\n",
      /\.dflint\.yaml:2:3: There is no rule "maintainer-depricated"\. Did you mean "maintainer-deprecated"\?/,
    ],
    ["an unknown level", "rules: {DFL810: fatal}\n", /\.dflint\.yaml:1:17: "fatal" is no value/],
    ["broken YAML", "rules: {\n", /\.dflint\.yaml:\d:\d: /],
  ])("a configuration that is %s ends with 2 and says where", async (_, config, message) => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD, ".dflint.yaml": config });
    const run = await dflint([], { folder: folder.path });
    expect({ code: run.code, out: run.out }).toEqual({ code: 2, out: "" });
    expect(run.err).toMatch(message);
    expectNoStack(run);
  });

  it.each([
    ["binary", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1, 2]), /binary/],
    ["UTF-16", Buffer.from("\ufeffFROM alpine:3.20\n", "utf16le"), /UTF-16/],
    ["empty", Buffer.alloc(0), /./],
    ["unparsable", Buffer.from("RUN <<EOF\n"), /./],
  ])("a file that is %s is a finding", async (_, content, message) => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: content });
    const run = await dflint(["--select", "DFL901", "-o", "json"], { folder: folder.path });
    expect(run.code).toBe(1);
    const errors = readJson(run).files[0]?.diagnostics.filter(({ rule }) => rule === "DFL901") ?? [];
    expect(errors[0]?.["message"]).toMatch(message);
    expectNoStack(run);
  });

  it("bytes that are no UTF-8 are passed over", async () => {
    await using folder = await tempDir();
    writeFiles(folder, {
      Dockerfile: Buffer.concat([
        Buffer.from("FROM alpine:3.20\n# "),
        Buffer.from([0xff, 0xfe, 0x0a]),
        Buffer.from("MAINTAINER x\n"),
      ]),
    });
    expect((await dflint([...ONE, "-o", "compact"], { folder: folder.path })).out).toMatch(
      /^Dockerfile:3:1: warning DFL810/,
    );
  });

  it("what cannot be read is told, the rest is linted, and the run ends with 2", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD, "b.Dockerfile": BAD });
    mkdirSync(folder.join("c.Dockerfile"));
    symlinkSync("nowhere", folder.join("d.Dockerfile"));
    chmodSync(folder.path, 0o755);
    chmodSync(folder.join("b.Dockerfile"), 0);
    // The superuser may read everything, so the program runs as nobody.
    const uid = process.getuid?.() === 0 ? 65_534 : undefined;
    const run = await dflint([...ONE, "-o", "json", ".", "d.Dockerfile"], {
      folder: folder.path,
      ...(uid !== undefined && { uid }),
    });
    expect(run.code).toBe(2);
    expect(run.err.split("\n")).toEqual([
      "dflint: d.Dockerfile: the symbolic link points at nothing.",
      "dflint: b.Dockerfile: cannot be read: permission denied.",
      "",
    ]);
    expect(readJson(run).errors).toHaveLength(2);
    expect(readJson(run).files.map(({ path, diagnostics }) => [path, diagnostics.length])).toEqual([
      ["Dockerfile", 1],
    ]);
    expectNoStack(run);
  });

  it.each([["SIGINT"], ["SIGTERM"]] as const)(
    "a pipe that nobody writes to is waited for, until %s",
    async (signal) => {
      await using folder = await tempDir();
      execFileSync("mkfifo", [folder.join("Dockerfile")]);
      expect((await dflint(["."], { folder: folder.path })).code).toBe(3);
      const child = spawn(process.execPath, [CLI, "Dockerfile"], { cwd: folder.path, stdio: "ignore" });
      const signalled = setInterval(() => child.kill(signal), 100);
      const [code, by] = (await once(child, "close")) as [number | null, string | null];
      clearInterval(signalled);
      expect(code === 130 || by === signal).toBe(true);
    },
  );

  it("what cannot be written as it was is not fixed", async () => {
    await using folder = await tempDir();
    const lossy = Buffer.concat([Buffer.from(BAD), Buffer.from([0x23, 0xff, 0x0a])]);
    writeFiles(folder, { Dockerfile: lossy, "b.Dockerfile": BAD });
    const run = await dflint([...ONE, "--fix", "."], { folder: folder.path });
    expect(run).toMatchObject({
      code: 2,
      err: "dflint: Dockerfile: cannot be fixed: it holds bytes that are no UTF-8.\n",
    });
    expect(readFileSync(folder.join("Dockerfile")).equals(lossy)).toBe(true);
    expect(readFileSync(folder.join("b.Dockerfile"), "utf8")).not.toContain("MAINTAINER");
  });

  it("folders that cannot be looked into are told, and the rest is linted", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { "a/Dockerfile": BAD, "b/Dockerfile": BAD });
    chmodSync(folder.path, 0o755);
    chmodSync(folder.join("a"), 0);
    const uid = process.getuid?.() === 0 ? 65_534 : undefined;
    const run = await dflint([...ONE, "-o", "compact", "."], {
      folder: folder.path,
      ...(uid !== undefined && { uid }),
    });
    chmodSync(folder.join("a"), 0o755);
    expect({ code: run.code, err: run.err }).toEqual({
      code: 2,
      err: "dflint: a: cannot be read: permission denied.\n",
    });
    expect(run.out).toMatch(/^b\/Dockerfile:4:1: /);
  });

  it("an ignore file that several Dockerfiles share is fixed once", async () => {
    await using folder = await tempDir();
    writeFiles(folder, {
      ".git/config": "x",
      ".dockerignore": "dist\n",
      "a.Dockerfile": "FROM alpine:3.20\nCOPY . /app\n",
      "b.Dockerfile": "FROM alpine:3.20\nCOPY . /app\n",
    });
    const run = await dflint(["--only", "DFL602", "--fix", "."], { folder: folder.path });
    expect({ code: run.code, err: run.err }).toEqual({ code: 0, err: "" });
    expect(readFileSync(folder.join(".dockerignore"), "utf8")).toBe("dist\n.git\n");
  });

  it("a folder that is called Dockerfile is a folder", async () => {
    await using folder = await tempDir();
    mkdirSync(folder.join("Dockerfile"));
    const run = await dflint(["Dockerfile"], { folder: folder.path });
    expect({ code: run.code, err: run.err }).toEqual({
      code: 3,
      err: expect.stringContaining("dflint: No Dockerfile found in Dockerfile: name one, "),
    });
  });

  it("a reader that goes away is no error", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: `FROM alpine:3.20\n${"MAINTAINER x\n".repeat(20_000)}` });
    const script = `"${process.execPath}" "${CLI}" --only DFL810 Dockerfile | head -n 1; echo "status \${PIPESTATUS[0]}"`;
    const output = execFileSync("bash", ["-c", `${script} 2>&1`], { cwd: folder.path, encoding: "utf8" });
    expect(output.split("\n")).toEqual([
      expect.stringMatching(/^Dockerfile:2:1 warning DFL810/),
      "status 1",
      "",
    ]);
  });

  it("ten thousand files are no trouble", async () => {
    await using folder = await tempDir();
    writeFiles(
      folder,
      Object.fromEntries(
        Array.from({ length: 10_000 }, (_, index) => [`${index % 100}/${index}.Dockerfile`, BAD]),
      ),
    );
    const run = await dflint([...ONE, "-o", "json"], { folder: folder.path });
    expect(readJson(run).summary).toMatchObject({ files: 10_000, warning: 10_000, exitCode: 1 });
  });
});

describe("the other commands", () => {
  it("show help for each", async () => {
    await using folder = await tempDir();
    for (const args of [
      ["--help"],
      ["check", "-h"],
      ["explain", "--help"],
      ["rules", "-h"],
      ["config", "-h"],
      ["init", "-h"],
    ]) {
      const { out, code } = await dflint(args, { folder: folder.path });
      expect(code).toBe(0);
      expect(out).toContain("dflint");
    }
  });

  it("explain a rule by any of its names", async () => {
    await using folder = await tempDir();
    for (const name of ["DFL810", "maintainer-deprecated", "dl4000", "MaintainerDeprecated"]) {
      expect((await dflint(["explain", name], { folder: folder.path })).out).toMatch(
        /^# DFL810 maintainer-deprecated\n/,
      );
    }
    const shared = await dflint(["explain", "buildkit/MultipleInstructionsDisallowed"], {
      folder: folder.path,
    });
    expect(shared.out.match(/^# DFL\d+/gm)).toEqual(["# DFL802", "# DFL803", "# DFL807"]);
    const { out } = await dflint(["explain", "DFL810", "--json"], { folder: folder.path });
    expect(JSON.parse(out)).toMatchObject({
      code: "DFL810",
      aliases: ["DL4000", "MaintainerDeprecated"],
      fix: "safe",
    });
  });

  it("list the rules, with the levels of a preset", async () => {
    await using folder = await tempDir();
    const table = await dflint(["rules", "--preset", "hadolint"], { folder: folder.path });
    expect(table.out).toMatch(/^DFL810 {2}error +maintainer-deprecated +safe /m);
    const { rules } = JSON.parse((await dflint(["rules", "--json"], { folder: folder.path })).out) as {
      rules: { code: string; level: string }[];
    };
    expect(rules.find(({ code }) => code === "DFL810")?.level).toBe("warning");
  });

  it("show each value of a configuration with its origin", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { ".dflint.yaml": "extends: strict\nfail-on: error\nrules:\n  DL4000: info\n" });
    const { out, code } = await dflint(["config", "--show", "Dockerfile"], { folder: folder.path });
    expect(code).toBe(0);
    expect(out).toMatch(/^# Dockerfile: \.dflint\.yaml$/m);
    expect(out).toMatch(/^fail-on: "error" +# \.dflint\.yaml:2:1$/m);
    expect(out).toMatch(/^extends: "strict" +# \.dflint\.yaml:1:1$/m);
    expect(out).toMatch(/^rules\.maintainer-deprecated: "info" +# \.dflint\.yaml:4:3$/m);
    expect(out).toMatch(/^context: null +# default$/m);
  });

  it("write a configuration that holds", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: CLEAN });
    const made = await dflint(["init"], { folder: folder.path });
    expect(made.code).toBe(0);
    expect(made.out).toContain("pre-commit");
    expect(existsSync(folder.join(".dflint.yaml"))).toBe(true);
    expect((await dflint(ONE, { folder: folder.path })).code).toBe(0);
    const again = await dflint(["init"], { folder: folder.path });
    expect({ code: again.code, err: again.err }).toEqual({
      code: 2,
      err: "dflint: .dflint.yaml is there already; --force replaces it.\n",
    });
  });
});
