/** The schema that is published for readers of measurements, held against what is written. */
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import type { Measurement } from "../../engine/measurement.ts";
import { formatMeasurementJson, type Measured } from "./measurement-json.ts";

const schema: unknown = JSON.parse(
  readFileSync(new URL("../../../schema/dflint-measurement.schema.json", import.meta.url), "utf8"),
);

/** The schema without its leave to add properties, so that each one that is written has to be described. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, closed(inner)] as const);
  return { ...Object.fromEntries(entries), ...("properties" in value && { additionalProperties: false }) };
}

const validate = new Ajv2020.default({ allErrors: true }).compile(closed(schema) as object); // JSON of an object

function errorsOf(measured: Partial<Measured>): unknown {
  const text = formatMeasurementJson({ measurements: [], unbuilt: [], refused: [], ...measured }, "1.2.3");
  return validate(JSON.parse(text)) ? [] : validate.errors;
}

const range = { start: { line: 1, column: 1 }, end: { line: 2, column: 9 } };
const amounts = { bytes: 12, wastedBytes: 4, layers: 3 };

/** One with all that there may be. */
const FULL: Required<Measurement> = {
  path: "app/Dockerfile",
  text: "FROM debian:12\n",
  build: {
    ...{ name: "service web", engine: "28.5.2", builder: "buildkit", target: "app", platform: "linux/amd64" },
    ...{ seconds: 7.25, stepSeconds: 6.5, steps: 3, cachedSteps: 1 },
  },
  image: {
    ...{ id: "sha256:1", bytes: 12, visibleBytes: 8, entries: 10, command: "sh", user: "" },
    base: { name: "debian:12", layers: 1, bytes: 4 },
    waste: { bytes: 4, ownBytes: 4, baseBytes: 0 },
  },
  layers: [
    {
      ...{ index: 0, digest: "sha256:2", bytes: 4, added: 1, changed: 0, deleted: 0 },
      ...{ origin: "instruction", instruction: 0, createdBy: "RUN x", largest: [{ path: "/a", bytes: 4 }] },
      waste: [{ kind: "metadata", bytes: 4, files: 1, largest: [{ path: "/a", bytes: 4, hiddenBy: 1 }] }],
    },
  ],
  instructions: [
    {
      ...{ index: 0, keyword: "FROM", text: "FROM debian:12", range, stage: 0, stageName: "build" },
      ...{ reachable: true, shipped: true, layers: [0], bytes: 4, entries: 1, hides: 4 },
      step: { cached: false, seconds: 0.5, started: 0.25, completed: 0.75 },
    },
  ],
  findings: [
    {
      ...{
        rule: "DFL105",
        name: "chmod-copies-layer",
        severity: "warning",
        message: "m",
        target: "dockerfile",
      },
      ...{ range, instruction: 0, fix: "safe", evidence: ["Counted."] },
      saves: { bytes: -4, seconds: 1.5, unit: "image", source: "proved" },
    },
  ],
  context: {
    ...{ path: ".", files: 3, bytes: 9, sentBytes: 1, usedFiles: 1, usedBytes: 2 },
    ...{ ignoreLines: ["docs"], ignoreFile: ".dockerignore" },
    unused: [{ path: "docs", folder: true, files: 2, bytes: 7 }],
  },
  tree: { name: "/", bytes: 8, children: [{ name: "a", bytes: 8, layer: 0 }] },
  budgets: [{ name: "wasted-bytes", limit: 1, actual: 4, kept: false }],
  fixes: [
    {
      ...{ finding: 0, rule: "DFL105", title: "Do", applicability: "suggestion", diff: "" },
      proof: { verdict: "identical", differences: ["/a added"], before: amounts, after: amounts },
    },
  ],
  together: { fixes: 2, diff: "", proof: { verdict: "does-not-build", differences: [], before: amounts } },
  notes: ["Nothing else."],
};

it("describes all of a measurement", () => {
  expect(errorsOf({ measurements: [FULL] })).toEqual([]);
});

it("describes what does not build, and what is refused", () => {
  const failure = { message: "m", step: undefined, line: undefined, exitCode: undefined, log: "" };
  const told = {
    path: "a",
    build: "target app",
    message: "m",
    step: "RUN x",
    line: 2,
    exitCode: 1,
    log: "l",
  };
  expect(errorsOf({ unbuilt: [{ path: "a", ...failure }, told] })).toEqual([]);
  expect(errorsOf({ refused: [{ path: "a", message: "m" }] })).toEqual([]);
});

it("describes nothing else", () => {
  const { tree: _tree, ...partial } = FULL;
  expect(errorsOf({ measurements: [{ ...FULL, extra: 1 } as Measurement] })).not.toEqual([]);
  expect(errorsOf({ measurements: [partial as Measurement] })).not.toEqual([]); // the wrong one is meant
});
