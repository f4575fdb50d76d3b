/** Runs the examples of every rule: what they mark is what the rule reports, and its fixes give what they promise. */
import { describe, expect, it } from "vitest";
import { contextFiles, UNKNOWN_CONTEXT } from "../cache/context-files.ts";
import { historyFacts } from "../cache/history.ts";
import { exampleEngine } from "../linter/example-engine.ts";
import { exampleContext, exampleRegistry, exampleShellChecker, readMarks } from "../linter/example.ts";
import { fixText } from "../linter/fixer.ts";
import type { HistoryFacts } from "../linter/facts/history-facts.ts";
import { DEFAULT_SETTINGS, Linter, type LintInput } from "../linter/linter.ts";
import type { Diagnostic, Target } from "../linter/diagnostic.ts";
import { isBuildkitName, isHadolintCode } from "../linter/presets.ts";
import type { BadExample, GoodExample, Rule } from "../linter/rule.ts";
import type { Span } from "../source/span.ts";
import { parseDockerfile } from "../syntax/parser.ts";
import { rules } from "./index.ts";

function linterFor(rule: Rule, example: GoodExample): Linter {
  return new Linter(rules, {
    only: [rule.code, ...(example.with ?? [])],
    rules: [[rule.code, { options: example.options }]],
    settings: { ...DEFAULT_SETTINGS, ...example.settings },
    today: "2026-11-22",
  });
}

function inputOf(example: GoodExample): LintInput {
  return {
    text: readMarks(example.dockerfile).text,
    context: exampleContext(example),
    shellChecker: exampleShellChecker(example),
    registry: exampleRegistry(example),
    history: example.history && exampleHistory(example.history, example),
    engine: exampleEngine(example, readMarks(example.dockerfile).text),
  };
}

function exampleHistory(commits: readonly (readonly string[])[], example: GoodExample): HistoryFacts {
  const context = exampleContext(example);
  return historyFacts({
    options: {},
    context: context === undefined ? UNKNOWN_CONTEXT : contextFiles(context, (path) => path),
    commits,
  });
}

/** The findings of the rule itself that nothing mutes, and the rules that threw. */
function runExample(rule: Rule, example: GoodExample): { own: Diagnostic[]; failedRules: readonly string[] } {
  const { diagnostics, failedRules } = linterFor(rule, example).lint(inputOf(example));
  return {
    own: diagnostics.filter(({ rule: code, suppressed }) => code === rule.code && suppressed === undefined),
    failedRules,
  };
}

function show(text: string, spans: readonly Span[]): string[] {
  return spans.map(({ start, end }) => `${start}-${end} ${text.slice(start, end)}`);
}

function spansIn(diagnostics: readonly Diagnostic[], target: Target): Span[] {
  return diagnostics.filter((diagnostic) => diagnostic.target === target).map(({ span }) => span);
}

function numbered<Example extends GoodExample>(examples: readonly Example[]): [number, Example][] {
  return examples.map((example, index) => [index, example]);
}

function isInside({ start, end }: Span, text: string): boolean {
  return start >= 0 && start <= end && end <= text.length;
}

/** Every place that a finding names lies in its text. */
function placesOutside(diagnostics: readonly Diagnostic[], texts: Readonly<Record<Target, string>>): Span[] {
  return diagnostics.flatMap(({ span, related, fixes, target }) => {
    const own = [span, ...related.map((place) => place.span)].filter(
      (place) => !isInside(place, texts[target]),
    );
    const edits = fixes.flatMap((fix) =>
      fix.edits.map((edit) => edit.span).filter((place) => !isInside(place, texts[fix.target ?? target])),
    );
    return [...own, ...edits];
  });
}

const named = rules.map((rule): [string, Rule] => [`${rule.code} ${rule.name}`, rule]);

describe.each(named)("%s", (_, rule) => {
  const docs = rule.docs();

  it("says what it is", () => {
    expect(rule.code).toMatch(/^DFL\d{3}$/);
    expect(rule.name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(rule.summary).toMatch(/^\S.*[^.\s]$/);
    expect(docs.why.trim()).not.toBe("");
    expect(docs.bad.length).toBeGreaterThan(0);
    expect(docs.good.length).toBeGreaterThan(0);
    expect(rule.aliases.filter((alias) => !isHadolintCode(alias) && !isBuildkitName(alias))).toEqual([]);
    // A rule that stands for one of hadolint's must say at which level hadolint has it.
    expect(rule.severity.hadolint !== undefined || !rule.aliases.some(isHadolintCode)).toBe(true);
  });

  it.each([docs.bad, docs.good])("shows first what needs no engine", (...examples) => {
    const needy = examples.map(({ engine }) => engine !== undefined);
    expect(needy).toEqual(needy.toSorted((left, right) => Number(left) - Number(right)));
  });

  it.each(numbered<BadExample>(docs.bad))("reports bad example %i", (_index, example) => {
    const { own, failedRules } = runExample(rule, example);
    expect(failedRules).toEqual([]);
    const marked = readMarks(example.dockerfile);
    expect(show(marked.text, spansIn(own, "dockerfile"))).toEqual(show(marked.text, marked.spans));
    const ignoreFile = readMarks(example.dockerignore ?? "");
    expect(show(ignoreFile.text, spansIn(own, "dockerignore"))).toEqual(
      show(ignoreFile.text, ignoreFile.spans),
    );
    const texts = { dockerfile: marked.text, dockerignore: exampleContext(example)?.ignoreFile?.text ?? "" };
    expect(placesOutside(own, texts)).toEqual([]);
    for (const { message, fixes, related } of own) {
      expect(message).toMatch(/^\S[^]*[.?!)"]$/);
      for (const title of fixes.map((fix) => fix.title)) expect(title).toMatch(/^\S.*[^.\s]$/);
      for (const place of related) expect(place.message).toMatch(/^\S.*[^.\s]$/);
    }
    const places = own.map(({ span, message, target }) => `${target} ${span.start} ${span.end} ${message}`);
    expect(new Set(places).size).toBe(places.length);
    expect(rule.fix !== undefined || own.every(({ fixes }) => fixes.length === 0)).toBe(true);
  });

  it.each(numbered<BadExample>(docs.bad))("fixes bad example %i", (_index, example) => {
    const input = inputOf(example);
    const fixed = fixText(linterFor(rule, example), input, { applicability: "unsafe" });
    expect(fixed.text).toBe(example.fixed ?? input.text);
    expect(fixed.ignoreText).toBe(example.fixedDockerignore);
    const problems = parseDockerfile(input.text).problems.length;
    expect(parseDockerfile(fixed.text).problems.length).toBeLessThanOrEqual(problems);
  });

  it.each(numbered<GoodExample>(docs.good))("keeps quiet on good example %i", (_index, example) => {
    expect(runExample(rule, example)).toEqual({ own: [], failedRules: [] });
  });
});

describe("the rules together", () => {
  it("share neither codes nor names nor hadolint's codes", () => {
    // BuildKit has one name for some checks that are several rules here.
    const names = rules.flatMap(({ code, name, aliases }) => [code, name, ...aliases.filter(isHadolintCode)]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
