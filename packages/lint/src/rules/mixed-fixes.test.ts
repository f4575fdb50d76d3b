/** Fixes of all rules on files mixed from the rules' examples: they leave nothing worse and are done after one run. */
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../linter/diagnostic.ts";
import { exampleContext, readMarks } from "../linter/example.ts";
import { fixText } from "../linter/fixer.ts";
import { Linter } from "../linter/linter.ts";
import { PRESETS } from "../linter/presets.ts";
import { parseDockerfile } from "../syntax/parser.ts";
import { rules } from "./index.ts";

const FILES = 75;

const examples = rules.flatMap((rule) => rule.docs().bad);

/** Numbers from 0 to below 1 that are the same in each run. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** The instructions of a text, each with the start of its line. */
function instructionsOf(text: string): readonly string[] {
  return parseDockerfile(text).instructions.map(({ span }) =>
    text.slice(text.lastIndexOf("\n", span.start - 1) + 1, span.end),
  );
}

/** A file of some examples: one after another, or shuffled below their first FROM, some of it in ONBUILD. */
function mixtureFrom(next: () => number): { readonly text: string; readonly files: object } {
  const chosen = Array.from({ length: 2 + Math.floor(next() * 4) }, () => {
    const example = examples[Math.floor(next() * examples.length)];
    return { text: readMarks(example?.dockerfile ?? "").text, files: example?.files ?? {} };
  });
  const files = Object.assign({}, ...chosen.map((one) => one.files)) as object;
  if (next() < 0.4) return { text: chosen.map(({ text }) => text).join(""), files };
  const lines = chosen.flatMap(({ text }) => instructionsOf(text));
  const isStage = (line: string): boolean => /^\s*(?:FROM|ONBUILD|MAINTAINER)\b/i.test(line);
  const shuffled = lines
    .filter((line) => !isStage(line))
    .map((line) => ({ line: next() < 0.1 ? `ONBUILD ${line.trimStart()}` : line, at: next() }))
    .sort((one, other) => one.at - other.at);
  const text = [lines.find(isStage) ?? "FROM debian:12", ...shuffled.map(({ line }) => line)].join("\n");
  return { text: next() < 0.1 ? text.replaceAll("\n", "\r\n") : `${text}\n`, files };
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

describe.each(PRESETS)("mixed files under preset %s", (preset) => {
  const linter = new Linter(rules, { preset });

  it.each(["safe", "unsafe"] as const)("are left no worse by %s fixes", (applicability) => {
    const next = numbersFrom(PRESETS.indexOf(preset) + 1);
    for (let count = 0; count < FILES; count += 1) {
      const { text, files } = mixtureFrom(next);
      const context = next() < 0.5 ? exampleContext({ files: { ...files } }) : undefined;
      const before = linter.lint({ text, context });
      const fixed = fixText(linter, { text, context }, { applicability });
      expect(fixed.result.failedRules).toEqual([]);
      expect(fixed.result.dockerfile.problems.length).toBeLessThanOrEqual(before.dockerfile.problems.length);
      const known = loud(before.diagnostics);
      const more = [...loud(fixed.result.diagnostics)].filter(([rule, n]) => n > (known.get(rule) ?? 0));
      expect({ text, fixed: fixed.text, more }).toEqual({ text, fixed: fixed.text, more: [] });
      if (fixed.ignoreText !== undefined) continue; // the context would be another one
      const again = fixText(linter, { text: fixed.text, context }, { applicability });
      expect({ text, again: again.text }).toEqual({ text, again: fixed.text });
    }
  });
});
