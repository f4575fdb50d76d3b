import type { Span } from "./span.ts";

/** A change of a text: what stands at `span` becomes `newText`. An empty span inserts, an empty text deletes. */
export interface Edit {
  readonly span: Span;
  readonly newText: string;
}

/** The edit that puts a text at an offset. */
export function insertion(at: number, newText: string): Edit {
  return { span: { start: at, end: at }, newText };
}

/** Says that two edits want the same characters, or an edit lies outside the text. */
export class EditConflictError extends RangeError {
  override readonly name: string = "EditConflictError";
}

/**
 * Whether two edits cannot both be made. Edits that only touch can; two insertions at one place cannot,
 * since their order would be a guess.
 */
export function editsOverlap(first: Edit, second: Edit): boolean {
  const [a, b] = [first.span, second.span];
  if (a.start === b.start && (a.start === a.end || b.start === b.end)) return a.end === b.end;
  return a.start < b.end && b.start < a.end;
}

/**
 * The text with all edits made, whatever their order.
 * @throws EditConflictError if edits overlap or lie outside the text.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let result = "";
  let done = 0;
  let previous: Edit | undefined;
  for (const edit of sorted) {
    const { start, end } = edit.span;
    if (start > end || end > text.length || start < 0) {
      throw new EditConflictError(
        `The edit at ${start}–${end} lies outside the text of length ${text.length}.`,
      );
    }
    if (start < done || (previous && editsOverlap(previous, edit))) {
      throw new EditConflictError(`Two edits overlap at offset ${start}.`);
    }
    result += text.slice(done, start) + edit.newText;
    done = end;
    previous = edit;
  }
  return result + text.slice(done);
}
