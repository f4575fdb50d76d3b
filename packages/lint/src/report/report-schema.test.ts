/** The schema that is published for readers of the JSON report, held against what is written. */
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { PRESETS } from "../linter/presets.ts";
import { SEVERITIES, type Diagnostic } from "../linter/diagnostic.ts";
import { readMarks } from "../linter/example.ts";
import { Linter } from "../linter/linter.ts";
import type { Verification } from "../linter/facts/verification.ts";
import { rules } from "../rules/index.ts";
import { SourceFile } from "../source/source-file.ts";
import { formatJson } from "./formats/json.ts";
import { formatJsonl } from "./formats/jsonl.ts";
import type { FileReport, Report } from "./report.ts";

type Schema = Readonly<Record<string, unknown>>;

const schema = JSON.parse(
  readFileSync(new URL("../../schema/dflint-report.schema.json", import.meta.url), "utf8"),
) as Schema;

/** The schema without its leave to add properties, so that each one that is written has to be described. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, closed(inner)] as const);
  return { ...Object.fromEntries(entries), ...("properties" in value && { additionalProperties: false }) };
}

const ajv = new Ajv2020.default({ allErrors: true, allowUnionTypes: true });
const validate = ajv.compile(closed(schema) as Schema);

function errorsOf(report: Report): unknown {
  return validate(JSON.parse(formatJson(report))) ? [] : validate.errors;
}

function fileOf(text: string, more: Partial<FileReport> = {}): FileReport {
  const linter = new Linter(rules, { preset: "strict" });
  const { diagnostics, dockerfile } = linter.lint({ text });
  const stages = [{ index: 0, name: undefined, shipped: true, base: undefined }];
  const file = { path: "Dockerfile", source: dockerfile.source, build: undefined, stages, diagnostics };
  return { ...file, muted: [], failOn: "warning", ignoreFile: undefined, ...more };
}

function reportOf(files: readonly FileReport[], more: Partial<Report> = {}): Report {
  const tool = { version: "1.2.3", ruleset: "2026-11", preset: "strict" } as const;
  const counts = { suppressed: 1, baselined: 2, fixed: 3 };
  return { ...tool, ...counts, files, failOn: "warning", exitCode: 1, errors: [], ...more };
}

/** What the bad examples of all rules bring up: findings of every category, with fixes and related places. */
const examples = rules.flatMap((rule) =>
  rule.docs().bad.map(({ dockerfile }) => fileOf(readMarks(dockerfile).text)),
);

describe("the schema of the JSON report", () => {
  it("describes all that is found in the examples of the rules", () => {
    expect(examples.flatMap(({ diagnostics }) => diagnostics).length).toBeGreaterThan(rules.length);
    expect(errorsOf(reportOf(examples))).toEqual([]);
  });

  it("describes what is seldom there", () => {
    const [bad] = fileOf("FROM alpine:latest\n").diagnostics;
    const fixes: Diagnostic["fixes"] = [
      {
        title: "Add",
        applicability: "unsafe",
        target: "dockerignore",
        edits: [{ span: { start: 0, end: 0 }, newText: "" }],
      },
    ];
    const diagnostic = { ...bad, fixes, stage: undefined, instruction: undefined } as Diagnostic; // there is one
    const odd = fileOf("", {
      build: "service web",
      ignoreFile: { path: ".dockerignore", source: new SourceFile("") },
      diagnostics: [diagnostic],
    });
    expect(errorsOf(reportOf([odd]))).toEqual([]);
    expect(errorsOf(reportOf([], { exitCode: 2, failOn: "never", errors: ["x: no such file"] }))).toEqual([]);
  });

  it("describes what an engine says of fixes", () => {
    const difference = { kind: "file", path: "/a", change: "changed", what: ["mode"] } as const;
    const verifications: readonly Verification[] = [
      {
        verdict: "equivalent",
        differences: [{ ...difference, before: "0600", after: undefined, harmless: "cache" }],
        differenceCount: 1,
        countingDifferences: 0,
        bytes: { before: 2, after: 1 },
        failure: undefined,
        source: "Docker 28.5.2, linux/amd64",
      },
      {
        verdict: "does-not-build",
        differences: [],
        differenceCount: 0,
        countingDifferences: 0,
        bytes: undefined,
        failure: { of: "fixed", message: "no", step: "RUN a", line: 2, exitCode: undefined, log: "" },
        source: "Docker 28.5.2, linux/amd64",
      },
    ];
    const judged = verifications.map((verification) => ({
      rule: "DFL101",
      name: "some-rule",
      title: "Mend it",
      applicability: "safe" as const,
      kept: verification.verdict === "equivalent",
      verification,
    }));
    const [bad] = fileOf("FROM alpine:latest\n").diagnostics;
    const fixes = verifications.map((verification) => ({
      title: "Mend it",
      applicability: "safe" as const,
      edits: [],
      verification,
    }));
    const file = fileOf("FROM alpine:latest\n", {
      diagnostics: [{ ...bad, fixes } as Diagnostic], // there is one
      verified: { judged, verification: verifications[0] },
    });
    expect(
      errorsOf(reportOf([file, { ...file, verified: { judged: [], verification: undefined } }])),
    ).toEqual([]);
  });

  it("describes the lines of jsonl, which have their file's path beside the finding", () => {
    const line = ajv.compile({
      ...schema,
      $id: "open",
      $ref: "#/$defs/diagnostic",
      type: "object",
      required: ["path"],
    });
    const lines = formatJsonl(reportOf(examples)).trimEnd().split("\n");
    expect(lines.filter((text) => !line(JSON.parse(text)))).toEqual([]);
  });

  it("knows every preset, severity and category", () => {
    expect(schema).toMatchObject({
      properties: {
        tool: { properties: { preset: { enum: PRESETS } } },
        summary: { properties: { failOn: { enum: [...SEVERITIES, "never"] } } },
      },
      $defs: {
        diagnostic: {
          properties: {
            severity: { enum: SEVERITIES },
            category: { enum: expect.arrayContaining(rules.map(({ category }) => category)) },
          },
        },
      },
    });
  });

  it.each([
    ["a wrong version", /"schemaVersion": 1/, '"schemaVersion": 2'],
    ["a missing part", /"summary"/, '"sum"'],
    ["a column from 0", /"column": \d+/, '"column": 0'],
  ])("refuses %s", (_, part, other) => {
    const text = formatJson(reportOf([fileOf("FROM alpine:latest\n")]));
    expect(validate(JSON.parse(text))).toBe(true);
    expect(validate(JSON.parse(text.replace(part, other)))).toBe(false);
  });
});
