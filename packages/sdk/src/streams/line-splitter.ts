import { ProtocolError } from "../errors.ts";
import { Utf8Decoder } from "./utf8.ts";

// UTF-16 units. No text that is meant to be read in lines has such lines, and an endless one would fill the memory.
const longestLine = 64 * 1024 * 1024;
// Pieces that are joined to one: each has a cost of its own, and a line may come byte by byte.
const fewPieces = 1024;

const carriageReturn = 0x0d;

/**
 * Cuts text into lines, over any number of pieces. A line ends with `\n` or `\r\n`, which are not part of it.
 */
export class LineSplitter {
  readonly #decoder = new Utf8Decoder();
  readonly #limit: number;
  /** Of an unfinished line: many pieces of it joined to few, and those that came since. */
  #joined: string[] = [];
  #rest: string[] = [];
  #restLength = 0;

  /** @param limit of an unfinished line, in UTF-16 units; `ProtocolError` beyond. Default 64 Mi. */
  constructor(limit: number = longestLine) {
    this.#limit = limit;
  }

  /** True when there is an unfinished line. */
  get pending(): boolean {
    return this.#restLength > 0;
  }

  /** Appends the lines that `chunk` completes to `lines`. */
  push(chunk: Uint8Array, lines: string[]): void {
    this.#split(this.#decoder.push(chunk), lines);
  }

  /** The last, unterminated line, if there is one. */
  end(): string | undefined {
    const tail = this.#decoder.end();
    const line = this.#take() + tail;
    return line === "" ? undefined : line;
  }

  #split(text: string, lines: string[]): void {
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      if (this.#restLength > 0) {
        const line = this.#take() + text.slice(start, end);
        lines.push(line.endsWith("\r") ? line.slice(0, -1) : line);
      } else {
        const hasReturn = end > start && text.charCodeAt(end - 1) === carriageReturn;
        lines.push(text.slice(start, hasReturn ? end - 1 : end));
      }
      start = end + 1;
    }
    if (start === text.length) return;
    this.#rest.push(start === 0 ? text : text.slice(start));
    this.#restLength += text.length - start;
    if (this.#restLength > this.#limit) {
      throw new ProtocolError(`A line is longer than the ${this.#limit} characters allowed.`);
    }
    if (this.#rest.length < fewPieces) return;
    this.#joined.push(this.#rest.join(""));
    this.#rest = [];
  }

  #take(): string {
    const line = [...this.#joined, ...this.#rest].join("");
    this.#joined = [];
    this.#rest = [];
    this.#restLength = 0;
    return line;
  }
}
