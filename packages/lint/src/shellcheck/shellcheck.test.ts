/** Programs in ShellCheck's place that do not do its work. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { afterEach, expect, it, vi } from "vitest";
import { tempDir, type TempDir } from "test-support/temp-dir";
import { Linter } from "../linter/linter.ts";
import type { ShellChecker } from "../linter/facts/shell-checker.ts";
import { rule } from "../rules/dfl840-shellcheck.ts";
import { findShellcheck } from "./find-shellcheck.ts";

afterEach(() => vi.unstubAllEnvs());

function checkerOf(folder: TempDir, code: string): Promise<ShellChecker | undefined> {
  writeFileSync(folder.join("shellcheck"), `#!/bin/sh\n${code}\n`);
  chmodSync(folder.join("shellcheck"), 0o755);
  vi.stubEnv("PATH", folder.path);
  return findShellcheck([]);
}

it.each([
  ["a signal", "kill -9 $$", "ended with SIGKILL: it said nothing"],
  ["a status", "echo oops >&2; exit 3", "ended with 3: oops"],
  ["text", "echo garbage", String.raw`what shellcheck prints is no report: "garbage\n"`],
  ["nothing", "exit 0", 'is no report: ""'],
  ["null", "echo null", "is no report"],
  ["no findings' list", "echo '{\"comments\": 1}'", "is no report"],
])("says what it gave: %s", async (_what, code, message) => {
  await using folder = await tempDir();
  const shellChecker = await checkerOf(folder, code);
  const linter = new Linter([rule], { only: ["DFL840"], preset: "strict" });
  const { diagnostics, failedRules } = linter.lint({ text: "FROM a\nRUN echo $A\n", shellChecker });
  expect(failedRules).toEqual(["DFL840"]);
  const [found] = diagnostics;
  expect(found?.rule).toBe("DFL900");
  expect(found?.message).toContain(message);
  expect(found?.message).toMatch(/ The other rules went on\.$/);
  expect(found?.message).not.toContain("defect");
});

it("says which folder takes no files", async () => {
  await using folder = await tempDir();
  const checker = await checkerOf(folder, "exit 0");
  vi.stubEnv("TMPDIR", folder.join("none"));
  expect(() => checker?.([{ text: "a", dialect: "sh", variables: [] }])).toThrow(
    `shellcheck needs files, and ${folder.join("none")} takes none: ENOENT`,
  );
});

it("takes no folder for the program", async () => {
  await using folder = await tempDir();
  mkdirSync(folder.join("shellcheck"));
  vi.stubEnv("PATH", folder.path);
  expect(await findShellcheck([])).toBeUndefined();
});
