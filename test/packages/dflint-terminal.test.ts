/** Odd terminals, pipes and files. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, truncateSync } from "node:fs";
import { ensurePackages } from "test-support/engine";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { beforeAll, describe, expect, it } from "vitest";
import { CLI, dflint, writeFiles } from "./dflint-run.ts";

const BAD = 'FROM alpine:3.20\nMAINTAINER Ada\nUSER 1000\nCMD ["true"]\n';
const RUN = `"${process.execPath}" "${CLI}"`;

beforeAll(async () => {
  if (spawnSync("script", ["--version"]).status !== 0) await ensurePackages(["bsdutils"]);
});

/** Runs a line of bash with dflint as $dflint. */
function bash(
  folder: TempDir,
  line: string,
  environment: Readonly<Record<string, string>> = {},
): { readonly code: number | null; readonly out: string; readonly err: string } {
  const {
    FORCE_COLOR: _force,
    NO_COLOR: _no,
    LC_ALL: _all,
    LC_CTYPE: _type,
    LANG: _lang,
    ...rest
  } = process.env;
  const env = { ...rest, TERM: "xterm", ...environment };
  const run = spawnSync("bash", ["-c", line.replaceAll("$dflint", RUN)], {
    cwd: folder.path,
    encoding: "utf8",
    env,
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

/** What a terminal of some columns shows. */
function onTerminal(
  folder: TempDir,
  columns: number,
  environment: Readonly<Record<string, string>> = {},
): string {
  const line = `script -qec 'stty cols ${columns} rows 24; ${RUN} --only DFL810' /dev/null </dev/null`;
  return bash(folder, line, environment).out.replaceAll("\r\n", "\n");
}

/** More than a pipe holds. */
function manyFiles(folder: TempDir): void {
  for (let index = 0; index < 400; index += 1) writeFiles(folder, { [`${index}.Dockerfile`]: BAD });
}

describe("pipes", () => {
  it("that are closed early end nothing with an error", async () => {
    await using folder = await tempDir();
    manyFiles(folder);
    const { out, err } = bash(folder, 'set -o pipefail; $dflint . | head -1; echo "code ${PIPESTATUS[0]}"');
    expect(out.split("\n")).toEqual([expect.stringContaining("0.Dockerfile:"), "code 1", ""]);
    expect(err).toBe("");
  });

  it("that are slow get everything", async () => {
    await using folder = await tempDir();
    manyFiles(folder);
    const { out } = bash(folder, "$dflint --only DFL810 -o jsonl . | (sleep 1; cat) | wc -l");
    expect(out.trim()).toBe("400");
  });

  it("that another program has set not to wait get everything", async () => {
    await using folder = await tempDir();
    manyFiles(folder);
    const other = "perl -MFcntl -e 'fcntl(STDOUT, F_SETFL, O_WRONLY | O_NONBLOCK)'";
    const { out } = bash(folder, `(${other}; $dflint --only DFL810 -o jsonl .) | (sleep 1; cat) | wc -l`);
    expect(out.trim()).toBe("400");
  });

  it("that nobody reads can be left by Ctrl-C", async () => {
    await using folder = await tempDir();
    manyFiles(folder);
    const child = spawn(process.execPath, [CLI, "-o", "json", "."], {
      cwd: folder.path,
      stdio: ["ignore", "pipe", "ignore"],
    });
    // Something has come, so it is writing more than fits, or waits for that.
    await once(child.stdout, "readable");
    const signalled = setInterval(() => child.kill("SIGINT"), 100);
    const [code, by] = (await once(child, "exit")) as [number | null, string | null];
    clearInterval(signalled);
    child.stdout.destroy();
    expect(code === 130 || by === "SIGINT").toBe(true);
  });

  it.each([
    ["closed", "$dflint --only DFL810 >&-", 1, /^$/],
    [
      "full",
      "$dflint --only DFL810 >/dev/full",
      2,
      /^dflint: standard output: cannot be written: no space is left\.\n$/,
    ],
    [
      "larger than allowed",
      "ulimit -f 0; $dflint --only DFL810 >larger",
      2,
      /^dflint: standard output: cannot be written: it would be larger than the system allows\.\n$/,
    ],
    ["full for messages", "$dflint nothing 2>/dev/full", 2, /^$/],
    [
      "full for a report",
      "$dflint -o json=/dev/full",
      2,
      /^dflint: The report cannot be written: \/dev\/full: .* no space is left\.\n$/,
    ],
    ["not there for messages", "$dflint --only DFL810 2>&-", 1, /^$/],
    ["nobody's standard input", "$dflint - <&-", 1, /^$/],
  ])("%s: %s ends with %i", async (_, line, code, message) => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD });
    const run = bash(folder, line);
    expect({ code: run.code, err: run.err }).toEqual({ code, err: expect.stringMatching(message) });
  });
});

describe("terminals", () => {
  it("have colours, but for TERM=dumb and NO_COLOR", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD });
    expect(onTerminal(folder, 80)).toContain("\u001b[33m");
    expect(onTerminal(folder, 80, { TERM: "dumb" })).not.toContain("\u001b");
    expect(onTerminal(folder, 80, { NO_COLOR: "1" })).not.toContain("\u001b");
    expect(onTerminal(folder, 80, { TERM: "dumb", FORCE_COLOR: "1" })).toContain("\u001b[33m");
  });

  it("that are narrow break no line of a frame", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { Dockerfile: BAD.replace("Ada", "a".repeat(300)) });
    const rows = onTerminal(folder, 50, { NO_COLOR: "1" }).split("\n");
    const frame = rows.filter((row) => row.includes("│"));
    expect(frame).toHaveLength(3);
    for (const row of frame) expect(row.length).toBeLessThanOrEqual(50);
  });

  it.each([
    [{ LC_ALL: "C" }, false],
    [{ LANG: "de_DE.ISO-8859-1" }, false],
    [{ LC_ALL: "C.UTF-8" }, true],
    [{ LC_CTYPE: "de_DE.utf8", LANG: "C" }, true],
    [{}, true],
  ] as [Record<string, string>, boolean][])(
    "with %j draw beyond ASCII: %s",
    async (environment, expected) => {
      await using folder = await tempDir();
      writeFiles(folder, { Dockerfile: BAD });
      expect(onTerminal(folder, 80, environment).includes("│")).toBe(expected);
    },
  );
});

describe("files", () => {
  it("that are huge or never end are refused", async () => {
    await using folder = await tempDir();
    writeFiles(folder, { "big.Dockerfile": "" });
    truncateSync(folder.join("big.Dockerfile"), 100_000_000);
    for (const line of ["$dflint big.Dockerfile", "$dflint - <big.Dockerfile", "$dflint /dev/zero"]) {
      const { code, out, err } = bash(folder, line);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toMatch(
        /^dflint: .*: cannot be read: it is larger than 16 MiB, which no Dockerfile is\.\n$/,
      );
    }
  });

  it("that are folders called Dockerfile are looked into", async () => {
    await using folder = await tempDir();
    mkdirSync(folder.join("Dockerfile"));
    expect((await dflint(["."], { folder: folder.path })).code).toBe(3);
    expect((await dflint(["Dockerfile"], { folder: folder.path })).code).toBe(3);
    writeFiles(folder, { "Dockerfile/x.Dockerfile": BAD });
    for (const git of [false, true]) {
      if (git) execFileSync("git", ["init", "-q"], { cwd: folder.path });
      const run = await dflint(["--only", "DFL810", "-o", "compact"], { folder: folder.path });
      expect(run.out).toMatch(/^Dockerfile\/x\.Dockerfile:2:1: /);
    }
  });

  it("with names that would steer a terminal are told harmlessly, on one line", async () => {
    await using folder = await tempDir();
    const name = "new\nline\u001bc.Dockerfile";
    writeFiles(folder, { [name]: BAD });
    const found = await dflint(["--only", "DFL810", "-o", "compact"], { folder: folder.path });
    expect(found.out).toMatch(/^new\\u\{a\}line\\u\{1b\}c\.Dockerfile:2:1: .*\n$/);
    const missing = await dflint([`no${name}`], { folder: folder.path });
    expect(missing.err).toBe("dflint: nonew\\u{a}line\\u{1b}c.Dockerfile: cannot be read: no such file.\n");
    const json = await dflint(["--only", "DFL810", "-o", "json"], { folder: folder.path });
    expect(JSON.parse(json.out)).toMatchObject({ files: [{ path: name }] });
  });
});
