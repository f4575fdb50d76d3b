/** Fixes of all rules together, on every Dockerfile of the tests: they leave nothing worse and come to an end. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../linter/diagnostic.ts";
import { readMarks } from "../linter/example.ts";
import { fixText } from "../linter/fixer.ts";
import { Linter } from "../linter/linter.ts";
import { rules } from "./index.ts";

const fixtures = new URL("../../test/fixtures/", import.meta.url);
const linter = new Linter(rules);

function edgeTexts(): string[] {
  const lines = readFileSync(new URL("dockerfile-edge.jsonl", fixtures), "utf8").trim().split("\n");
  return lines.map((line) => (JSON.parse(line) as { dockerfile: string }).dockerfile);
}

function goodTexts(): string[] {
  const folder = new URL("good/", fixtures);
  return readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8"));
}

function exampleTexts(): string[] {
  const examples = rules.flatMap((rule) => [...rule.docs().bad, ...rule.docs().good]);
  return examples.map((example) => readMarks(example.dockerfile).text);
}

/** How many findings above info each rule has. */
function loud(diagnostics: readonly Diagnostic[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { rule, severity, suppressed } of diagnostics) {
    if (suppressed !== undefined || (severity !== "error" && severity !== "warning")) continue;
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return counts;
}

describe.each(["safe", "suggestion", "unsafe"] as const)("%s fixes", (applicability) => {
  it.each([
    ["the edge cases", edgeTexts()],
    ["the rules' examples", exampleTexts()],
  ])("make nothing worse in %s, and are done after one run", (_, texts) => {
    let changed = 0;
    for (const text of texts) {
      const before = linter.lint({ text });
      const fixed = fixText(linter, { text }, { applicability });
      if (fixed.text !== text) changed += 1;
      expect(fixed.result.dockerfile.problems.length).toBeLessThanOrEqual(before.dockerfile.problems.length);
      const known = loud(before.diagnostics);
      const more = [...loud(fixed.result.diagnostics)].filter(
        ([rule, count]) => count > (known.get(rule) ?? 0),
      );
      expect({ text, fixed: fixed.text, more }).toEqual({ text, fixed: fixed.text, more: [] });
      expect(fixText(linter, { text: fixed.text }, { applicability }).text).toBe(fixed.text);
    }
    expect(changed).toBeGreaterThan(10);
  });

  it("leave good Dockerfiles as they are", () => {
    const texts = goodTexts();
    expect(texts.length).toBeGreaterThanOrEqual(40);
    for (const text of texts) expect(fixText(linter, { text }, { applicability }).text).toBe(text);
  });
});
