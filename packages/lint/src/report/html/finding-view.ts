/** One finding, as a note. */
import type { MeasuredFinding, MeasuredSaving } from "../../engine/measurement.ts";
import { cut, html, type Markup } from "./markup.ts";
import { showBytes, showSeconds } from "../../linter/quantity.ts";

/** What is wrong, by which rule, and what mending it saves; with its place where it does not stand at it. */
export function findingView(finding: MeasuredFinding, withPlace = false): Markup {
  const { rule, name, severity, message, saves, evidence, target, range } = finding;
  const file = target === "dockerfile" ? "line" : ".dockerignore, line";
  return html`<div class="finding ${severity}">
    <p>
      <b class="severity">${severity}</b> ${
        withPlace && html`<span class="place">${file} ${range.start.line}</span> `
      }${cut(message, 1000)} <span class="rule">${rule} ${name}</span>
    </p>
    ${saves !== undefined && html`<p class="saves">${describeSaving(saves)}</p>`}
    ${evidence.length > 0 && html`<p class="evidence">${evidence.slice(0, 5).map((sentence) => html`${cut(sentence, 500)} `)}</p>`}
  </div>`;
}

const SOURCES: Readonly<Record<MeasuredSaving["source"], string>> = {
  layers: "counted in the layers of this build",
  context: "counted in the build context",
  proved: "measured by building it both ways",
};

/** `Saves 31.4 MB and 1.2 s, measured by …` */
export function describeSaving({ bytes, seconds = 0, unit, source }: MeasuredSaving): Markup {
  const size = `${showBytes(Math.abs(bytes))}${unit === "context" ? " of context" : ""}`;
  const saved = [...(bytes > 0 ? [size] : []), ...(seconds > 0 ? [showSeconds(seconds)] : [])];
  const lost = [...(bytes < 0 ? [size] : []), ...(seconds < 0 ? [showSeconds(-seconds)] : [])];
  return html`${saved.length > 0 ? html`Saves <b>${saved.join(" and ")}</b>` : lost.length === 0 && "Saves no bytes"}${
    lost.length > 0 && `${saved.length > 0 ? ", costs" : "Costs"} ${lost.join(" and ")}`
  },
  ${SOURCES[source]}`;
}
