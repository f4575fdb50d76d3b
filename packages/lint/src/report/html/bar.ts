/** Bars in SVG, whose attributes a strict Content-Security-Policy lets have widths. */
import { html, type Markup } from "./markup.ts";
import { share } from "../../linter/quantity.ts";
import { length } from "./length.ts";

/** A part of a bar, named by the class that colours it. */
export interface BarPart {
  readonly name: string;
  readonly amount: number;
}

/** Parts one after another, each as long as its share of the whole. What it shows must be told in words beside it. */
export function bar(parts: readonly BarPart[], whole: number): Markup {
  let from = 0;
  const rectangles = parts.map(({ name, amount }) => {
    const part = share(amount, whole) * 100;
    const rectangle = html`<rect
      class="${name}"
      x="${length(from)}%"
      width="${length(part)}%"
      height="100%"
    />`;
    from += part;
    return part > 0 && rectangle;
  });
  return html`<svg class="bar" aria-hidden="true">${rectangles}</svg>`;
}

/** What the colours mean. */
export function key(meanings: readonly { readonly name: string; readonly text: string }[]): Markup {
  const entries = meanings.map(
    ({ name, text }) =>
      html`<span
        ><svg class="swatch" aria-hidden="true"><rect class="${name}" width="100%" height="100%" /></svg
        >${text}</span
      >`,
  );
  return html`<p class="key">${entries}</p>`;
}
