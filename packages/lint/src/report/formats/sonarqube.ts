/** SonarQube's generic issue data, in the form with rules (10.3 and later). */
import type { Category, Diagnostic, Severity } from "../../linter/diagnostic.ts";
import type { Rule } from "../../linter/rule.ts";
import { firstLineOf, lastLineOf, regionOf } from "../place.ts";
import type { FileReport, Report } from "../report.ts";
import type { SourceFile } from "../../source/source-file.ts";
import type { Span } from "../../source/span.ts";

const IMPACTS: Readonly<Record<Severity, string>> = {
  error: "HIGH",
  warning: "MEDIUM",
  info: "LOW",
  style: "LOW",
};

const SECURITY: ReadonlySet<Category> = new Set(["secrets", "user"]);
const RELIABILITY: ReadonlySet<Category> = new Set(["runtime", "shell", "stages", "syntax", "variables"]);

/** The whole document; `known` are the rules that there are. */
export function formatSonarqube(report: Report, known: readonly Rule[]): string {
  const summaries = new Map<string, string>(known.map(({ code, summary }) => [code, `${summary}.`]));
  const rules = new Map<string, object>();
  for (const { diagnostics } of report.files) {
    for (const diagnostic of diagnostics) {
      const description = summaries.get(diagnostic.rule) ?? diagnostic.name;
      if (!rules.has(diagnostic.rule)) rules.set(diagnostic.rule, ruleObject(diagnostic, description));
    }
  }
  const issues = report.files.flatMap((file) => file.diagnostics.map((one) => issueObject(one, file)));
  return `${JSON.stringify({ rules: [...rules.values()], issues }, undefined, 2)}\n`;
}

function ruleObject({ rule, name, category, severity }: Diagnostic, description: string): object {
  return {
    id: rule,
    name,
    description,
    engineId: "dflint",
    cleanCodeAttribute: SECURITY.has(category) ? "TRUSTWORTHY" : "CONVENTIONAL",
    impacts: [
      {
        softwareQuality: SECURITY.has(category)
          ? "SECURITY"
          : RELIABILITY.has(category)
            ? "RELIABILITY"
            : "MAINTAINABILITY",
        severity: IMPACTS[severity],
      },
    ],
  };
}

function issueObject({ rule, message, span, related }: Diagnostic, { path, source }: FileReport): object {
  const location = (text: string, at: Span): object => ({
    message: text,
    filePath: path,
    textRange: rangeOf(at, source),
  });
  return {
    ruleId: rule,
    primaryLocation: location(message, span),
    ...(related.length > 0 && {
      secondaryLocations: related.map((place) => location(place.message, place.span)),
    }),
  };
}

/** Columns count from 0 here, and a range without a character in it is refused: it is given as a line. */
function rangeOf(span: Span, source: SourceFile): object {
  const region = regionOf(span, source);
  const startLine = firstLineOf(region, source);
  const endLine = lastLineOf(region, source);
  const startColumn = region.start.column - 1;
  const endColumn = endLine === region.end.line ? region.end.column - 1 : source.line(endLine).length;
  const isEmpty = startLine === endLine && startColumn >= Math.min(endColumn, source.line(endLine).length);
  if (isEmpty || startLine !== region.start.line) return { startLine, endLine };
  return { startLine, endLine, startColumn, endColumn: Math.min(endColumn, source.line(endLine).length) };
}
