/** What the linter says, in the terms of the Language Server Protocol 3.17: lines and characters from 0, in UTF-16. */
import {
  DiagnosticSeverity,
  type Diagnostic as LspDiagnostic,
  type Range,
  type TextEdit,
} from "vscode-languageserver/node";
import type { Diagnostic, Severity } from "../linter/diagnostic.ts";
import { ruleAddress } from "../report/rule-address.ts";
import type { Edit } from "../source/edit.ts";
import type { SourceFile } from "../source/source-file.ts";
import type { Span } from "../source/span.ts";

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  style: DiagnosticSeverity.Hint,
};

/** A span as lines and characters. */
export function rangeOf(source: SourceFile, { start, end }: Span): Range {
  const [from, to] = [source.position(start), source.position(end)];
  return {
    start: { line: from.line - 1, character: from.column - 1 },
    end: { line: to.line - 1, character: to.column - 1 },
  };
}

/** Lines and characters as a span; what lies outside the text is moved to its end. */
export function spanOf(source: SourceFile, { start, end }: Range): Span {
  const offset = ({ line, character }: Range["start"]): number =>
    source.offset({ line: line + 1, column: character + 1 });
  return { start: offset(start), end: offset(end) };
}

/** A finding, as editors show it. */
export function diagnosticOf(uri: string, source: SourceFile, diagnostic: Diagnostic): LspDiagnostic {
  const { rule, name, severity, message, span, related } = diagnostic;
  const page = ruleAddress(diagnostic);
  return {
    range: rangeOf(source, span),
    severity: SEVERITIES[severity],
    source: "dflint",
    code: rule,
    ...(page !== undefined && { codeDescription: { href: page } }),
    message: `${message} (${name})`,
    relatedInformation: related.map((one) => ({
      location: { uri, range: rangeOf(source, one.span) },
      message: one.message,
    })),
  };
}

/** Edits of the linter as edits of an editor. */
export function textEditsOf(source: SourceFile, edits: readonly Edit[]): TextEdit[] {
  return edits.map(({ span, newText }) => ({ range: rangeOf(source, span), newText }));
}

/** The least edit that turns one text into another, so that cursors and folds outside of it stay. */
export function changeBetween(source: SourceFile, after: string): TextEdit[] {
  const before = source.text;
  if (before === after) return [];
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < most - start && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const span = { start, end: before.length - tail };
  return textEditsOf(source, [{ span, newText: after.slice(start, after.length - tail) }]);
}
