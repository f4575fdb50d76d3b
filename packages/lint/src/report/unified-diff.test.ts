/** The diff, judged by the two programs that people apply it with. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { ensurePackages } from "test-support/engine";
import { tempDir } from "test-support/temp-dir";
import { beforeAll, describe, expect, it } from "vitest";
import { unifiedDiff } from "./unified-diff.ts";

const lines = fc.array(fc.constantFrom("a", "b", "c", "RUN x \\", "", "é"), { maxLength: 30 });

beforeAll(async () => {
  if (spawnSync("patch", ["--version"]).status !== 0) await ensurePackages(["patch"]);
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
    for (const path of [".dockerignore", "new one"]) {
      apply(path, undefined, ".git\n");
      expect(readFileSync(folder.join(path), "utf8")).toBe(".git\n");
    }
    const many = Array.from({ length: 5000 }, (_, index) => `RUN ${index}\n`).join("");
    const others = many.replaceAll(/[02468]\n/g, "x\n").slice(0, -1);
    for (const [before, after] of [
      [many, others],
      [others, many],
    ] as const) {
      apply("many", before, after);
      expect(readFileSync(folder.join("many"), "utf8")).toBe(after);
    }
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

  it("shows the fewest lines, with three around them", () => {
    const before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    const after = "1\n2\n3\n4\n5x\n6\n7\n8\nnew\n9\n";
    expect(unifiedDiff({ path: "a/b", before, after })).toBe(
      "--- a/a/b\n+++ b/a/b\n@@ -2,8 +2,9 @@\n 2\n 3\n 4\n-5\n+5x\n 6\n 7\n 8\n+new\n 9\n",
    );
  });

  it("is empty where nothing changes", () => {
    expect(unifiedDiff({ path: "x", before: "a\n", after: "a\n" })).toBe("");
    expect(unifiedDiff({ path: "x", before: undefined, after: "" })).toBe("");
  });
});
