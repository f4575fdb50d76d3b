/** What nobody looks at is not looked for, and nothing else changes. */
import { describe, expect, it } from "vitest";
import { reaches, type Diagnostic } from "../linter/diagnostic.ts";
import { exampleContext, exampleRegistry, exampleShellChecker, readMarks } from "../linter/example.ts";
import { Linter, type LintInput } from "../linter/linter.ts";
import { PRESETS } from "../linter/presets.ts";
import { rules } from "./index.ts";

/** What two linters find that reaches a level: one that knows of the level, and one that does not. */
function bothFrom(
  least: NonNullable<LintInput["least"]>,
  input: LintInput,
  linter: Linter = new Linter(rules),
): readonly [readonly Diagnostic[], readonly Diagnostic[]] {
  const telling = ({ severity, suppressed }: Diagnostic): boolean =>
    suppressed !== undefined || reaches(severity, least);
  const knowing = linter.lint({ ...input, least });
  return [knowing.diagnostics.filter(telling), linter.lint(input).diagnostics.filter(telling)];
}

describe("with a level below which nobody looks", () => {
  const inputs = rules.flatMap((rule) =>
    rule.docs().bad.map((example) => ({
      text: readMarks(example.dockerfile).text,
      context: exampleContext(example),
      shellChecker: exampleShellChecker(example),
      registry: exampleRegistry(example),
    })),
  );

  it.each(PRESETS)("everything else is found by preset %s", (preset) => {
    const linter = new Linter(rules, { preset });
    for (const input of inputs) {
      const [knowing, all] = bothFrom("warning", input, linter);
      expect(knowing).toEqual(all);
    }
  });

  it("whether anything is wrong in an ignore file is found, since such a file counts", () => {
    for (const input of inputs) {
      const targets = (least: LintInput["least"]): boolean =>
        new Linter(rules, { preset: "strict" })
          .lint({ ...input, least })
          .diagnostics.some(({ target }) => target === "dockerignore");
      expect(targets("never")).toBe(targets(undefined));
    }
  });

  it("rules are not called whose findings are all milder", () => {
    const text = "FROM alpine:3.20\nARG A=1\nCOPY a b c\nRUN true\n";
    const codesFrom = (least: LintInput["least"]): readonly string[] =>
      new Linter(rules).lint({ text, least }).diagnostics.map(({ rule }) => rule);
    expect(codesFrom(undefined)).toContain("DFL708");
    expect(codesFrom("info")).toEqual(codesFrom(undefined));
    expect(codesFrom("warning")).not.toContain("DFL708");
    expect(codesFrom("warning")).toContain("DFL434");
    expect(codesFrom("never")).toEqual([]);
  });

  it.each([
    ["a comment mutes findings", "FROM alpine:3.20\n# dflint ignore=DFL708 -- why\nARG A=1\nRUN true\n"],
    ["a comment mutes nothing", "FROM alpine:3.20\n# dflint ignore=DFL708 -- why\nRUN true\n"],
    ["warnings fail the build", "# check=error=true\nFROM alpine:3.20 as a\nRUN true\n"],
  ])("all are called where %s", (_, one) => {
    const [knowing, all] = bothFrom("warning", { text: one });
    expect(all.length).toBeGreaterThan(0);
    expect(knowing).toEqual(all);
  });

  it("all are called where the configuration mutes findings", () => {
    const ignored = [{ rule: "DFL708", reason: "why" }];
    const [knowing, all] = bothFrom("error", { text: "FROM alpine:3.20\nARG A=1\nRUN true\n", ignored });
    expect(all.map(({ rule }) => rule)).toContain("DFL708");
    expect(knowing).toEqual(all);
  });

  it("a rule is called whose level by an alias reaches it", () => {
    const rule = ["DL3008", { level: "error" }] as const;
    const linter = new Linter(rules, { preset: "hadolint", rules: [rule] });
    const text = "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n";
    const [knowing, all] = bothFrom("error", { text }, linter);
    expect(knowing).toEqual(all);
    expect(all.flatMap(({ aliases }) => aliases)).toContain("DL3008");
  });
});
