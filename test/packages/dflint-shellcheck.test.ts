/** The built program with ShellCheck's own. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { ensurePackages } from "test-support/engine";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { dflint, writeFiles } from "./dflint-run.ts";

interface Report {
  readonly files: readonly {
    readonly diagnostics: readonly {
      readonly rule: string;
      readonly aliases: readonly string[];
      readonly severity: string;
      readonly range: { readonly start: { readonly line: number; readonly column: number } };
    }[];
  }[];
}

const ONLY = ["--preset", "strict", "--only", "shellcheck"];

beforeAll(async () => {
  // One from elsewhere will do.
  if (spawnSync("shellcheck", ["--version"]).status !== 0) await ensurePackages(["shellcheck"]);
});

async function findings(folder: TempDir, ...args: readonly string[]): Promise<string[]> {
  const { out, err } = await dflint([...ONLY, "-o", "json", ...args, "Dockerfile"], { folder: folder.path });
  expect(err).toBe("");
  const { files } = JSON.parse(out) as Report;
  return files.flatMap(({ diagnostics }) =>
    diagnostics.map(
      ({ aliases, severity, range: { start } }) =>
        `${start.line}:${start.column} ${severity} ${aliases.join(",")}`,
    ),
  );
}

test("shell code is checked where it stands, in its dialect, with the variables that are set", async () => {
  await using folder = await tempDir();
  writeFiles(folder, {
    Dockerfile: String.raw`FROM debian:12 AS build
ARG dir=/srv
ENV known="a b" plain=x
RUN echo "🐳" && \
    # between the lines
    rm -rf $dir/cache && \
    source ./x
RUN echo $plain $known
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN source ./x && echo $unknown
RUN <<EOF
cd /tmp
	echo 🐳 $1
EOF
RUN ["sh", "-c", "echo $dir"]
RUN ["echo", "$dir"]
FROM mcr.microsoft.com/windows/servercore:ltsc2022
SHELL ["powershell", "-Command"]
RUN Remove-Item $dir
`,
  });
  expect(await findings(folder)).toEqual([
    "6:12 info SC2086",
    "7:5 warning SC3046",
    "8:17 info SC2086",
    "10:24 warning SC2154",
    "10:24 info SC2086",
    "12:1 warning SC2164",
    "13:10 info SC2086",
    "15:24 info SC2086",
  ]);
});

test("findings are muted and configured by ShellCheck's codes", async () => {
  await using folder = await tempDir();
  writeFiles(folder, {
    Dockerfile: `FROM debian:12
ARG dir
# shellcheck disable=SC2086
RUN echo $dir; source x
# hadolint ignore=SC2086,SC3046
RUN echo $dir; source x
# dflint ignore=SC2086 -- it is one word
RUN echo $dir
# shellcheck shell=bash
RUN source x; echo $dir
`,
  });
  expect(await findings(folder)).toEqual(["4:16 warning SC3046", "10:20 info SC2086"]);
  writeFiles(folder, { ".dflint.yaml": "rules: {SC3046: error}\nshellcheck: {exclude: [SC2086]}\n" });
  expect(await findings(folder)).toEqual(["4:16 error SC3046"]);
  writeFiles(folder, { ".dflint.yaml": "rules: {shellcheck: style}\n" });
  expect(await findings(folder)).toEqual(["4:16 style SC3046", "10:20 style SC2086"]);
  writeFiles(folder, { ".dflint.yaml": "shellcheck: {mode: off}\n" });
  expect(await findings(folder)).toEqual([]);
});

test("fixes of ShellCheck are applied when they are asked for", async () => {
  await using folder = await tempDir();
  writeFiles(folder, { Dockerfile: "FROM debian:12\nARG dir\nRUN rm -rf $dir/a \\\n  && ls $dir\n" });
  const args = ["--preset", "strict", "--only", "SC2086", "--fix-unsafe", "--diff", "Dockerfile"];
  const { out } = await dflint(args, { folder: folder.path });
  expect(out.split("\n").filter((line) => /^[-+] *[^-+ ]/.test(line))).toEqual([
    "-RUN rm -rf $dir/a \\",
    "-  && ls $dir",
    '+RUN rm -rf "$dir"/a \\',
    '+  && ls "$dir"',
  ]);
});

test("where it is not installed, that is said once, or an error for who asks for it", async () => {
  await using folder = await tempDir();
  mkdirSync(folder.join("bin"));
  const environment = { PATH: folder.join("bin") };
  const text = "FROM debian:12\nARG dir\n# dflint ignore=SC2086\nRUN echo $dir\n";
  writeFiles(folder, { "a/Dockerfile": text, "b/Dockerfile": text });
  const options = { folder: folder.path, environment };
  const lenient = await dflint(
    ["--preset", "strict", "--only", "shellcheck,unused-ignore", "a", "b"],
    options,
  );
  expect(lenient.code).toBe(0);
  expect(lenient.err.split("\n").filter((line) => line.includes("shellcheck is not installed"))).toHaveLength(
    1,
  );
  writeFiles(folder, { ".dflint.yaml": "extends: strict\nshellcheck: {mode: on}\n" });
  const demanding = await dflint(["a"], options);
  expect(demanding.code).toBe(2);
  expect(demanding.err).toContain('the configuration asks for it by "mode: on"');
});
