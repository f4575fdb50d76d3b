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
  readonly #offsets: readonly number[] | undefined;

  constructor(text: string, logical: LogicalText, start: number, end: number, offsets?: readonly number[]) {
    this.text = text;
    this.logical = logical;
    this.start = start;
    this.end = end;
    this.#offsets = offsets;
  }

  /** Where it stands in the file. */
  get span(): Span {
    return this.logical.span(this.start, this.end);
  }

  /** Where in the joined text the character at `offset` of `text` came from. */
  logicalOffset(offset: number): number {
    return this.#offsets ? (this.#offsets[offset] ?? this.end) : this.start + offset;
  }

  /** The part of the file that `text.slice(from, to)` came from. */
  spanOf(from: number, to: number): Span {
    const start = this.logicalOffset(from);
    return this.logical.span(
      start,
      Math.max(start, to >= this.text.length ? this.end : this.logicalOffset(to)),
    );
  }

  /** The word made of `text.slice(from, to)`. */
  slice(from: number, to: number = this.text.length): Word {
    const start = this.logicalOffset(from);
    const end = to >= this.text.length ? this.end : this.logicalOffset(to);
    return new Word(
      this.text.slice(from, to),
      this.logical,
      start,
      Math.max(start, end),
      this.#offsets?.slice(from, to),
    );
  }

  /** The word as a text of its own, with the places of its characters. */
  toLogicalText(): LogicalText {
    if (!this.#offsets) return this.logical.slice(this.start, this.end);
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
