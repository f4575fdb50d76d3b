/** The diff, judged by the two programs that people apply it with. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { ensurePackages } from "test-support/engine";
import { tempDir } from "test-support/temp-dir";
import { beforeAll, describe, expect, it } from "vitest";
import { changedLines } from "./changed-lines.ts";
import { unifiedDiff } from "./unified-diff.ts";

const lines = fc.array(fc.constantFrom("a", "b", "c", "RUN x \\", "", "é"), { maxLength: 30 });

/** What the changes make of the old lines. */
function applied(old: readonly string[], young: readonly string[]): string[] {
  const result: string[] = [];
  let at = 0;
  for (const { oldStart, oldEnd, newStart, newEnd } of changedLines(old, young)) {
    result.push(...old.slice(at, oldStart), ...young.slice(newStart, newEnd));
    at = oldEnd;
  }
  return [...result, ...old.slice(at)];
}

/** The length of the longest common subsequence, by the plain table. */
function common(old: readonly string[], young: readonly string[]): number {
  let row = Array.from({ length: young.length + 1 }, () => 0);
  for (const line of old) {
    const next = [0];
    for (const [index, other] of young.entries()) {
      const longer = Math.max(row[index + 1] ?? 0, next[index] ?? 0);
      next.push(line === other ? (row[index] ?? 0) + 1 : longer);
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

beforeAll(async () => {
  if (spawnSync("patch", ["--version"]).status !== 0) await ensurePackages(["patch"]);
});

describe("changedLines", () => {
  it("leads from one text to the other by the fewest lines", () => {
    fc.assert(
      fc.property(lines, lines, (old, young) => {
        expect(applied(old, young)).toEqual(young);
        const removed = changedLines(old, young).reduce(
          (sum, { oldStart, oldEnd }) => sum + oldEnd - oldStart,
          0,
        );
        expect(removed).toBe(old.length - common(old, young));
      }),
      { numRuns: 500 },
    );
  });

  it("replaces everything in between where too much differs", () => {
    const old = Array.from({ length: 5000 }, (_, index) => `old ${index}`);
    const young = old.map((line, index) => (index % 2 === 0 ? `new ${index}` : line));
    expect(applied(old, young)).toEqual(young);
  });
});

describe("unifiedDiff", () => {
  const texts: readonly (readonly [string, string])[] = [
    ["FROM a\n", "FROM b\n"],
    ["FROM a", "FROM a\n"],
    ["FROM a\n", "FROM a"],
    ["FROM a\r\nRUN b\r\n", "FROM a\r\nRUN b --c\r\n"],
    ["", "FROM a\n"],
    ["FROM a\n", ""],
    ["\ufeffFROM a\nRUN \u001b\u0085\u2028x\n", "\ufeffFROM a\nRUN \u001b\u0085\u2028y"],
    [`1\n${"x\n".repeat(20)}2\n`, `0\n${"x\n".repeat(20)}3\n`],
    [`1\n${"x\n".repeat(6)}2\n`, `0\n${"x\n".repeat(6)}3\n`],
    [`1\n${"x\n".repeat(7)}2\n`, `0\n${"x\n".repeat(7)}3\n`],
    ["a\nb\nc\n", "b\nd\nc\ne"],
  ];

  it.each(["git", "patch"] as const)("is taken by %s", async (program) => {
    await using folder = await tempDir();
    const apply = (path: string, before: string | undefined, after: string): void => {
      if (before !== undefined) writeFileSync(folder.join(path), before);
      const args = program === "git" ? ["apply", "--whitespace=nowarn"] : ["-p1", "--binary", "--silent"];
      const input = unifiedDiff({ path, before, after });
      execFileSync(program, args, { cwd: folder.path, input, stdio: ["pipe", "ignore", "pipe"] });
    };
    for (const [before, after] of texts) {
      apply("Dockerfile", before, after);
      // Both programs remove a file that has become empty.
      if (after !== "") expect(readFileSync(folder.join("Dockerfile"), "utf8")).toBe(after);
    }
    for (const path of ["with blank", 'quo"te', "back\\slash", "naïve 漢", "tab\there", "new\nline"]) {
      apply(path, "a\n", "b\n");
      expect(readFileSync(folder.join(path), "utf8")).toBe("b\n");
    }
    apply(".dockerignore", undefined, ".git\n");
    expect(readFileSync(folder.join(".dockerignore"), "utf8")).toBe(".git\n");
  });

  it("is taken by git whatever the texts", async () => {
    await using folder = await tempDir();
    const samples = fc.sample(fc.tuple(lines, lines, fc.boolean(), fc.boolean()), 60);
    let diff = "";
    const expected: [string, string][] = [];
    for (const [index, [old, young, oldEnd, newEnd]] of samples.entries()) {
      const before = old.join("\n") + (oldEnd ? "\n" : "");
      const after = young.join("\n") + (newEnd ? "\n" : "");
      writeFileSync(folder.join(`f${index}`), before);
      diff += unifiedDiff({ path: `f${index}`, before, after });
      if (after !== "") expected.push([`f${index}`, after]);
    }
    execFileSync("git", ["apply", "--whitespace=nowarn"], { cwd: folder.path, input: diff });
    for (const [path, after] of expected) expect(readFileSync(folder.join(path), "utf8")).toBe(after);
  });

  it("is empty where nothing changes", () => {
    expect(unifiedDiff({ path: "x", before: "a\n", after: "a\n" })).toBe("");
    expect(unifiedDiff({ path: "x", before: undefined, after: "" })).toBe("");
  });
});
