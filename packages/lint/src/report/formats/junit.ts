/**
 * JUnit's XML, as CI servers show tests: a file is a suite, a finding a test that fails. Findings below `--fail-on` are
 * tests that pass with an output, so that the tests agree with the exit code.
 */
import { reaches, type Diagnostic } from "../../linter/diagnostic.ts";
import { regionOf } from "../place.ts";
import { printable } from "../printable.ts";
import type { FileReport, Report } from "../report.ts";
import { xmlAttributes, xmlText } from "./xml.ts";

/** The whole document. A file without findings is a suite with one test that passes. */
export function formatJunit(report: Report): string {
  const tests = report.files.reduce((sum, { diagnostics }) => sum + Math.max(1, diagnostics.length), 0);
  const failures = report.files.reduce((sum, file) => sum + failuresOf(file), 0);
  const attributes = xmlAttributes({ name: "dflint", tests, failures, errors: 0 });
  const suites = report.files.map(suiteElement).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes}>\n${suites}</testsuites>\n`;
}

function failuresOf({ diagnostics, failOn }: FileReport): number {
  return diagnostics.filter(({ severity }) => reaches(severity, failOn)).length;
}

function suiteElement(file: FileReport): string {
  const { path, diagnostics } = file;
  const counts = {
    tests: Math.max(1, diagnostics.length),
    failures: failuresOf(file),
    errors: 0,
    skipped: 0,
    time: 0,
  };
  const cases =
    diagnostics.length === 0
      ? `    <testcase${xmlAttributes({ name: "no findings", classname: path, time: 0 })}/>\n`
      : diagnostics.map((diagnostic) => caseElement(diagnostic, file)).join("");
  return `  <testsuite${xmlAttributes({ name: path, ...counts })}>\n${cases}  </testsuite>\n`;
}

function caseElement(diagnostic: Diagnostic, { path, source, failOn }: FileReport): string {
  const { rule, name, severity, message, span } = diagnostic;
  const { line, column } = regionOf(span, source).start;
  const place = `${path}:${line}:${column}`;
  const test = { name: `${rule} ${name} at ${line}:${column}`, classname: path, time: 0 };
  // The place begins the text: viewers of tests show no other one.
  const text = xmlText(`${printable(place)}: ${severity} ${rule} ${name}: ${message}`);
  const body = reaches(severity, failOn)
    ? `<failure${xmlAttributes({ message, type: severity })}>${text}</failure>`
    : `<system-out>${text}</system-out>`;
  return `    <testcase${xmlAttributes(test)}>${body}</testcase>\n`;
}
