/** For people at a terminal: each finding with the lines it is about. */
import type { Applicability, Diagnostic, Severity } from "../../linter/diagnostic.ts";
import type { Position } from "../../source/source-file.ts";
import type { Span } from "../../source/span.ts";
import { colours, type Colours, type Paint } from "../colours.ts";
import { columnsOf, printable } from "../printable.ts";
import {
  describeCounts,
  FindingCounter,
  plural,
  wholeText,
  type Counts,
  type FileReport,
  type Report,
  type ReportStream,
  type RunReport,
} from "../report.ts";

/** Columns that a frame takes at most, and at least: below that a narrow terminal breaks lines. */
const MAX_COLUMNS = 160;
const MIN_COLUMNS = 40;

const PAINTS: Readonly<Record<Severity, keyof Colours>> = {
  error: "red",
  warning: "yellow",
  info: "blue",
  style: "cyan",
};

/** How to show a report. */
export interface TtyOptions {
  readonly colour: boolean;
  /** The width of the terminal; default: wide. */
  readonly columns?: number | undefined;
  /** Whether to draw with ASCII alone, for a terminal that knows nothing else. Default false. */
  readonly ascii?: boolean | undefined;
}

/** How to draw. */
interface Style {
  readonly paint: Colours;
  readonly columns: number;
  readonly bar: string;
  readonly dots: string;
}

/** The whole report as text. */
export function formatTty(report: Report, options: TtyOptions): string {
  return wholeText(ttyStream(options), report);
}

/** The report file by file. Errors of reading are not in it: they go to standard error. */
export function ttyStream({ colour, columns, ascii }: TtyOptions): ReportStream {
  const paint = colours(colour);
  const style: Style = {
    paint,
    columns: Math.max(MIN_COLUMNS, Math.min(columns ?? MAX_COLUMNS, MAX_COLUMNS)),
    bar: ascii === true ? "|" : "│",
    dots: ascii === true ? "..." : "…",
  };
  const counter = new FindingCounter();
  return {
    *file(file) {
      counter.add(file);
      for (const diagnostic of file.diagnostics) yield `${formatFinding(file, diagnostic, style)}\n`;
    },
    end: (run) => (counter.files === 0 ? "" : formatSummary(run, counter, paint)),
  };
}

function formatFinding(file: FileReport, diagnostic: Diagnostic, style: Style): string {
  const { paint } = style;
  const position = file.source.position(diagnostic.span.start);
  const severity = paint[PAINTS[diagnostic.severity]];
  const place = `${paint.bold(printable(file.path))}:${position.line}:${position.column}`;
  const aliases = diagnostic.aliases.length === 0 ? "" : paint.dim(` (${diagnostic.aliases.join(", ")})`);
  const build = file.build === undefined ? "" : paint.dim(` [${printable(file.build)}]`);
  const head = `${place}${build} ${severity(diagnostic.severity)} ${paint.bold(diagnostic.rule)} ${diagnostic.name}${aliases}`;
  const rows = [
    head,
    `  ${printable(diagnostic.message)}`,
    ...sourceFrame(file, diagnostic.span, position, severity, style),
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
function sourceFrame(
  { source }: FileReport,
  span: Span,
  { line, column }: Position,
  severity: Paint,
  style: Style,
): string[] {
  if (source.text === "") return [];
  const { paint, bar, dots } = style;
  const last = source.lineAt(Math.max(span.start, span.end - 1));
  const width = String(line + 1).length;
  const room = style.columns - width - 5;
  const row = (number: number, text: string): string =>
    `  ${paint.dim(`${String(number).padStart(width)} ${bar}`)} ${cutLine(text, room, dots)}`.trimEnd();
  const rows = line > 1 ? [row(line - 1, source.line(line - 1))] : [];
  const text = source.line(line);
  const from = column - 1;
  const to = last > line ? text.length : Math.min(from + span.end - span.start, text.length);
  // What is far to the right is shown with a quarter of the room before it.
  const isFar = from > 2 * room || columnsOf(text.slice(0, from)) > (room * 3) / 4;
  const cut = isFar ? startBefore(text, from, room / 4) : 0;
  rows.push(row(line, text.slice(cut)));
  const before = blankOut(printable(text.slice(cut, from)));
  const word = printable(text.slice(from, Math.min(to, from + 4 * room)));
  const marked = Math.min(columnsOf(word), Math.max(1, room - columnsOf(before)));
  const more = last > line ? ` ${dots} to line ${last}` : "";
  const carets = severity("^".repeat(Math.max(1, marked)));
  rows.push(`  ${paint.dim(`${" ".repeat(width)} ${bar}`)} ${before}${carets}${paint.dim(more)}`);
  return rows;
}

/** Blanks as wide as a text. Tabs stay tabs, so that the carets stand right whatever their width. */
function blankOut(text: string): string {
  if (!text.includes("\t")) return " ".repeat(columnsOf(text));
  return text.replace(/[^\t]+/g, (part) => " ".repeat(columnsOf(part)));
}

/** As much of a line as fits into some columns. */
function cutLine(text: string, room: number, dots: string): string {
  // No character takes less than nothing: what is longer by far need not be looked at.
  const shown = printable(text.slice(0, room * 4));
  if (text.length <= room * 4 && columnsOf(shown) <= room) return shown;
  let cut = "";
  let columns = 0;
  for (const character of shown) {
    columns += columnsOf(character);
    if (columns > room - dots.length) break;
    cut += character;
  }
  return `${cut}${dots}`;
}

/** The offset of a character some columns before another one; never in the middle of one. */
function startBefore(text: string, offset: number, columns: number): number {
  const characters = Array.from(text.slice(Math.max(0, offset - 2 * columns), offset));
  let left = columns;
  let start = offset;
  for (const character of characters.toReversed()) {
    left -= columnsOf(printable(character));
    if (left < 0) break;
    start -= character.length;
  }
  return start;
}

function formatSummary(report: RunReport, { files: count, counts }: FindingCounter, paint: Colours): string {
  const suppressed = report.suppressed === 0 ? "" : `, ${report.suppressed} muted`;
  const baselined = report.baselined === 0 ? "" : `, ${report.baselined} in the baseline`;
  const fixed = report.fixed === 0 ? "" : `, ${report.fixed} fixed`;
  const muted = `${suppressed}${baselined}${fixed}`;
  const files = plural(count, "file");
  if (counts.all === 0) return `${paint.green("No findings")} in ${files}${muted}.\n`;
  const fixable = formatFixable(counts, report.fixing);
  const total = paint.bold(plural(counts.all, "finding"));
  return `${total} (${describeCounts(counts)}) in ${files}${muted}${fixable}.\n`;
}

/** How many findings have a fix, and what applies it; nothing of what this run has tried already. */
function formatFixable({ fixable, safelyFixable }: Counts, fixing: Applicability | undefined): string {
  if (fixable === 0) return "";
  const ways = [
    { count: fixing === undefined ? safelyFixable : 0, command: '"dflint fix"' },
    { count: fixing === "unsafe" ? 0 : fixable - safelyFixable, command: '"dflint fix --unsafe"' },
  ].filter(({ count }) => count > 0);
  const told = ways.map(({ count, command }) => `${count === fixable ? "" : `, ${count}`} by ${command}`);
  return `; ${fixable} fixable${told.join("")}`;
}
