/** A half-open range of a text. */
export interface Span {
  /** The offset of the first character, in UTF-16 code units from 0. */
  readonly start: number;
  /** The offset after the last character. */
  readonly end: number;
}

/** The smallest span that holds both. */
export function cover(first: Span, second: Span): Span {
  return { start: Math.min(first.start, second.start), end: Math.max(first.end, second.end) };
}
