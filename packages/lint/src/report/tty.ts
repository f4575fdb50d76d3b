/** For people at a terminal: each finding with the lines it is about. */
import type { Diagnostic, Severity } from "../linter/diagnostic.ts";
import type { Span } from "../source/span.ts";
import { colours, type Colours, type Paint } from "./colours.ts";
import { columnsOf, printable } from "./printable.ts";
import { countFindings, describeCounts, plural, type FileReport, type Report } from "./report.ts";

/** Columns of source before a line is cut. */
const MAX_COLUMNS = 160;

const PAINTS: Readonly<Record<Severity, keyof Colours>> = {
  error: "red",
  warning: "yellow",
  info: "blue",
  style: "cyan",
};

/** How to show a report. */
export interface TtyOptions {
  readonly colour: boolean;
}

/** The whole report as text. Errors of reading are not in it: they go to standard error. */
export function formatTty(report: Report, { colour }: TtyOptions): string {
  const paint = colours(colour);
  if (report.files.length === 0) return "";
  let text = "";
  for (const file of report.files) {
    for (const diagnostic of file.diagnostics) text += `${formatFinding(file, diagnostic, paint)}\n`;
  }
  return text + formatSummary(report, paint);
}

function formatFinding(file: FileReport, diagnostic: Diagnostic, paint: Colours): string {
  const { line, column } = file.source.position(diagnostic.span.start);
  const severity = paint[PAINTS[diagnostic.severity]];
  const place = `${paint.bold(printable(file.path))}:${line}:${column}`;
  const aliases = diagnostic.aliases.length === 0 ? "" : paint.dim(` (${diagnostic.aliases.join(", ")})`);
  const head = `${place} ${severity(diagnostic.severity)} ${paint.bold(diagnostic.rule)} ${diagnostic.name}${aliases}`;
  const rows = [
    head,
    `  ${printable(diagnostic.message)}`,
    ...sourceFrame(file, diagnostic.span, severity, paint),
  ];
  for (const { span, message } of diagnostic.related) {
    const at = file.source.position(span.start);
    rows.push(`  ${paint.cyan("see")} ${printable(file.path)}:${at.line}:${at.column} ${printable(message)}`);
  }
  for (const evidence of diagnostic.evidence) rows.push(`  ${paint.dim("=")} ${printable(evidence)}`);
  const fix = diagnostic.fixes[0];
  if (fix !== undefined) rows.push(`  ${paint.green(`${fix.applicability} fix`)} ${printable(fix.title)}`);
  return `${rows.join("\n")}\n`;
}

/** The line of a finding, with a line before it, and carets below what is meant. */
function sourceFrame({ source }: FileReport, span: Span, severity: Paint, paint: Colours): string[] {
  if (source.text === "") return [];
  const { line, column } = source.position(span.start);
  const last = source.lineAt(Math.max(span.start, span.end - 1));
  const width = String(line + 1).length;
  const row = (number: number, text: string): string =>
    `  ${paint.dim(`${String(number).padStart(width)} │`)} ${showLine(text)}`.trimEnd();
  const rows = line > 1 ? [row(line - 1, source.line(line - 1))] : [];
  const text = source.line(line);
  const from = column - 1;
  const to = last > line ? text.length : Math.min(from + span.end - span.start, text.length);
  const cut = from > MAX_COLUMNS - 40 ? from - 40 : 0;
  rows.push(row(line, text.slice(cut)));
  // Tabs stay tabs, so that the carets stand right whatever their width.
  const before = showLine(text.slice(cut, from)).replace(/[^\t]+/g, (part) => " ".repeat(columnsOf(part)));
  const marked = Math.max(1, columnsOf(showLine(text.slice(from, Math.min(to, cut + MAX_COLUMNS)))));
  const more = last > line ? ` … to line ${last}` : "";
  rows.push(
    `  ${paint.dim(`${" ".repeat(width)} │`)} ${before}${severity("^".repeat(marked))}${paint.dim(more)}`,
  );
  return rows;
}

function showLine(text: string): string {
  const shown = printable(text.length > MAX_COLUMNS ? text.slice(0, MAX_COLUMNS) : text);
  return text.length > MAX_COLUMNS ? `${shown}…` : shown;
}

function formatSummary(report: Report, paint: Colours): string {
  const counts = countFindings(report.files);
  const suppressed = report.suppressed === 0 ? "" : `, ${report.suppressed} muted`;
  const baselined = report.baselined === 0 ? "" : `, ${report.baselined} in the baseline`;
  const fixed = report.fixed === 0 ? "" : `, ${report.fixed} fixed`;
  const muted = `${suppressed}${baselined}${fixed}`;
  const files = plural(report.files.length, "file");
  if (counts.all === 0) return `${paint.green("No findings")} in ${files}${muted}.\n`;
  const fixable = counts.fixable === 0 ? "" : `; ${counts.fixable} fixable`;
  const total = paint.bold(plural(counts.all, "finding"));
  return `${total} (${describeCounts(counts)}) in ${files}${muted}${fixable}.\n`;
}
