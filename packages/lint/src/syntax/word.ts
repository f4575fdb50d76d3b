import type { Span } from "../source/span.ts";
import { LogicalText } from "./logical-text.ts";

/**
 * A piece of an instruction: a word, a flag's value, an element of a JSON array. `text` is what BuildKit works
 * on: with its quotes and escapes as written for words, decoded for flags and JSON strings. Never expanded.
 */
export class Word {
  declare readonly text: string;
  /** The joined text it was cut from. */
  declare readonly logical: LogicalText;
  /** Where it starts in the joined text. */
  declare readonly start: number;
  /** Where it ends in the joined text. For a JSON string the quotes lie outside. */
  declare readonly end: number;
  // Where each character of a decoded text came from, in the joined text; absent where they stand side by side.
  declare private readonly offsets: readonly number[] | undefined;

  constructor(text: string, logical: LogicalText, start: number, end: number, offsets?: readonly number[]) {
    this.text = text;
    this.logical = logical;
    this.start = start;
    this.end = end;
    this.offsets = offsets;
  }

  /** Where it stands in the file. */
  get span(): Span {
    return this.logical.span(this.start, this.end);
  }

  /** Where in the joined text the character at `offset` of `text` came from. */
  logicalOffset(offset: number): number {
    return this.offsets ? (this.offsets[offset] ?? this.end) : this.start + offset;
  }

  /** The part of the file that `text.slice(from, to)` came from. */
  spanOf(from: number, to: number): Span {
    return this.logical.span(this.logicalOffset(from), this.logicalEnd(from, to));
  }

  /** The word made of `text.slice(from, to)`. */
  slice(from: number, to: number = this.text.length): Word {
    const offsets = this.offsets?.slice(from, to);
    const text = this.text.slice(from, to);
    return new Word(text, this.logical, this.logicalOffset(from), this.logicalEnd(from, to), offsets);
  }

  // Where in the joined text what came from `from` up to `to` ends. Not `#`, which costs V8 a field in each instance.
  private logicalEnd(from: number, to: number): number {
    if (to >= this.text.length) return this.end;
    if (!this.offsets || to <= from) return this.logicalOffset(to);
    // After the last character, not before the next one: quotes that were taken off may stand between them. A
    // character that was written as an escape in JSON ends where the next one starts.
    const last = this.logicalOffset(to - 1);
    const { text } = this.logical;
    const escaped = text[last] === "\\" && (this.text[to - 1] !== "\\" || text[last + 1] === "\\");
    return escaped ? this.logicalOffset(to) : last + 1;
  }

  /** The word as a text of its own, with the places of its characters. */
  toLogicalText(): LogicalText {
    if (!this.offsets) return this.logical.slice(this.start, this.end);
    const map: number[] = [0, this.logical.toFile(this.start)];
    const ends: number[] = [];
    for (let at = 0; at < this.text.length; at += 1) {
      const file = this.logical.toFile(this.logicalOffset(at));
      ends.push(this.logical.toFile(this.logicalOffset(at + 1) - 1) + 1);
      const last = map.length - 2;
      if ((map[last + 1] ?? 0) + at - (map[last] ?? 0) !== file) map.push(at, file);
    }
    return new LogicalText(this.text, map, ends);
  }
}
