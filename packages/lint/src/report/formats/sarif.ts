/** SARIF 2.1.0 (OASIS), which code scanning services and editors read. */
import type { Diagnostic, Fix } from "../../linter/diagnostic.ts";
import type { Rule } from "../../linter/rule.ts";
import type { SourceFile } from "../../source/source-file.ts";
import type { Span } from "../../source/span.ts";
import { regionOf } from "../place.ts";
import { docsPath, type FileReport, type Report } from "../report.ts";
import type { PublishedManifest } from "../rule-address.ts";
import { SARIF_LEVELS, sarifRule } from "./sarif-rule.ts";
import { uriOf } from "../uri.ts";

/** The whole document; `known` are the rules that there are, with their docs. The manifest is that of this package. */
export function formatSarif(report: Report, known: readonly Rule[], manifest?: PublishedManifest): string {
  const findings = report.files.flatMap((file) =>
    [...file.diagnostics, ...file.muted].map((diagnostic) => ({ diagnostic, file })),
  );
  const examples = new Map(findings.map(({ diagnostic }) => [diagnostic.rule, diagnostic]));
  const codes = [...examples.keys()].toSorted();
  const rules = [...examples.values()]
    .toSorted((left, right) => codes.indexOf(left.rule) - codes.indexOf(right.rule))
    .map((diagnostic) =>
      sarifRule(
        diagnostic,
        known.find(({ code }) => code === diagnostic.rule),
        report,
        manifest,
      ),
    );
  const log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "dflint",
            version: report.version,
            semanticVersion: report.version,
            properties: { ruleset: report.ruleset, preset: report.preset },
            rules,
          },
        },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: report.exitCode < 2,
            exitCode: report.exitCode,
            toolExecutionNotifications: report.errors.map((text) => ({ level: "error", message: { text } })),
          },
        ],
        // An ignore file that several Dockerfiles share may be there more than once.
        artifacts: [...new Set(report.files.map(({ path }) => uriOf(path)))].map((uri) => ({
          location: { uri },
        })),
        results: findings.map(({ diagnostic, file }) =>
          resultObject(diagnostic, file, codes.indexOf(diagnostic.rule)),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function resultObject(diagnostic: Diagnostic, file: FileReport, ruleIndex: number): object {
  const { rule, severity, message, span, related, fixes, evidence, fingerprint, suppressed } = diagnostic;
  const { path, source } = file;
  return {
    ruleId: rule,
    ruleIndex,
    level: SARIF_LEVELS[severity],
    message: { text: [message, ...evidence].join("\n") },
    locations: [{ physicalLocation: physicalLocation(path, span, source) }],
    ...(related.length > 0 && {
      relatedLocations: related.map((place, id) => ({
        id,
        message: { text: place.message },
        physicalLocation: physicalLocation(path, place.span, source),
      })),
    }),
    partialFingerprints: { "dflint/v1": fingerprint },
    ...(fixes.length > 0 && { fixes: fixes.map((fix) => fixObject(fix, diagnostic, file)) }),
    ...(suppressed && {
      suppressions: [
        {
          kind: suppressed.by === "inline" ? "inSource" : "external",
          ...(suppressed.reason !== undefined && { justification: suppressed.reason }),
        },
      ],
    }),
    properties: { severity, docs: docsPath(diagnostic) },
  };
}

function fixObject(
  { title, applicability, edits, target }: Fix,
  diagnostic: Diagnostic,
  file: FileReport,
): object {
  const other = target !== undefined && target !== diagnostic.target ? file.ignoreFile : undefined;
  const { path, source } = other ?? file;
  return {
    description: { text: title },
    artifactChanges: [
      {
        artifactLocation: { uri: uriOf(path) },
        replacements: edits.map(({ span, newText }) => ({
          deletedRegion: sarifRegion(span, source),
          insertedContent: { text: newText },
        })),
      },
    ],
    properties: { applicability },
  };
}

function physicalLocation(path: string, span: Span, source: SourceFile): object {
  return { artifactLocation: { uri: uriOf(path) }, region: sarifRegion(span, source) };
}

function sarifRegion(span: Span, source: SourceFile): object {
  const { start, end } = regionOf(span, source);
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}
