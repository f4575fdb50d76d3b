/** The head of the page: what was built, and the numbers that matter. */
import type { MeasuredBudget, Measurement } from "../../engine/measurement.ts";
import { engineName } from "../../linter/facts/engine-name.ts";
import { bar, type BarPart } from "./bar.ts";
import { briefPath, cut, html, type Content, type Markup } from "./markup.ts";
import { showBytes, showCount, showSeconds, showShare } from "../../linter/quantity.ts";

/** Title, the sentence that sums it up, and a tile for each number. */
export function overview(measurement: Measurement): Markup {
  const { path, build, image, context } = measurement;
  const command = image.command === undefined ? "" : cut(image.command, 200);
  const parts = [
    build.name !== undefined && html`<b>${cut(build.name, 100)}</b>`,
    build.target !== undefined && html`target <b>${cut(build.target, 100)}</b>`,
    build.platform !== undefined && html`${cut(build.platform, 60)}`,
    html`${cut(engineName(build.engine), 70)},
    ${build.builder === "buildkit" ? "BuildKit" : "classic builder"}`,
    html`runs as <b>${image.user === "" ? "root" : cut(image.user, 60)}</b>`,
    command !== "" && html`<code>${command}</code>`,
  ].filter((part) => part !== false);
  return html`<header>
    <div class="title">
      <h1><bdi>${briefPath(path, 120)}</bdi></h1>
      <button type="button" id="theme" hidden>Dark</button>
    </div>
    <p class="summary">${summary(measurement)}</p>
    <p class="about">${parts.map((part) => html`<span>${part}</span>`)}</p>
    <div class="tiles">
      ${tile("Image", showBytes(image.bytes), `${showCount(image.entries, "path")} in ${showCount(measurement.layers.length, "layer")}`, imageParts(measurement), image.bytes, budget(measurement, "image-bytes"))}
      ${tile("Wasted", showBytes(image.waste.bytes), image.waste.bytes === 0 ? "every byte is seen" : `${showShare(image.waste.bytes, image.bytes)} of the image, ${showBytes(image.waste.ownBytes)} by this file`, [{ name: "waste", amount: image.waste.bytes }], image.bytes, budget(measurement, "wasted-bytes"))}
      ${tile("Build", showSeconds(build.seconds), `${build.cachedSteps} of ${showCount(build.steps, "step")} cached`, [{ name: "kept", amount: build.cachedSteps }], build.steps)}
      ${context !== undefined && tile("Context", showBytes(context.bytes), `${showBytes(context.usedBytes)} of it used`, [{ name: "kept", amount: context.usedBytes }], context.bytes)}
    </div>
  </header>`;
}

function summary({ image, findings, fixes, together }: Measurement): Markup {
  const { waste } = image;
  const unseen =
    waste.bytes === 0
      ? html`and a container sees all of it`
      : html`of which <b>${showBytes(waste.bytes)}</b> no container ever sees`;
  const proof = together?.proof;
  if (proof?.after !== undefined && proof.after.bytes < proof.before.bytes) {
    return html`<b>${showBytes(image.bytes)}</b>, ${unseen}; the proposed fixes leave
      <b>${showBytes(proof.after.bytes)}</b>.`;
  }
  const found = findings.length === 0 ? "no findings" : showCount(findings.length, "finding");
  const mended = fixes.length === 0 ? "" : `, ${showCount(fixes.length, "proposed fix", "proposed fixes")}`;
  return html`<b>${showBytes(image.bytes)}</b>, ${unseen}; ${found}${mended}.`;
}

function imageParts({ image }: Measurement): BarPart[] {
  return [
    { name: "from-base", amount: image.base.bytes },
    { name: "kept", amount: image.bytes - image.base.bytes },
  ];
}

function budget({ budgets }: Measurement, name: MeasuredBudget["name"]): Content {
  const found = budgets.find((one) => one.name === name);
  if (found === undefined) return undefined;
  const { limit, actual, kept } = found;
  return kept
    ? html`<p class="budget good">within the budget of ${showBytes(limit)}</p>`
    : html`<p class="budget bad">${showBytes(actual - limit)} over the budget of ${showBytes(limit)}</p>`;
}

function tile(
  name: string,
  value: string,
  note: string,
  parts: readonly BarPart[],
  whole: number,
  extra?: Content,
): Markup {
  return html`<div class="tile">
    <h2>${name}</h2>
    <p class="value">${value}</p>
    ${bar(parts, whole)}
    <p class="note">${note}</p>
    ${extra}
  </div>`;
}
