/** The fixes that are proposed: what they change, and the image before and after. */
import type {
  FixProof,
  MeasuredFinding,
  MeasuredFix,
  MeasuredInstruction,
  Measurement,
} from "../../engine/measurement.ts";
import { bar } from "./bar.ts";
import { describeSaving } from "./finding-view.ts";
import { cut, html, type Markup } from "./markup.ts";
import { linkKey, toLines } from "./places.ts";
import { showBytes, showCount, showNumber } from "./quantity.ts";

const MOST = 30;
/** Lines of a diff. */
const MOST_LINES = 80;
/** So many are shown with their change unfolded. */
const UNFOLDED = 3;

/** A card for each fix. */
export function fixesView(measurement: Measurement): Markup {
  const { fixes } = measurement;
  const rest = fixes.length - MOST;
  const isProved = fixes.some(({ proof }) => proof !== undefined);
  return html`${
      !isProved &&
      html`<p class="lead">
        None of them is proved yet: <code>dflint measure --prove</code> builds each, compares the files, and
        draws the image before and after.
      </p>`
    }
    <ol class="fixes">
      ${fixes.slice(0, MOST).map((fix, at) => fixView(fix, measurement, at < UNFOLDED))}
    </ol>
    ${rest > 0 && html`<p class="more">and ${showCount(rest, "more fix", "more fixes")}</p>`}`;
}

function fixView(fix: MeasuredFix, { findings, instructions }: Measurement, unfolded: boolean): Markup {
  const finding = findings[fix.finding];
  const at = finding?.target === "dockerfile" ? finding.instruction : undefined;
  const instruction = at === undefined ? undefined : instructions[at];
  return html`<li${linkKey(instruction)}><h3>${cut(fix.title, 300)}</h3>
<p class="about"><span class="badge ${fix.applicability}">${fix.applicability}</span>
${fix.proof !== undefined && html`<span class="badge ${fix.proof.verdict}">${VERDICTS[fix.proof.verdict]}</span>`}
<span class="rule">${fix.rule}${finding !== undefined && ` ${finding.name}`}</span>
${finding !== undefined && placeOf(finding, instruction)}</p>
${fix.proof === undefined ? finding?.saves !== undefined && html`<p class="saves">${describeSaving(finding.saves)}</p>` : proofView(fix.proof)}
${fix.diff !== "" && html`<details${unfolded && html` open`}><summary>The change</summary>${diffView(fix.diff)}</details>`}</li>`;
}

function placeOf({ target, range }: MeasuredFinding, instruction: MeasuredInstruction | undefined): Markup {
  const line = `line ${range.start.line}`;
  if (instruction !== undefined) return html`<span>${toLines(instruction, line)}</span>`;
  return html`<span>${target === "dockerfile" ? line : `.dockerignore, ${line}`}</span>`;
}

const VERDICTS: Readonly<Record<FixProof["verdict"], string>> = {
  identical: "proved: identical files",
  equivalent: "proved: only caches and logs differ",
  different: "the image differs",
  "does-not-build": "does not build",
};

type Size = FixProof["before"];

function proofView({ before, after, differences, verdict }: FixProof): Markup {
  const whole = Math.max(before.bytes, after?.bytes ?? 0);
  return html`<dl class="compare">
      ${sizeView("Before", before, whole)}${after !== undefined && sizeView("After", after, whole)}
    </dl>
    ${
      differences.length > 0 &&
      html`<p class="differ">${verdict === "does-not-build" ? "It says:" : "These differ:"}</p>
        <ul class="paths">
          ${differences.slice(0, 10).map((one) => html`<li><code>${cut(one, 300)}</code></li>`)}
        </ul>`
    }`;
}

function sizeView(name: string, { bytes, wastedBytes, layers }: Size, whole: number): Markup {
  const wasted = wastedBytes > 0 ? `, ${showBytes(wastedBytes)} wasted` : "";
  const parts = [
    { name: "kept", amount: bytes - wastedBytes },
    { name: "waste", amount: wastedBytes },
  ];
  return html`<dt>${name}</dt>
    <dd>
      ${bar(parts, whole)}<span><b>${showBytes(bytes)}</b>${wasted}, ${showCount(layers, "layer")}</span>
    </dd>`;
}

function diffView(diff: string): Markup {
  const lines = diff.replace(/\n$/, "").split("\n");
  const shown = lines.slice(0, MOST_LINES);
  return html`<pre class="diff">
${shown.map((line) => html`<span class="${kindOf(line)}">${cut(line.replace(/\r$/, ""), 300)}</span>`)}${lines.length > shown.length && html`<span class="place">and ${showNumber(lines.length - shown.length)} more lines</span>`}</pre>`;
}

function kindOf(line: string): string {
  if (line.startsWith("+++") || line.startsWith("---") || line.startsWith("@@")) return "place";
  return line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "same";
}
