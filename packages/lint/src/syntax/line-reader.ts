import { skipSpace } from "./blank.ts";
import type { ProblemSink } from "./problem.ts";

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const BYTE_ORDER_MARK = 0xfeff;
/** How many bytes BuildKit's line scanner takes. */
const LINE_LIMIT = 65_535;

/** Goes through a text line by line. The fields tell about the current line. */
export class LineReader {
  /** From 1; 0 before the first line. */
  line = 0;
  /** The first character, after a byte order mark. */
  start = 0;
  /** The first character that is no white space, or `end`. */
  contentStart = 0;
  /** After the last character, without line feed and carriage returns. */
  end = 0;
  /** Where the next line starts. */
  nextStart = 0;
  /** The line that a line that is too long is blamed on, where that is not the one before it. */
  blame: number | undefined;
  readonly #text: string;
  readonly #problems: ProblemSink;
  #tooLong = false;

  constructor(text: string, problems: ProblemSink) {
    this.#text = text;
    this.#problems = problems;
  }

  /** Goes to the next line; false at the end of the text. */
  next(): boolean {
    const text = this.#text;
    if (this.nextStart >= text.length) return false;
    this.start = this.nextStart;
    const newline = text.indexOf("\n", this.start);
    let end = newline === -1 ? text.length : newline;
    this.nextStart = newline === -1 ? text.length : newline + 1;
    if (end - this.start > LINE_LIMIT / 3) this.#checkLength(end);
    while (end > this.start && isLineEnd(text.charCodeAt(end - 1))) end -= 1;
    if (this.line === 0 && text.charCodeAt(0) === BYTE_ORDER_MARK) this.start = Math.min(1, end);
    this.line += 1;
    this.end = end;
    this.contentStart = skipSpace(text, this.start, end);
    return true;
  }

  /** Goes back to the beginning of a line that was read before. */
  rewind(line: number, nextStart: number): void {
    this.line = line;
    this.nextStart = nextStart;
  }

  #checkLength(end: number): void {
    // BuildKit stops at the first one.
    if (this.#tooLong || utf8Length(this.#text, this.start, end) <= LINE_LIMIT) return;
    this.#tooLong = true;
    this.#problems.push({
      code: "line-too-long",
      phase: "parser",
      message: `dockerfile line greater than maximum allowed size of ${LINE_LIMIT}`,
      advice: "Break it with continuations, or put the text into a file and copy it.",
      span: { start: this.start, end },
      line: this.blame ?? (this.line || undefined),
    });
  }
}

function isLineEnd(code: number): boolean {
  return code === NEWLINE || code === CARRIAGE_RETURN;
}

function utf8Length(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    // Each half of a surrogate pair stands for two of the four bytes.
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  return bytes;
}
