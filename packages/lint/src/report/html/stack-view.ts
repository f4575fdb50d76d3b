/** The stack of layers, as a container sees it: the base image at the bottom, what a container writes on top. */
import type { LayerWaste, MeasuredLayer, Measurement, WasteKind } from "../../engine/measurement.ts";
import { bar, key } from "./bar.ts";
import { brief, briefPath, html, type Markup } from "./markup.ts";
import { instructionOf, linesOf, linkKey, makerOf, toLines } from "./places.ts";
import { showBytes, showCount, showNumber } from "../../linter/quantity.ts";
import { stackOf, type Slab } from "./slabs.ts";

/** The whole stack. */
export function stackView(measurement: Measurement): Markup {
  const { own, base } = stackOf(measurement.layers);
  const { image } = measurement;
  const slabs = (list: readonly Slab[]): Markup =>
    html`<ol>
      ${list.map((slab) => slabView(slab, measurement))}
    </ol>`;
  return html`<div class="stack">
    <p class="writable">Container’s read-write layer <span>empty until it runs</span></p>
    ${own.length > 0 && slabs(own)}
    ${
      base.length > 0 &&
      html`<section class="base">
        <h3>
          <bdi>${image.base.name ?? "Base image"}</bdi>
          <span
            >base image,
            ${showCount(
              base.reduce((sum, { layers }) => sum + layers.length, 0),
              "layer",
            )},
            ${showBytes(image.base.bytes)}</span
          >
        </h3>
        ${slabs(base)}
      </section>`
    }
    ${key([
      { name: "kept", text: "a container sees these bytes" },
      { name: "waste", text: "hidden by a later layer" },
    ])}
  </div>`;
}

function slabView(slab: Slab, measurement: Measurement): Markup {
  const [layer, ...others] = slab.layers;
  return others.length > 0 ? restView(slab) : layerView(layer, slab, measurement);
}

/** Layers that are too light to be drawn one by one. */
function restView({ layers, bytes, wasted, height }: Slab): Markup {
  return html`<li>
    <div class="slab">
      ${fill(bytes, wasted, height)}
      <span class="label">
        <span class="what"
          >${layers.map(({ index }) => html`<span id="layer-${index}"></span>`)}${showNumber(layers.length)}
          more layers</span
        >
        <span class="size">${showBytes(bytes)}</span>
        ${wastedView({ bytes, wasted })}
      </span>
    </div>
  </li>`;
}

function layerView(layer: MeasuredLayer, slab: Slab, measurement: Measurement): Markup {
  const instruction = instructionOf(layer, measurement);
  const isOwn = layer.origin !== "base";
  const text =
    isOwn && instruction !== undefined && layer.origin === "instruction" ? instruction.text : layer.createdBy;
  return html`<li id="layer-${layer.index}" ${linkKey(instruction)}>
    <details name="layer">
      <summary class="slab">
        ${fill(slab.bytes, slab.wasted, slab.height)}
        <span class="label"
          ><span class="what"
            >${isOwn && instruction !== undefined && html`<b>${instruction.range.start.line}</b> `}${brief(text ?? (isOwn ? "a layer" : "base layer"), 90)}</span
          >
          <span class="size">${showBytes(slab.bytes)}</span>
          ${wastedView(slab)}</span
        >
      </summary>
      ${layerFacts(layer, measurement)}
    </details>
  </li>`;
}

/** Waste that can be seen in the drawing. */
function wastedView({ bytes, wasted }: Pick<Slab, "bytes" | "wasted">): Markup | undefined {
  return wasted * 100 < bytes || wasted === 0
    ? undefined
    : html`<span class="wasted">${showBytes(wasted)} wasted</span>`;
}

function fill(bytes: number, wasted: number, height: number): Markup {
  const parts = [
    { name: "kept", amount: bytes - wasted },
    { name: "waste", amount: wasted },
  ];
  return html`${bar(parts, bytes)}<svg class="strut" width="1" height="${height}" aria-hidden="true"></svg>`;
}

function layerFacts(layer: MeasuredLayer, measurement: Measurement): Markup {
  const instruction = instructionOf(layer, measurement);
  const { added, changed, deleted } = layer;
  return html`<div class="facts">
    <dl>
      <dt>Made by</dt>
      <dd>
        ${instruction === undefined ? "an unknown step" : toLines(instruction, `${instruction.keyword}, ${linesOf(instruction)}`)}${layer.origin === "trigger" && ", an ONBUILD trigger of the base image"}
      </dd>
      ${
        layer.createdBy !== undefined &&
        html`<dt>History</dt>
          <dd><code>${brief(layer.createdBy, 400)}</code></dd>`
      }
      <dt>Paths</dt>
      <dd>${showNumber(added)} added, ${showNumber(changed)} changed, ${showNumber(deleted)} deleted</dd>
      <dt>Digest</dt>
      <dd><code>${brief(layer.digest, 100)}</code></dd>
    </dl>
    ${layer.waste.map((waste) => wasteFacts(waste, measurement))}
    ${
      layer.largest.length > 0 &&
      html`<h4>Largest paths that stay</h4>
        <ul class="paths">
          ${layer.largest
            .slice(0, 10)
            .map(
              ({ path, bytes }) =>
                html`<li><code>${briefPath(path, 120)}</code><span>${showBytes(bytes)}</span></li>`,
            )}
        </ul>`
    }
  </div>`;
}

/** What happened to the bytes that are hidden. */
export const FATES: Readonly<Record<WasteKind, string>> = {
  deleted: "deleted later",
  rewritten: "written anew later",
  metadata: "copied up to change only mode, owner or times",
};

function wasteFacts({ kind, bytes, files, largest }: LayerWaste, measurement: Measurement): Markup {
  return html`<h4>${showBytes(bytes)} ${FATES[kind]}, ${showCount(files, "file")}</h4>
    <ul class="paths">
      ${largest
        .slice(0, 10)
        .map(
          ({ path, bytes, hiddenBy }) =>
            html`<li>
              <code>${briefPath(path, 120)}</code
              ><span>${showBytes(bytes)}, by ${makerOf(measurement.layers[hiddenBy], measurement)}</span>
            </li>`,
        )}${files > largest.length && html`<li>and ${showNumber(files - largest.length)} more</li>`}
    </ul>`;
}
