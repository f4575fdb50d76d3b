import { countBefore } from "./count-before.ts";
import { editsOverlap, type Edit } from "./edit.ts";

/** Edits of one text that can all be made together, however many they are. */
export class EditSet {
  /** Sorted by where they start, and then by where they end. */
  readonly #edits: Edit[] = [];

  /** Takes edits over, all or none: false where one of them wants the same characters as one that is there. */
  add(edits: readonly Edit[]): boolean {
    if (edits.some((edit) => this.#clashes(edit))) return false;
    for (const edit of edits) this.#edits.splice(this.#placeOf(edit), 0, edit);
    return true;
  }

  #clashes(edit: Edit): boolean {
    const place = this.#placeOf(edit);
    // Those that are there do not overlap, so only what starts right before it can reach into it.
    for (let at = place - 1; at >= 0; at -= 1) {
      const other = this.#edits[at];
      if (other === undefined) break;
      if (editsOverlap(edit, other)) return true;
      if (other.span.start < edit.span.start) break;
    }
    for (let at = place; at < this.#edits.length; at += 1) {
      const other = this.#edits[at];
      if (other === undefined || other.span.start > edit.span.end) break;
      if (editsOverlap(edit, other)) return true;
    }
    return false;
  }

  /** Where an edit belongs: behind those that sort before it. */
  #placeOf({ span }: Edit): number {
    return countBefore(
      this.#edits,
      ({ span: other }) => other.start < span.start || (other.start === span.start && other.end < span.end),
    );
  }
}
