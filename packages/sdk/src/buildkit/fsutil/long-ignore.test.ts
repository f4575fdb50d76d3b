import { expect, test } from "vitest";
import { givenFile, type ContextEntry } from "../../build-context/context-entry.ts";
import { ContextError } from "../../errors.ts";
import { IgnoreFiles } from "./long-ignore.ts";

const long = `${Array.from({ length: 5000 }, (_, index) => `folder/${index}`).join("\n")}\n`;

const ignoreFile = (text: string, name = ".dockerignore"): ContextEntry =>
  givenFile(name, Buffer.from(text), 0o644);

/** What the engine gets of an ignore file, and the patterns that it reads in it. */
function sent(files: IgnoreFiles, entry: ContextEntry): { entry: ContextEntry; patterns: string[] } {
  const [shortened = entry] = files.shorten([entry]);
  const patterns = Buffer.from(shortened.source as Uint8Array) // given files are bytes
    .toString()
    .split("\n")
    .filter((line) => line !== "");
  return { entry: shortened, patterns };
}

test("a short file is sent as it is, and its patterns mean themselves", () => {
  const files = new IgnoreFiles();
  const entry = ignoreFile("a\n!a/b\n");
  expect(sent(files, entry).entry).toBe(entry);
  const ignore = files.patternsFor(["a", "!a/b"]);
  expect(["a/c", "a/b", "b"].map((path) => ignore.ignores(path))).toEqual([true, false, false]);
});

test("of a long file one pattern is sent, which means all of it", () => {
  const files = new IgnoreFiles();
  const { entry, patterns } = sent(files, ignoreFile(`${long}# comment\n\n/a\n!a/b\n`));
  expect(patterns).toHaveLength(1);
  expect(entry.size).toBeLessThan(200);
  const ignore = files.patternsFor(patterns);
  expect(["folder/4999/x", "a/c", "a/b", "b"].map((path) => ignore.ignores(path))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("several long files are told apart; one of another session is not known", () => {
  const files = new IgnoreFiles();
  const first = sent(files, ignoreFile(`${long}a\n`));
  const second = sent(files, ignoreFile(`${long}b\n`, "Dockerfile.dockerignore"));
  // Engines before 26 take a file of the same size and time for the one they have.
  expect(second.entry.mtimeNs).not.toBe(first.entry.mtimeNs);
  expect(files.patternsFor(first.patterns).ignores("a")).toBe(true);
  expect(files.patternsFor(first.patterns).ignores("b")).toBe(false);
  expect(files.patternsFor(second.patterns).ignores("b")).toBe(true);
  expect(new IgnoreFiles().patternsFor(first.patterns).ignores("a")).toBe(false);
});

test("other long files are sent as they are; a faulty one is told by name", () => {
  const files = new IgnoreFiles();
  const other = ignoreFile(long, "list.txt");
  expect(sent(files, other).entry).toBe(other);
  const faulty = ignoreFile(`${long}${"x".repeat(70_000)}\n`, "My.dockerignore");
  expect(() => sent(files, faulty)).toThrow(ContextError);
  expect(() => sent(files, faulty)).toThrow(/^My\.dockerignore: line 5001/);
});
