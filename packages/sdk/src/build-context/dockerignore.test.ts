import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  DockerignoreError,
  parseDockerignore,
  type ContextBuilder,
  type FolderMatch,
} from "./dockerignore.ts";

interface Case {
  readonly dockerignore: string;
  readonly paths: readonly string[];
  readonly error: string | null;
  readonly sentByBuildkit: readonly string[];
  readonly inClassicTar: readonly string[];
}

const fixture = new URL("../../../../test/fixtures/dockerignore.jsonl", import.meta.url);
const cases = readFileSync(fixture, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as Case);

/** What a walk over these files sends; folders end in `/`. */
function sent(text: string, paths: readonly string[], builder: ContextBuilder): string[] {
  const ignore = parseDockerignore(text);
  const result = new Set<string>();
  function walk(folder: string, parent: FolderMatch | undefined): void {
    const inside = paths.filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length));
    for (const name of new Set(inside.map((path) => path.replace(/\/.*/, "")))) {
      const path = folder + name;
      if (paths.includes(path)) {
        if (ignore.ignoresFile(path, parent)) continue;
        const parents = path.split("/").slice(0, -1);
        if (builder === "buildkit") {
          for (const index of parents.keys()) result.add(`${parents.slice(0, index + 1).join("/")}/`);
        }
        result.add(path);
        continue;
      }
      const match = ignore.matchFolder(path, parent);
      if (!match.ignored) result.add(`${path}/`);
      if (!match.ignored || !ignore.skipsFolder(path, builder)) walk(`${path}/`, match);
    }
  }
  walk("", undefined);
  return [...result].sort();
}

describe("parseDockerignore", () => {
  for (const [builder, column] of [
    ["buildkit", "sentByBuildkit"],
    ["classic", "inClassicTar"],
  ] as const) {
    it(`selects what ${builder} does in every recorded case`, () => {
      const failures = cases.filter(({ dockerignore, paths, error, [column]: expected }) => {
        try {
          return JSON.stringify(sent(dockerignore, paths, builder)) !== JSON.stringify([...expected].sort());
        } catch (caught) {
          return !(caught instanceof DockerignoreError) || error === null;
        }
      });
      process.stdout.write(`${column}: ${cases.length - failures.length} of ${cases.length}\n`);
      expect(failures).toEqual([]);
    });
  }

  it("agrees with itself when one path is asked for instead of a walk", () => {
    for (const { dockerignore, paths } of cases) {
      const ignore = parseDockerignore(dockerignore);
      for (const builder of ["buildkit", "classic"] as const) {
        const kept = paths.filter((path) => !ignore.ignores(path, builder));
        expect(kept.sort()).toEqual(sent(dockerignore, paths, builder).filter((path) => !path.endsWith("/")));
      }
    }
  });

  it("cleans patterns and keeps their lines", () => {
    const text = "\ufeff# comment\r\n\n  /a//b/./c/ \r\n #no comment\n! /x/../y\n/\n.\n";
    expect(parseDockerignore(text).patterns).toEqual([
      { pattern: "a/b/c", negated: false, line: 3 },
      { pattern: "#no comment", negated: false, line: 4 },
      { pattern: "y", negated: true, line: 5 },
      { pattern: "/", negated: false, line: 6 },
      { pattern: ".", negated: false, line: 7 },
    ]);
  });

  it("takes # for a comment in column 1 only", () => {
    expect(parseDockerignore("#a\n #b\n").ignores("#b")).toBe(true);
    expect(parseDockerignore("#a\n").ignores("#a")).toBe(false);
    expect(parseDockerignore("\\#a\n").ignores("#a")).toBe(true);
  });

  it.each(["!", "! ", "a[", "[]a]", "[a-]", "[-a]", "[", "[^", "[a", "a\\", "[\\", "x[]", "*["])(
    "refuses %j with its line",
    (pattern) => {
      let caught: unknown;
      try {
        parseDockerignore(`ok\n${pattern}\n`);
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(DockerignoreError);
      expect(caught).toMatchObject({ line: 2 });
    },
  );

  it.each(["[b-a]", "\\y", "a*["])("refuses %j once it is tried", (pattern) => {
    // The docker CLI never tries an exception where nothing is ignored.
    expect(parseDockerignore(`!${pattern}\n`).ignores("x")).toBe(false);
    const ignore = parseDockerignore(`ok\n${pattern}\n`);
    expect(() => ignore.ignores("x")).toThrow(
      expect.objectContaining({ name: "DockerignoreError", line: 2 }),
    );
  });

  it("refuses a line that the CLI's reader cannot hold", () => {
    expect(parseDockerignore("x".repeat(65_535)).patterns).toHaveLength(1);
    expect(() => parseDockerignore("é".repeat(32_768))).toThrow(DockerignoreError);
  });

  it.each([
    ["*.md", "a.md", true],
    ["*.md", "d/a.md", false],
    ["**/*.md", "d/e/a.md", true],
    ["**/*.md", "a.md", true],
    ["**/x", "ax", false],
    ["**x", "ax", true],
    ["a**", "a/b/c", true],
    ["a/**", "a", false],
    ["a**b", "a/x/b", true],
    ["a**b", "axb", false],
    ["**", "any/thing", true],
    ["?", "é", true],
    ["?", "😀", true],
    ["?", "/", false],
    ["[^a]", "b", true],
    ["[^a]", "a", false],
    ["[!a]", "a", true],
    ["[!a]", "!", true],
    ["[!a]", "b", false],
    ["x[^a]y", "x/y", true],
    ["[a-c]z", "bz", true],
    ["[a-c]z", "dz", false],
    ["[\\]a]", "]", true],
    ["\\*", "*", true],
    ["\\*", "a", false],
    ["a.b", "axb", false],
    ["a.b*", "axb", false],
    ["(x)*", "(x)y", true],
    ["a\\d", "a7", true],
    ["a\\d", "ad", false],
    ["[*]", "*", false],
    ["a^*", "a^b", false],
    ["a^", "a^", true],
    ["^a*", "ab", true],
    ["한*", "한글.txt", true],
    ["*x", "a\nx", true],
    ["**/*x", "a\n/x", false],
    ["../x", "x", false],
    ["dir", "dir/below/file", true],
    ["./dir/", "dir/file", true],
  ])("%j on %j: %s", (pattern, path, ignored) => {
    expect(parseDockerignore(`${pattern}\n`).ignores(path)).toBe(ignored);
  });

  it("lets the last pattern win", () => {
    const ignore = parseDockerignore("*\n!keep\nkeep/secret\n");
    expect(
      ["a", "keep", "keep/x", "keep/secret", "keep/secret/y"].map((path) => ignore.ignores(path)),
    ).toEqual([true, false, false, true, true]);
  });

  it("hands a folder's verdict down instead of matching each path on its own", () => {
    expect(parseDockerignore("*/*.md\n!ab\n").ignores("ab/c.md")).toBe(true);
    expect(parseDockerignore("ab/*.md\n!ab\n").ignores("ab/c.md")).toBe(true);
  });

  it("matches a pattern of many stars in linear time", () => {
    const ignore = parseDockerignore(`${"*a".repeat(40)}*b\n${"**/a/".repeat(40)}b\n`);
    expect(ignore.ignores("a".repeat(4000))).toBe(false);
    expect(ignore.ignores("a/".repeat(2000))).toBe(false);
    expect(ignore.ignores(`${"a".repeat(4000)}b`)).toBe(true);
  });
});
