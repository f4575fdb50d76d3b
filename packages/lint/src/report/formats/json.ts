/** The report as JSON, schema version 1. Lines and columns from 1 in UTF-16 units, ends exclusive; offsets from 0. */
import type { Diagnostic, Fix } from "../../linter/diagnostic.ts";
import type { Verification, VerificationFailure } from "../../linter/facts/verification.ts";
import type { SourceFile } from "../../source/source-file.ts";
import type { Span } from "../../source/span.ts";
import { countFindings, docsPath, type FileReport, type FileVerdicts, type Report } from "../report.ts";

/** The whole document, with a final line break. */
export function formatJson(report: Report): string {
  const { all: _, fixable, safelyFixable: _safe, ...severities } = countFindings(report.files);
  const document = {
    schemaVersion: 1,
    tool: { name: "dflint", version: report.version, ruleset: report.ruleset, preset: report.preset },
    summary: {
      files: report.files.length,
      ...severities,
      suppressed: report.suppressed,
      baselined: report.baselined,
      fixable,
      failOn: report.failOn,
      exitCode: report.exitCode,
    },
    files: report.files.map(fileObject),
    errors: report.errors,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function fileObject(file: FileReport): object {
  return {
    path: file.path,
    ...(file.build !== undefined && { build: file.build }),
    stages: file.stages.map(({ index, name, shipped, base }) => ({
      index,
      name: name ?? null,
      shipped,
      base: { ref: base ?? null },
    })),
    ...(file.verified !== undefined && { verified: verdictsObject(file.verified) }),
    diagnostics: file.diagnostics.map((diagnostic) => diagnosticObject(diagnostic, file)),
  };
}

/** One finding. */
export function diagnosticObject(diagnostic: Diagnostic, file: FileReport): object {
  const { span, related, fixes } = diagnostic;
  const { source } = file;
  return {
    rule: diagnostic.rule,
    name: diagnostic.name,
    aliases: diagnostic.aliases,
    severity: diagnostic.severity,
    category: diagnostic.category,
    message: diagnostic.message,
    range: rangeOf(span, source),
    offset: [span.start, span.end],
    stage: diagnostic.stage ?? null,
    instruction: diagnostic.instruction ?? null,
    related: related.map((place) => ({
      message: place.message,
      range: rangeOf(place.span, source),
      offset: [place.span.start, place.span.end],
    })),
    fixes: fixes.map((fix) => fixObject(fix, diagnostic, file)),
    evidence: diagnostic.evidence,
    fingerprint: diagnostic.fingerprint,
    docs: docsPath(diagnostic),
  };
}

function fixObject(
  { title, applicability, edits, target, verification }: Fix,
  diagnostic: Diagnostic,
  file: FileReport,
): object {
  const other = target !== undefined && target !== diagnostic.target ? file.ignoreFile : undefined;
  const source = other?.source ?? file.source;
  return {
    title,
    applicability,
    // Only for a fix of another file than the one that the finding is in.
    ...(other && { path: other.path }),
    edits: edits.map(({ span, newText }) => ({ range: rangeOf(span, source), newText })),
    verification: verification === undefined ? null : verificationObject(verification),
  };
}

/** What an engine says of a file's fixes: each, and all that hold together. */
function verdictsObject({ judged, verification }: FileVerdicts): object {
  return {
    verification: verification === undefined ? null : verificationObject(verification),
    fixes: judged.map(({ rule, name, title, applicability, kept, verification: own }) => ({
      rule,
      name,
      title,
      applicability,
      kept,
      verification: verificationObject(own),
    })),
  };
}

function verificationObject(verification: Verification): object {
  const { verdict, differences, differenceCount, countingDifferences, bytes, failure, source } = verification;
  return {
    verdict,
    differences: differences.map(({ kind, path, change, what, before, after, harmless }) => ({
      kind,
      path,
      change,
      what,
      before: before ?? null,
      after: after ?? null,
      harmless: harmless ?? null,
    })),
    differenceCount,
    countingDifferences,
    bytes: bytes ?? null,
    failure: failure === undefined ? null : failureObject(failure),
    source,
  };
}

function failureObject({ of, message, step, line, exitCode, log }: VerificationFailure): object {
  return { of, message, step: step ?? null, line: line ?? null, exitCode: exitCode ?? null, log };
}

function rangeOf({ start, end }: Span, source: SourceFile): object {
  return { start: source.position(start), end: source.position(end) };
}
