/** The bytes that an image carries and no container sees: which files, put there by what, hidden by what. */
import type { MeasuredLayer, Measurement, WasteKind } from "../../engine/measurement.ts";
import { bar } from "./bar.ts";
import { briefPath, html, type Markup } from "./markup.ts";
import { instructionOf, linkKey, makerOf } from "./places.ts";
import { showBytes, showCount } from "../../linter/quantity.ts";
import { FATES } from "./stack-view.ts";

interface Hidden {
  readonly path: string;
  readonly bytes: number;
  readonly kind: WasteKind;
  readonly layer: MeasuredLayer;
  readonly by: MeasuredLayer | undefined;
}

const MOST = 15;

/** The largest of them. */
export function wasteView(measurement: Measurement): Markup {
  const { waste } = measurement.image;
  if (waste.bytes === 0)
    return html`<p class="lead good">None: a container sees every byte of every layer.</p>`;
  const files = hiddenFiles(measurement);
  const shown = files.slice(0, MOST);
  const count = measurement.layers.reduce(
    (sum, one) => sum + one.waste.reduce((all, { files }) => all + files, 0),
    0,
  );
  const largest = shown[0]?.bytes ?? 0;
  const rest = waste.bytes - shown.reduce((sum, { bytes }) => sum + bytes, 0);
  return html`<p class="lead">
      ${showBytes(waste.ownBytes)} above the base
      image${waste.baseBytes > 0 && `, ${showBytes(waste.baseBytes)} in it`}. A later layer can hide a file,
      never take its bytes back.
    </p>
    <table class="amounts">
      <caption>
        Largest hidden files
      </caption>
      <thead>
        <tr>
          <th scope="col">Path</th>
          <th scope="col">Size</th>
          <th scope="col">What happened</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          ({ path, bytes, kind, layer, by }) =>
            html`<tr${linkKey(instructionOf(layer, measurement))}><td><code>${briefPath(path, 160)}</code></td><td>${showBytes(bytes)}${bar([{ name: "waste", amount: bytes }], largest)}</td><td>${makerOf(layer, measurement)} → ${makerOf(by, measurement)}: ${FATES[kind]}</td></tr>`,
        )}
      </tbody>
    </table>
    ${count > shown.length && html`<p class="more">and ${showCount(count - shown.length, "more file")}, ${showBytes(rest)}</p>`}`;
}

function hiddenFiles({ layers }: Measurement): Hidden[] {
  return layers
    .flatMap((layer) =>
      layer.waste.flatMap(({ kind, largest }) =>
        largest.map(({ path, bytes, hiddenBy }) => ({ path, bytes, kind, layer, by: layers[hiddenBy] })),
      ),
    )
    .sort((a, b) => b.bytes - a.bytes);
}
