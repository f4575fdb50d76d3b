/** Where the bytes of the image are: a map of its paths, and the largest files in words. */
import type { Measurement } from "../../engine/measurement.ts";
import { bar, key } from "./bar.ts";
import { briefPath, html, visible, type Markup } from "./markup.ts";
import { largestFiles, pathBoxes, type PathBox } from "./path-tree.ts";
import { instructionOf, linkKey, makerOf } from "./places.ts";
import { showBytes } from "../../linter/quantity.ts";
import { length } from "./length.ts";

/** The map in two shapes, of which the page shows the one that fits; both have text of the same size. */
const SHAPES = [
  { name: "wide", width: 1080, height: 460, most: 240 },
  { name: "narrow", width: 320, height: 460, most: 120 },
] as const;
const MOST_FILES = 15;

/** The map and the list. */
export function pathsView(measurement: Measurement): Markup {
  const { tree } = measurement;
  if (!(tree.bytes > 0)) return html`<p>The image holds no bytes.</p>`;
  const files = largestFiles(tree, MOST_FILES);
  const largest = files[0]?.bytes ?? 0;
  return html`${SHAPES.map(
      ({ name, width, height, most }) =>
        html`<svg
          class="map ${name}"
          viewBox="0 0 ${width} ${height}"
          role="img"
          aria-label="Map of the image’s paths by size; the list below has the largest in words"
        >
          ${pathBoxes(tree, { width, height, most, baseLayers: measurement.image.base.layers }).map((box, at) => boxView(box, measurement, `${name}-${at}`))}
        </svg>`,
    )}
    ${key([
      { name: "from-own", text: "from this Dockerfile" },
      { name: "from-base", text: "from the base image" },
    ])}
    <table class="amounts">
      <caption>
        Largest files
      </caption>
      <thead>
        <tr>
          <th scope="col">Path</th>
          <th scope="col">Size</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody>
        ${files.map(({ path, bytes, layer }) => {
          const from = layer === undefined ? undefined : measurement.layers[layer];
          const kind = from?.origin === "base" ? "from-base" : "from-own";
          return html`<tr${linkKey(from && instructionOf(from, measurement))}><td><code>${briefPath(path, 160)}</code></td><td>${showBytes(bytes)}${bar([{ name: kind, amount: bytes }], largest)}</td><td>${makerOf(from, measurement)}</td></tr>`;
        })}
      </tbody>
    </table>`;
}

/** A character of the map's font is about this wide. */
const CHARACTER = 6.7;

function boxView(box: PathBox, measurement: Measurement, id: string): Markup {
  const { x, y, width, height, kind, layer, path, bytes, origin } = box;
  const from = layer === undefined ? undefined : measurement.layers[layer];
  const colour = kind === "open" ? "open" : origin === undefined ? "rest" : `from-${origin}`;
  const [w, h] = [Math.max(0, width - 1), Math.max(0, height - 1)];
  const label = labelOf(box);
  const title = kind === "rest" ? `others in ${path}` : path;
  return html`<g${linkKey(from && instructionOf(from, measurement))}><title>${briefPath(visible(title), 300)}, ${showBytes(bytes)}</title>
<rect class="${colour}" x="${length(x)}" y="${length(y)}" width="${length(w)}" height="${length(h)}" rx="2" />
${label !== "" && html`<clipPath id="${id}"><rect x="${length(x)}" y="${length(y)}" width="${length(w - 3)}" height="${length(h)}" /></clipPath><text clip-path="url(#${id})" x="${length(x + 5)}" y="${length(y + 12.5)}">${label}</text>`}</g>`;
}

/** The name, and the size where there is room for both. */
function labelOf({ name, bytes, width, height }: PathBox): string {
  const room = Math.floor((width - 10) / CHARACTER);
  const shown = visible(name.slice(0, 300));
  const size = showBytes(bytes);
  if (height < 15 || room < 3) return "";
  if (shown.length + 2 + size.length <= room) return `${shown}  ${size}`;
  return shown.length <= room ? shown : room < 5 ? "" : `${shown.slice(0, room - 1)}…`;
}
