/** Where a finding lies, for formats that take a place apart. */
import type { Span } from "../source/span.ts";
import type { Position, SourceFile } from "../source/source-file.ts";

/** Lines and columns from 1 in UTF-16 units; the end is exclusive, and never before the start. */
export interface Region {
  readonly start: Position;
  readonly end: Position;
}

/** The region of a span. */
export function regionOf({ start, end }: Span, source: SourceFile): Region {
  return { start: source.position(start), end: source.position(Math.max(start, end)) };
}

/**
 * The last line that a region touches: one that ends with a line break ends on that line, not on the next one. No line
 * is beyond the last of the file, which viewers refuse.
 */
export function lastLineOf({ start, end }: Region, source: SourceFile): number {
  const last = end.line > start.line && end.column === 1 ? end.line - 1 : end.line;
  return Math.min(last, Math.max(start.line, source.lineCount));
}

/** The first line of a region, not beyond the last line of the file. */
export function firstLineOf({ start }: Region, source: SourceFile): number {
  return Math.min(start.line, source.lineCount);
}
