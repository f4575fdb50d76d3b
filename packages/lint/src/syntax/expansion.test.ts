import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { expandWord } from "./expansion.ts";

interface Case {
  readonly word: string;
  readonly env: Readonly<Record<string, string>>;
  readonly escape: string;
  readonly result: string;
  readonly error: boolean;
  readonly words: readonly string[];
  readonly wordsError: boolean;
  readonly unmatched: readonly string[];
}

const fixture = new URL("../../test/fixtures/word-expansion.jsonl", import.meta.url);
const cases = readFileSync(fixture, "utf8")
  .trim()
  .split("\n")
  .map((line): Case => JSON.parse(line));

test("expands 400 of 400 words as BuildKit does", () => {
  const failures = cases.filter((known) => {
    const lookup = (name: string): string | undefined =>
      Object.hasOwn(known.env, name) ? known.env[name] : undefined;
    const got = expandWord(known.word, lookup, known.escape);
    const unmatched = [...new Set(got.uses.filter((use) => !use.set).map((use) => use.name))].sort();
    const answer = {
      result: got.text,
      error: got.error !== undefined,
      words: got.words,
      unmatched,
    };
    const wanted = {
      result: known.result,
      error: known.error,
      words: known.words,
      unmatched: [...known.unmatched].sort(),
    };
    const same = JSON.stringify(answer) === JSON.stringify(wanted);
    if (!same)
      process.stdout.write(
        `${known.word}\n  got ${JSON.stringify(answer)}\n  not ${JSON.stringify(wanted)}\n`,
      );
    return !same;
  });
  process.stdout.write(`word expansion: ${cases.length - failures.length} of ${cases.length}\n`);
  expect(failures).toEqual([]);
});
