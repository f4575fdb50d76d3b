/** Fixes of all rules on every form of every Dockerfile of the tests: line ends, a byte order mark, no final line break. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readMarks } from "../linter/example.ts";
import { fixText } from "../linter/fixer.ts";
import { Linter } from "../linter/linter.ts";
import { rules } from "./index.ts";

const fixtures = new URL("../../test/fixtures/", import.meta.url);

function fixtureTexts(): string[] {
  const lines = readFileSync(new URL("dockerfile-edge.jsonl", fixtures), "utf8").trim().split("\n");
  const folder = new URL("good/", fixtures);
  const examples = rules.flatMap((rule) => [...rule.docs().bad, ...rule.docs().good]);
  return [
    ...lines.map((line) => (JSON.parse(line) as { dockerfile: string }).dockerfile),
    ...readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8")),
    ...examples.map((example) => readMarks(example.dockerfile).text),
  ];
}

/** Line feeds alone: what has other line ends, or a mark of its own, is no base for the forms. */
const TEXTS = fixtureTexts().filter((text) => !/[\r\ufeff]/.test(text));

const crlf = (lf: string): string => lf.replaceAll("\n", "\r\n");

/** The preset recommended has a test of its own; each part has a time limit of its own. */
const PARTS = (["strict", "hadolint"] as const).flatMap((preset) =>
  [0, 1, 2, 3].map((part) => ({ preset, part, texts: TEXTS.filter((_, index) => index % 4 === part) })),
);

it.each(PARTS)(
  "fixes under preset $preset, part $part, keep the form of a text, and are done after one run",
  ({ preset, texts }) => {
    const linter = new Linter(rules, { preset });
    const fixed = (text: string): string => fixText(linter, { text }, { applicability: "unsafe" }).text;
    for (const text of texts) {
      const expected = fixed(text);
      expect({ text, again: fixed(expected) }).toEqual({ text, again: expected });
      expect({ text, mark: fixed(`\ufeff${text}`) }).toEqual({ text, mark: `\ufeff${expected}` });
      // To the shell of a heredoc a carriage return is a character of the command: that is another script.
      const windows = fixed(crlf(text));
      if (!text.includes("<<")) expect({ text, windows }).toEqual({ text, windows: crlf(expected) });
      expect(windows).not.toMatch(/[^\r]\n/);
      const open = text.replace(/\n+$/, "");
      const stillOpen = fixed(open);
      // Where the last lines go, what ends the file is the end of another line.
      if (stillOpen.length >= open.length)
        expect({ text, ends: stillOpen.endsWith("\n") }).toEqual({ text, ends: false });
      if (text.endsWith("\n")) expect(expected === "" || expected.endsWith("\n")).toBe(true);
    }
  },
);
