/** One line of the Dockerfile with marks on parts of it. */
import { cut, html, type Markup } from "./markup.ts";

/** Columns from 0, the end exclusive, and the class that shows them. */
export interface Mark {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** A longer line is cut: one that is megabytes long is nothing to read. */
const LONGEST = 1000;

/** The line, cut where marks begin and end; where several cover a part it has all their classes. */
export function markedLine(line: string, marks: readonly Mark[]): Markup {
  const shown = line.slice(0, LONGEST);
  const rest = cut(line, LONGEST).slice(shown.length);
  const edges = new Set([0, shown.length]);
  for (const { from, to } of marks) {
    edges.add(Math.min(Math.max(from, 0), shown.length));
    edges.add(Math.min(Math.max(to, 0), shown.length));
  }
  const sorted = [...edges].sort((a, b) => a - b);
  const parts = sorted.slice(1).map((to, at) => {
    const from = sorted[at] ?? 0;
    const text = shown.slice(from, to);
    const names = marks.filter((mark) => mark.from < to && mark.to > from).map(({ name }) => name);
    return names.length === 0 ? text : html`<span class="${[...new Set(names)].join(" ")}">${text}</span>`;
  });
  return html`${parts}${rest !== "" && html`<i class="cut">${rest}</i>`}`;
}
