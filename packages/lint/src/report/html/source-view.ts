/** The Dockerfile, with what each instruction costs beside it and what the linter says below its line. */
import type { MeasuredFinding, MeasuredInstruction, Measurement } from "../../engine/measurement.ts";
import { findingView } from "./finding-view.ts";
import { markedLine, type Mark } from "./marked-line.ts";
import { html, type Markup } from "./markup.ts";
import { instructionOf, lastLine, MOST_LINES } from "./places.ts";
import { showBytes, showNumber, showSeconds } from "../../linter/quantity.ts";

/** Findings shown at one line, and in the whole file. */
const MOST_AT_A_LINE = 12;
const MOST_FINDINGS = 400;

/** The file and what is said of it. */
export function sourceView(measurement: Measurement): Markup {
  const lines = linesOfText(measurement.text);
  const shown = lines.slice(0, MOST_LINES);
  const findings = findingsByLine(measurement.findings.slice(0, MOST_FINDINGS));
  const starts = new Map(measurement.instructions.map((one) => [one.range.start.line, one]));
  const blocks: Markup[] = [];
  for (let at = 1; at <= shown.length;) {
    const instruction = starts.get(at);
    const end = instruction === undefined ? at : Math.min(Math.max(at, lastLine(instruction)), shown.length);
    const rows: Markup[] = [];
    for (let line = at; line <= end; line += 1) {
      const costs = instruction !== undefined && line === at && costsView(instruction, measurement);
      rows.push(lineView(line, shown[line - 1] ?? "", findings.get(line) ?? [], instruction, costs));
    }
    blocks.push(instruction === undefined ? html`${rows}` : instructionView(instruction, rows));
    at = end + 1;
  }
  return html`<div class="source">
      ${blocks}
      ${lines.length > shown.length && html`<p class="more">and ${showNumber(lines.length - shown.length)} more lines</p>`}
    </div>
    ${elsewhere(measurement, shown.length)}`;
}

/** As editors count them: a final line feed opens no other line. */
function linesOfText(text: string): string[] {
  const lines = text.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  if (lines.length > 1 && lines.at(-1) === "") lines.pop();
  return lines;
}

function findingsByLine(
  findings: readonly MeasuredFinding[],
): ReadonlyMap<number, readonly MeasuredFinding[]> {
  const byLine = new Map<number, MeasuredFinding[]>();
  for (const finding of findings) {
    if (finding.target !== "dockerfile") continue;
    const { line } = finding.range.start;
    const there = byLine.get(line);
    if (there === undefined) byLine.set(line, [finding]);
    else there.push(finding);
  }
  return byLine;
}

function lineView(
  number: number,
  line: string,
  findings: readonly MeasuredFinding[],
  instruction: MeasuredInstruction | undefined,
  costs: Markup | false,
): Markup {
  const marks: Mark[] = findings.slice(0, MOST_AT_A_LINE).map(({ range: { start, end }, severity }) => {
    const to = end.line === start.line ? end.column - 1 : line.length;
    return { from: start.column - 1, to: Math.max(to, start.column), name: `mark ${severity}` };
  });
  const start = instruction?.range.start;
  if (instruction !== undefined && start?.line === number) {
    const from = start.column - 1;
    marks.push({ from, to: from + instruction.keyword.length, name: "keyword" });
  }
  if (instruction === undefined && line.trimStart().startsWith("#")) {
    marks.push({ from: 0, to: line.length, name: "comment" });
  }
  const more = findings.length - MOST_AT_A_LINE;
  return html`<div class="line">
      <span class="number">${number}</span><code>${markedLine(line, marks)}</code>${costs}
    </div>
    ${findings.slice(0, MOST_AT_A_LINE).map((finding) => findingView(finding))}
    ${more > 0 && html`<p class="finding">and ${showNumber(more)} more findings at this line</p>`}`;
}

function instructionView({ index, reachable }: MeasuredInstruction, rows: readonly Markup[]): Markup {
  const name = reachable ? "instruction" : "instruction unbuilt";
  return html`<div class="${name}" id="i${index}" data-link="${index}">${rows}</div>`;
}

/** What an instruction costs, beside its first line. */
function costsView(instruction: MeasuredInstruction, measurement: Measurement): Markup {
  const { index, keyword, step, hides, reachable, shipped } = instruction;
  const { layer, bytes } = layersOf(instruction, measurement);
  const fate = keyword !== "FROM" || shipped ? undefined : reachable ? "left behind" : "not built";
  return html`<span class="costs"
    >${hides > 0 && html`<span class="hides">hides ${showBytes(hides)}</span>`}
    ${layer !== undefined && html`<a class="bytes" href="#layer-${layer}">${showBytes(bytes)}</a>`}
    ${fate !== undefined && html`<span class="stage">${fate}</span>`}
    ${step !== undefined && html`<a class="time" href="#step-${index}">${step.cached ? "cached" : showSeconds(step.seconds)}</a>`}
  </span>`;
}

/** The topmost of the layers that an instruction brought, and their bytes: of the FROM at the bottom the base image's. */
function layersOf(
  instruction: MeasuredInstruction,
  measurement: Measurement,
): { layer: number | undefined; bytes: number } {
  const { base } = measurement.image;
  const own = instruction.layers.at(-1);
  const lowest = measurement.layers[0];
  if (base.layers === 0 || lowest === undefined || instructionOf(lowest, measurement) !== instruction) {
    return { layer: own, bytes: instruction.bytes };
  }
  return own === undefined
    ? { layer: base.layers - 1, bytes: base.bytes }
    : { layer: own, bytes: instruction.bytes + base.bytes };
}

/** Findings that have no line on the page: of the ignore file, and of lines that were cut. */
function elsewhere({ findings }: Measurement, shownLines: number): Markup {
  const others = findings.filter(
    ({ target, range }, at) =>
      target !== "dockerfile" || range.start.line > shownLines || at >= MOST_FINDINGS,
  );
  const more = others.length - MOST_AT_A_LINE;
  if (others.length === 0) return html``;
  return html`<div class="elsewhere">
    ${others.slice(0, MOST_AT_A_LINE).map((finding) => findingView(finding, true))}
    ${more > 0 && html`<p class="finding">and ${showNumber(more)} more findings</p>`}
  </div>`;
}
