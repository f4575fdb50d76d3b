/** Runs the examples of every rule: what they mark is what the rule reports, and its fixes give what they promise. */
import { describe, expect, it } from "vitest";
import { exampleContext, readMarks } from "../linter/example.ts";
import { fixText } from "../linter/fixer.ts";
import { DEFAULT_SETTINGS, Linter, type LintInput } from "../linter/linter.ts";
import { isBuildkitName, isHadolintCode } from "../linter/presets.ts";
import type { GoodExample, Rule } from "../linter/rule.ts";
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
  return { text: readMarks(example.dockerfile).text, context: exampleContext(example) };
}

describe.each(rules.map((rule): [string, Rule] => [`${rule.code} ${rule.name}`, rule]))("%s", (_, rule) => {
  const docs = rule.docs();

  it("says what it is", () => {
    expect(rule.code).toMatch(/^DFL\d{3}$/);
    expect(rule.name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(rule.summary).toMatch(/^\S.*[^.\s]$/);
    expect(docs.why.trim()).not.toBe("");
    expect(docs.bad.length).toBeGreaterThan(0);
    expect(docs.good.length).toBeGreaterThan(0);
    for (const alias of rule.aliases) expect(isHadolintCode(alias) || isBuildkitName(alias)).toBe(true);
    if (rule.aliases.some(isHadolintCode)) expect(rule.severity.hadolint).toBeDefined();
  });

  it.each(docs.bad.map((example, index) => ({ example, index })))("reports bad example $index", ({ example }) => {
    const linter = linterFor(rule, example);
    const input = inputOf(example);
    const { diagnostics, failedRules } = linter.lint(input);
    expect(failedRules).toEqual([]);
    const own = diagnostics.filter((diagnostic) => diagnostic.rule === rule.code && !diagnostic.suppressed);
    const spansIn = (target: string): object[] =>
      own.filter((diagnostic) => diagnostic.target === target).map(({ span }) => span);
    const show = (text: string, spans: readonly { start: number; end: number }[]): string[] =>
      spans.map(({ start, end }) => `${start}-${end} ${text.slice(start, end)}`);
    const expected = readMarks(example.dockerfile);
    const found = own.filter(({ target }) => target === "dockerfile").map(({ span }) => span);
    expect(show(input.text, found)).toEqual(show(input.text, expected.spans));
    expect(spansIn("dockerignore")).toEqual(
      example.dockerignore === undefined ? [] : readMarks(example.dockerignore).spans,
    );
    for (const { message, span, target, related, fixes } of own) {
      expect(message).toMatch(/^\S[^]*[.?)"]$/);
      const text = target === "dockerfile" ? input.text : (input.context?.ignoreFile?.text ?? "");
      for (const { start, end } of [span, ...related.map((place) => place.span)]) {
        expect(start).toBeGreaterThanOrEqual(0);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(Math.max(text.length, input.text.length));
      }
      for (const fix of fixes) expect(fix.title).toMatch(/^\S.*[^.\s]$/);
    }
    const places = own.map(({ span, message, target }) => `${target} ${span.start} ${span.end} ${message}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it.each(docs.bad.map((example, index) => ({ example, index })))("fixes bad example $index", ({ example }) => {
    const linter = linterFor(rule, example);
    const input = inputOf(example);
    const fixed = fixText(linter, input, { applicability: "unsafe" });
    expect(fixed.text).toBe(example.fixed ?? input.text);
    expect(fixed.ignoreText).toBe(example.fixedDockerignore);
    const problems = parseDockerfile(input.text).problems.length;
    expect(parseDockerfile(fixed.text).problems.length).toBeLessThanOrEqual(problems);
    const offered = linter.lint(input).diagnostics.some(({ rule: code, fixes }) => code === rule.code && fixes.length > 0);
    if (offered) expect(rule.fix).toBeDefined();
  });

  it.each(docs.good.map((example, index) => ({ example, index })))("keeps quiet on good example $index", ({ example }) => {
    const { diagnostics, failedRules } = linterFor(rule, example).lint(inputOf(example));
    expect(failedRules).toEqual([]);
    expect(diagnostics.filter(({ rule: code, suppressed }) => code === rule.code && !suppressed)).toEqual([]);
  });
});

describe("the rules together", () => {
  it("share neither codes nor names nor aliases", () => {
    const names = rules.flatMap(({ code, name, aliases }) => [code, name, ...aliases]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
