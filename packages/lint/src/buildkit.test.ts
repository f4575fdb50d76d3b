/** Preset buildkit against what BuildKit's own linter says about the same files, check by check. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BUILDKIT_CHECKS } from "./linter/comments/buildkit-checks.ts";
import { Linter } from "./linter/linter.ts";
import { isBuildkitName } from "./linter/presets.ts";
import { rules } from "./rules/index.ts";

interface Warning {
  readonly rule: string;
  readonly startLine: number;
  readonly endLine: number;
}

interface Case {
  readonly id: string;
  readonly dockerfile: string;
  /** `ok` is false where the build failed: BuildKit says nothing about what comes after the failure. */
  readonly lint: { readonly ok: boolean; readonly warnings: readonly Warning[] };
}

const fixture = new URL("../test/fixtures/dockerfile-edge.jsonl", import.meta.url);
const cases = readFileSync(fixture, "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as Case); // its shape is that of the file

const implemented: string[] = BUILDKIT_CHECKS.filter((name) =>
  rules.some(({ aliases }) => aliases.includes(name)),
);
const linter = new Linter(rules, { preset: "buildkit" });

/** What the linter reports for a check: the lines of the instruction, or of the finding itself where BuildKit names that. */
function reported(text: string, check: string): string[] {
  const { diagnostics, dockerfile } = linter.lint({ text });
  return diagnostics
    .filter(({ aliases, suppressed }) => aliases.includes(check) && suppressed === undefined)
    .map(({ span }) => {
      const line = dockerfile.source.lineAt(span.start);
      const { startLine, endLine } = dockerfile.instructions.find(
        (one) => one.startLine <= line && line <= one.endLine,
      ) ?? { startLine: line, endLine: line };
      return check === "NoEmptyContinuation" ? `${line}-${line}` : `${startLine}-${endLine}`;
    })
    .sort();
}

function expected({ lint }: Case, check: string): string[] {
  return lint.warnings
    .filter(({ rule }) => rule === check)
    .map(({ startLine, endLine }) => `${startLine}-${endLine}`)
    .sort();
}

function disagreements(check: string): string[] {
  return cases.flatMap((one) => {
    const wanted = expected(one, check);
    const found = reported(one.dockerfile, check);
    return wanted.join(" ") === found.join(" ")
      ? []
      : [`${one.id}: BuildKit [${wanted.join(" ")}], dflint [${found.join(" ")}]`];
  });
}

describe("preset buildkit", () => {
  it("has the checks that are told apart here", () => {
    expect(cases).toHaveLength(276);
    expect(rules.flatMap(({ aliases }) => aliases).filter(isBuildkitName)).toEqual(
      expect.arrayContaining(implemented),
    );
  });

  it.each(implemented)("%s: agrees on every file", (check) => {
    expect(disagreements(check)).toEqual([]);
  });

  it("reports what stops a build, too", () => {
    const { diagnostics } = linter.lint({ text: "FROM a\nCPOY a b\nCOPY --frm=x a b\nENV A\n" });
    expect(diagnostics.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual([
      "DFL902 error",
      "DFL903 error",
      "DFL901 error",
    ]);
  });

  it("reports what stops it when it is planned, though other presets have rules of their own for that", () => {
    const { diagnostics } = linter.lint({
      text: "FROM a AS b\nCOPY --from=7 / /\nCOPY --from=b / /\nSTOPSIGNAL X\n",
    });
    expect(diagnostics.map(({ rule, severity }) => `${rule} ${severity}`)).toEqual([
      "DFL901 error",
      "DFL901 error",
      "DFL901 error",
    ]);
  });

  it("prints the score", () => {
    const scores = implemented.map((check) => {
      const wanted = cases.reduce((sum, one) => sum + expected(one, check).length, 0);
      return `  ${check}: ${cases.length - disagreements(check).length} of ${cases.length} files, ${wanted} warnings`;
    });
    const missing = BUILDKIT_CHECKS.filter((name) => !implemented.includes(name));
    process.stdout.write(
      `BuildKit's checks:\n${scores.join("\n")}\n  no rule yet: ${missing.join(", ") || "none"}\n`,
    );
    expect(scores).toHaveLength(implemented.length);
  });
});
