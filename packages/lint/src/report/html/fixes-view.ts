/** The fixes that are proposed: what they change, and the image before and after. */
import type {
  FixProof,
  MeasuredFinding,
  MeasuredFix,
  MeasuredInstruction,
  MeasuredTogether,
  Measurement,
} from "../../engine/measurement.ts";
import { bar } from "./bar.ts";
import { describeSaving } from "./finding-view.ts";
import { cut, html, type Markup } from "./markup.ts";
import { linkKey, toLines } from "./places.ts";
import { showBytes, showCount, showNumber } from "../../linter/quantity.ts";

const MOST = 30;
/** Lines of a diff. */
const MOST_LINES = 80;
/** So many are shown with their change unfolded. */
const UNFOLDED = 2;

/** A card for all of them together, and one for each, that which saves the most first. */
export function fixesView(measurement: Measurement): Markup {
  const { fixes, findings, together } = measurement;
  const rest = fixes.length - MOST;
  const isProved = fixes.some(({ proof }) => proof !== undefined);
  const saved = ({ proof, finding }: MeasuredFix): number =>
    proof?.after === undefined
      ? (findings[finding]?.saves?.bytes ?? 0)
      : proof.before.bytes - proof.after.bytes;
  const sorted = fixes.toSorted((a, b) => saved(b) - saved(a));
  return html`${
      !isProved &&
      html`<p class="lead">
        None of them is proved yet: <code>dflint measure --prove</code> builds each, compares the files, and
        draws the image before and after.
      </p>`
    }
    ${together !== undefined && fixes.length > 1 && togetherView(together)}
    <ol class="fixes">
      ${sorted.slice(0, MOST).map((fix, at) => fixView(fix, measurement, at < UNFOLDED))}
    </ol>
    ${rest > 0 && html`<p class="more">and ${showCount(rest, "more fix", "more fixes")}</p>`}`;
}

function togetherView({ fixes, diff, proof }: MeasuredTogether): Markup {
  return html`<div class="together">
    <h3>All that should keep what the image does: ${showCount(fixes, "fix", "fixes")} together</h3>
    ${proof !== undefined && html`<p class="about">${verdictView(proof)}</p>`}
    ${proof !== undefined && proofView(proof)} ${diff !== "" && changeView(diff, proof === undefined)}
  </div>`;
}

function fixView(fix: MeasuredFix, { findings, instructions }: Measurement, unfolded: boolean): Markup {
  const finding = findings[fix.finding];
  const at = finding?.target === "dockerfile" ? finding.instruction : undefined;
  const instruction = at === undefined ? undefined : instructions[at];
  return html`<li${linkKey(instruction)}><h3>${cut(fix.title, 300)}</h3>
<p class="about"><span class="badge ${fix.applicability}">${fix.applicability}</span>
${fix.proof !== undefined && verdictView(fix.proof)}
<span class="rule">${fix.rule}${finding !== undefined && ` ${finding.name}`}</span>
${finding !== undefined && placeOf(finding, instruction)}</p>
${fix.proof === undefined ? finding?.saves !== undefined && html`<p class="saves">${describeSaving(finding.saves)}</p>` : proofView(fix.proof)}
${fix.diff !== "" && changeView(fix.diff, unfolded)}</li>`;
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

function verdictView({ verdict }: FixProof): Markup {
  return html`<span class="badge ${verdict}">${VERDICTS[verdict]}</span>`;
}

function changeView(diff: string, unfolded: boolean): Markup {
  const open = unfolded ? html` open` : undefined;
  return html`<details${open}><summary>The change</summary>${diffView(diff)}</details>`;
}

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
