import type { Span } from "../source/span.ts";

/**
 * Text that was put together from pieces of a file: the lines of an instruction joined at their continuations,
 * or a shell script made of arguments and heredoc bodies. It knows where in the file each character came from.
 */
export class LogicalText {
  declare readonly text: string;
  // Where it starts in the file; or pairs (offset in this text, offset in the file), ascending, the first at 0.
  declare private readonly places: number | readonly number[];
  declare private readonly ends: readonly number[] | undefined;

  /**
   * @param places where it starts in the file, if it stands there in one piece; otherwise pairs of an offset in `text`
   *   and the file offset it came from, which hold up to the next.
   * @param ends the file offset after each character, where one stands for several (escapes in JSON).
   */
  constructor(text: string, places: number | readonly number[], ends?: readonly number[]) {
    this.text = text;
    this.places = places;
    this.ends = ends;
  }

  /** The offset in the file of the character at `offset`. At the end: the offset after the last character. */
  toFile(offset: number): number {
    const places = this.places;
    if (typeof places === "number") return places + offset;
    if (places.length > 2 && offset > 0 && offset >= this.text.length)
      return this.toFile(this.text.length - 1) + 1;
    const piece = pieceAt(places, offset);
    return (places[piece + 1] ?? 0) + offset - (places[piece] ?? 0);
  }

  /** The range in the file of the characters from `start` up to `end`; what lies between lines is within it. */
  span(start: number, end: number): Span {
    const first = this.toFile(start);
    return { start: first, end: end > start ? (this.ends?.[end - 1] ?? this.toFile(end - 1) + 1) : first };
  }

  /** The pieces in order: where they are in this text and where in the file. */
  pieces(): { readonly start: number; readonly end: number; readonly file: number }[] {
    const places = this.places;
    if (typeof places === "number") return [{ start: 0, end: this.text.length, file: places }];
    const pieces = [];
    for (let at = 0; at < places.length; at += 2) {
      const start = places[at] ?? 0;
      pieces.push({ start, end: places[at + 2] ?? this.text.length, file: places[at + 1] ?? 0 });
    }
    return pieces;
  }

  /** A part of it, as a text of its own. */
  slice(start: number, end: number): LogicalText {
    const text = this.text.slice(start, end);
    const { places } = this;
    if (typeof places === "number") return new LogicalText(text, places + start);
    const map = [0, this.toFile(start)];
    for (let at = pieceAt(places, start) + 2; at < places.length; at += 2) {
      const piece = places[at] ?? 0;
      if (piece >= end) break;
      map.push(piece - start, places[at + 1] ?? 0);
    }
    return new LogicalText(text, map);
  }

  /** Texts one after the other. */
  static join(texts: readonly LogicalText[]): LogicalText {
    const map: number[] = [];
    let text = "";
    for (const part of texts) {
      if (part.text === "") continue;
      for (const piece of part.pieces()) map.push(text.length + piece.start, piece.file);
      text += part.text;
    }
    return new LogicalText(text, map.length > 0 ? map : (texts[0]?.toFile(0) ?? 0));
  }
}

function pieceAt(places: readonly number[], offset: number): number {
  let low = 0;
  let high = (places.length >> 1) - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((places[middle * 2] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low * 2;
}
