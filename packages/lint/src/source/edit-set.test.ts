import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EditSet } from "./edit-set.ts";
import { applyEdits, editsOverlap, type Edit } from "./edit.ts";

const edit = fc
  .tuple(fc.nat(30), fc.nat(4))
  .map(([start, length]): Edit => ({ span: { start, end: start + length }, newText: "x" }));

describe("EditSet", () => {
  it("takes what does not overlap with anything it has", () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 40 }), (edits) => {
        const set = new EditSet();
        const taken: Edit[] = [];
        for (const one of edits) {
          const free = !taken.some((other) => editsOverlap(one, other));
          expect(set.add([one])).toBe(free);
          if (free) taken.push(one);
        }
        expect(() => applyEdits(" ".repeat(40), taken)).not.toThrow();
      }),
    );
  });

  it("takes all edits of a fix or none", () => {
    const set = new EditSet();
    expect(set.add([{ span: { start: 5, end: 7 }, newText: "" }])).toBe(true);
    const [clear, clashing] = [
      { span: { start: 0, end: 1 }, newText: "" },
      { span: { start: 6, end: 9 }, newText: "" },
    ];
    expect(set.add([clear, clashing])).toBe(false);
    expect(set.add([clear])).toBe(true);
  });
});
