import { countBefore } from "./count-before.ts";
import type { Span } from "./span.ts";

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** A place in a text as people count it: both numbers from 1, columns in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A text and its lines. A line ends at a line feed; the table of lines is made when it is first asked for. */
export class SourceFile {
  declare readonly text: string;
  #starts: number[] | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** How many lines there are; a final line feed does not open another one. */
  get lineCount(): number {
    const starts = this.#lineStarts();
    return starts.length > 1 && starts.at(-1) === this.text.length ? starts.length - 1 : starts.length;
  }

  /** The line and column of an offset; offsets outside the text are moved to its nearest end. */
  position(offset: number): Position {
    const line = this.lineAt(offset);
    const at = Math.max(0, Math.min(offset, this.text.length));
    return { line, column: at - this.lineStart(line) + 1 };
  }

  /** The number of the line that holds an offset, from 1. */
  lineAt(offset: number): number {
    const starts = this.#lineStarts();
    return Math.max(
      1,
      countBefore(starts, (start) => start <= offset),
    );
  }

  /** The offset at which a line starts; the end of the text for a line after the last one. */
  lineStart(line: number): number {
    return line < 1 ? 0 : (this.#lineStarts()[line - 1] ?? this.text.length);
  }

  /** The offset of a line and column, kept within the line. */
  offset(position: Position): number {
    const start = this.lineStart(position.line);
    return Math.min(start + Math.max(0, position.column - 1), this.lineStart(position.line + 1));
  }

  /** A line without its end (LF or CRLF). */
  line(line: number): string {
    const span = this.lineSpan(line);
    let end = span.end;
    if (end > span.start && this.text.charCodeAt(end - 1) === NEWLINE) end -= 1;
    if (end > span.start && this.text.charCodeAt(end - 1) === CARRIAGE_RETURN) end -= 1;
    return this.text.slice(span.start, end);
  }

  /** Whole lines, their ends included: what has to go when the lines go. */
  lineSpan(first: number, last: number = first): Span {
    return { start: this.lineStart(first), end: this.lineStart(last + 1) };
  }

  /** The text of a span. */
  slice(span: Span): string {
    return this.text.slice(span.start, span.end);
  }

  #lineStarts(): number[] {
    if (this.#starts) return this.#starts;
    const starts = [0];
    for (let at = this.text.indexOf("\n"); at !== -1; at = this.text.indexOf("\n", at + 1))
      starts.push(at + 1);
    this.#starts = starts;
    return starts;
  }
}
