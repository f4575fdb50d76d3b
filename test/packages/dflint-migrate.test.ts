/** `dflint migrate hadolint`: the same verdicts before and after. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { describe, expect, it } from "vitest";
import { dflint, writeFiles, type Run } from "./dflint-run.ts";

const HADOLINT = `failure-threshold: warning
format: json
ignored:
  - DL3007 # we live at the edge
  - DL3018 # of no use
  - SC2086
  - DL9999
override:
  error: [DL3002, DL3018]
  style: [DL4000, SC1000]
trustedRegistries:
  - "*.example.com"
  - docker.io
label-schema:
  org.opencontainers.image.title: text
  version: semver
strict-labels: true
`;

const DOCKERFILE = `# hadolint global ignore=DL3059
FROM docker.io/library/debian:latest AS build
# hadolint ignore=DL3008,DL3009 # pinned by the base
RUN apt-get update && apt-get install -y curl
# hadolint ignore=DL3003

RUN cd /x && make
RUN wget https://example.org/x && \\
  # hadolint ignore=DL3004
  sudo ls
# hadolint shell=/bin/bash
RUN echo a | tee b
# hadolint stage ignore=DL3006,DL4000
FROM example.net/x
MAINTAINER Ada
USER root
LABEL version="1" other="x"
`;

const FILES = {
  ".hadolint.yaml": HADOLINT,
  Dockerfile: DOCKERFILE,
  "b/Dockerfile": DOCKERFILE.replaceAll("\n", "\r\n"),
};

async function run(folder: TempDir, ...args: readonly string[]): Promise<Run> {
  return await dflint(args, { folder: folder.path });
}

/** What is reported, without the offsets, which comments of another length move. */
async function verdicts(folder: TempDir): Promise<unknown> {
  const { out, code } = await run(folder, "--preset", "hadolint", "-o", "jsonl");
  const found = out.split("\n").filter((line) => line !== "");
  return { code, found: found.map((line) => strip(JSON.parse(line) as Record<string, unknown>)) };
}

function strip({ path, rule, aliases, severity, range, message }: Record<string, unknown>): object {
  return { path, rule, aliases, severity, range, message };
}

describe("dflint migrate hadolint", () => {
  it("shows a diff, and writes nothing", async () => {
    await using folder = await tempDir();
    writeFiles(folder, FILES);
    const { code, out, err } = await run(folder, "migrate", "hadolint");
    expect(code).toBe(0);
    expect(existsSync(folder.join(".dflint.yaml"))).toBe(false);
    expect(readFileSync(folder.join("Dockerfile"), "utf8")).toBe(DOCKERFILE);
    expect(err).toContain("Would write 3 files");
    expect(err).toContain('.hadolint.yaml: "format" is about hadolint\'s output');
    expect(err).toContain(".hadolint.yaml: DL9999 is left out");
    execFileSync("git", ["apply", "--whitespace=nowarn"], { cwd: folder.path, input: out });
    const applied = ["Dockerfile", "b/Dockerfile", ".dflint.yaml"].map((name) =>
      readFileSync(folder.join(name), "utf8"),
    );
    await using other = await tempDir();
    writeFiles(other, FILES);
    await run(other, "migrate", "hadolint", "--write");
    expect(
      ["Dockerfile", "b/Dockerfile", ".dflint.yaml"].map((name) => readFileSync(other.join(name), "utf8")),
    ).toEqual(applied);
  });

  it("keeps the verdicts", async () => {
    await using folder = await tempDir();
    writeFiles(folder, FILES);
    const before = await verdicts(folder);
    expect((await run(folder, "migrate", "hadolint", ".", "--write")).code).toBe(0);
    expect(await verdicts(folder)).toEqual(before);
    execFileSync("rm", [folder.join(".hadolint.yaml")]);
    expect(await verdicts(folder)).toEqual(before);
    expect(before).toMatchObject({ code: 1 });
    // There is nothing left to do.
    expect((await run(folder, "migrate", "hadolint")).out).toBe("");
  });

  it("says the same in dflint's words", async () => {
    await using folder = await tempDir();
    writeFiles(folder, FILES);
    await run(folder, "migrate", "hadolint", "--write");
    const text = readFileSync(folder.join(".dflint.yaml"), "utf8");
    expect(text).toBe(`# Made of .hadolint.yaml by "dflint migrate hadolint".
version: 1
extends: hadolint
fail-on: warning
trusted-registries:
  - "*.example.com"
  - "docker.io"
labels:
  required:
    "org.opencontainers.image.title": text
    "version": semver
  strict: true
rules:
  DL3002: error
  DL3018: off # of no use
  DL4000: style
  SC1000: style
  DL3007: off # we live at the edge
  SC2086: off
`);
    const lines = readFileSync(folder.join("Dockerfile"), "utf8").split("\n");
    expect(lines.filter((line) => line.includes("dflint"))).toEqual([
      "# dflint ignore-file=DL3059",
      "# dflint ignore=DL3008,DL3009 -- pinned by the base",
      "# dflint shell=/bin/bash",
    ]);
    expect(readFileSync(folder.join("b/Dockerfile"), "utf8")).toContain(
      "# dflint ignore=DL3008,DL3009 -- pinned by the base\r\n",
    );
  });

  it("leaves a configuration that is there, and tells what cannot be used", async () => {
    await using folder = await tempDir();
    writeFiles(folder, {
      ".hadolint.yaml": "no-fail: true\n",
      ".dflint.yaml": "extends: strict\n",
      Dockerfile: "FROM a:1\n",
    });
    const left = await run(folder, "migrate", "hadolint", "--write");
    expect(left).toMatchObject({ code: 0, err: expect.stringContaining(".dflint.yaml is there already") });
    expect(readFileSync(folder.join(".dflint.yaml"), "utf8")).toBe("extends: strict\n");
    expect((await run(folder, "migrate")).code).toBe(2);
    expect((await run(folder, "migrate", "tally")).err).toContain('"dflint migrate hadolint [PATH]..."');
    expect((await run(folder, "migrate", "hadolint", "none")).code).toBe(2);
    writeFiles(folder, { "c/.hadolint.yaml": "ignord: []\n", "c/Dockerfile": "FROM a:1\n" });
    const wrong = await run(folder, "migrate", "hadolint", "c");
    expect({ code: wrong.code, err: wrong.err }).toEqual({
      code: 2,
      err: expect.stringContaining('Unknown key "ignord". Did you mean "ignored"?'),
    });
  });
});
